"""Areas and organisations by effective date.

Owns: areas, organisations, their dated profiles, lineage, the catalogue of unit types and classes.
Not: people and permissions (access), what a unit owes (plans).
"""
