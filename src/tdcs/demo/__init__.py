"""The synthetic province: accounts, progress, reports over three years, reproducible by seed.

Owns: invented business on real units. Not: anything a production needs.
"""
