"""Workbooks as the bank's core would export them, made of the synthetic province."""
