"""Rows become workbooks and data sets."""
