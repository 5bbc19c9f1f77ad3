"""Demand: who asked for credit in a survey, who of them qualifies, who got a loan.

Owns: the work of the survey of needs, access to credit by commune and programme (II.3.i), the pages of both.
Not: households and the kept rows of surveys and needs (households), what a programme demands (programmes), loans (loans).
"""
