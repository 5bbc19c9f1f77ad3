"""Reads of the loans room."""
