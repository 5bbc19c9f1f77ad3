"""Standard sheets: a closed day's loans, groups, capital and figures as the workbooks that offices live on, each one click.

Owns: which sheets there are (law/sheets.yaml), where their rows come from, for whom they are made. Not: what a figure is
(indicators, closing), the workbook itself (documents/workbook.py), tables that leave from their own page (`sheet` of http).
"""
