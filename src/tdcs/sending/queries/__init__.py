"""Schedules, messages, and what became of them."""
