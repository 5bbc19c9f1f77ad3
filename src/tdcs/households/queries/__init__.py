"""Reads of households: scope, lists, stories, reviews, needs."""
