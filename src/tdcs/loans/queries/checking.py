"""Who checked the applications from which loans came: the credit officer of a loan."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from tdcs.loans.queries.columns import copied

_CHECKED: Final = """
    SELECT l.id, c.by_id
      FROM (SELECT DISTINCT ON (application_id) application_id, by_id FROM loans_applicationmove
             WHERE verb = 'check' AND "on" <= %(day)s ORDER BY application_id, id DESC) c
      JOIN loans_loan l ON l.application_id = c.application_id
     WHERE c.by_id IS NOT NULL
"""


def checked_by(day: date) -> pl.DataFrame:
    """loan, officer: who checked its application last, by the end of a day; a loan without an application has nobody."""
    return copied(_CHECKED, {"day": day}, ("loan", "officer"))
