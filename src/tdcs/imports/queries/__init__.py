"""Reads of the register of imports."""
