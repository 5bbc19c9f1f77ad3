"""The append-only trail: who, what, on which business date, from where, why.

Owns: audit lines, their hash chain and its proof. Not: the decision to write a line (services, through core.trail).
"""
