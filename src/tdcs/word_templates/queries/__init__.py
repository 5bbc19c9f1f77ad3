"""Reads of Word templates: the templates, the records that a person may fill them from, the values of a record."""
