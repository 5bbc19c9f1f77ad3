"""Indicators: what the book says of the plan's targets, by unit and by day.

Owns: dated definitions of indicators, their values with numerator and denominator, targets and how far they are met.
Not: snapshots (closing), the plan's text (plans), forecasts to 2030 (forecasting).
"""
