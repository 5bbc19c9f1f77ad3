"""Every source of rows by the name that law/sheets.yaml gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from tdcs.sheets.queries import debts, figures, groups, people, plans, weeks
from tdcs.sheets.queries.book import Book
from tdcs.sheets.rules.definitions import Take

Source = Callable[[Book, Take], pl.DataFrame]

SOURCES: Final[Mapping[str, Source]] = {
    "loans": debts.loans,
    "due": debts.due,
    "due_next_month": debts.due_next_month,
    "overdue": debts.overdue,
    "frozen": debts.frozen,
    "silent": debts.silent,
    "interest": debts.interest,
    "students": debts.students,
    "disqualified": people.disqualified,
    "without_loan": people.without_loan,
    "groups": groups.groups,
    "by_union": groups.by_union,
    "by_programme": groups.by_programme,
    "funds": figures.funds,
    "fund_use": figures.fund_use,
    "plan_progress": plans.plan_progress,
    "board_figures": figures.board_figures,
    "board_parts": figures.board_parts,
    "transitions": figures.transitions,
    "rolls": figures.rolls,
    "movers": figures.movers,
    "compared": figures.compared,
    "week_planned": weeks.week_planned,
    "week_done": weeks.week_done,
}
