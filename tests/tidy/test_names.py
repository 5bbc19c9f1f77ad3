"""Names that were private to their writers stay away: a newcomer guesses what a name means (docs/decisions)."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from parsed import nodes_of

REPO = Path(__file__).resolve().parents[2]
SOURCES = [
    file for file in sorted((REPO / "src/tdcs").rglob("*.py")) if "migrations" not in file.parts
]
# What was renamed, and to what: a function, class, method or module of the old name is a step back.
BANNED = {
    "again": "reclose",
    "above": "ports",
    "aims": "target_rows",
    "alone": "close_lock",
    "answering": "http, requested",
    "answers": "providers",
    "answers_ending": "providers_ending",
    "answers_groups": "providers_groups",
    "answers_households": "providers_households",
    "answers_merging": "providers_merging",
    "asking": "query_spec, snapshot_sql",
    "astray": "unmatched_loans",
    "beside": "other_sources",
    "booked": "reclassify_lines",
    "brought": "restate",
    "cold": "is_frozen",
    "earn": "accrue_day",
    "fallen": "due_to_date",
    "hand_down": "register",
    "heirs": "successors",
    "ice": "freezes",
    "judge": "require_cash, validate_event",
    "keeping": "frame_files, stored",
    "lives": "history",
    "once": "idempotent",
    "once_many": "idempotent_many",
    "planned": "snapshot_plan",
    "rail": "sidebar",
    "read_asked": "read_request_params",
    "rolled": "roll_forward",
    "seen_events": "event_watermark",
    "settling": "close_postings",
    "stand": "split_balance",
    "standings": "balances_on",
    "standing_on": "fixed_today",
    "stepping": "close_step",
    "taking": "locking",
    "tell": "report_progress, loan_timeline",
    "thin": "prune",
    "told": "restated, day_words",
    "Asked": "RequestContent",
    "Face": "GroupSummary, HouseholdSummary",
    "Filters": "ApplicationFilters, ChangeFilters, GroupFilters, HouseholdFilters, LoanFilters, MatrixFilters",
    "Line": "ApplicationLine, LoanLine, PovertyLine, PrintedLine, TextLine, WaitingLine",
    "Standing": "LoanBalance",
    "Till": "CollectionForm",
    "Told": "TimelineRow",
}


def _read(file: Path) -> set[str]:
    """Names of the module and of the functions, methods and classes it defines, the private ones too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    named = (node.name for node in nodes_of(file) if isinstance(node, kinds))
    return {file.stem, *(name.lstrip("_") for name in named)}


@cache
def _defined() -> dict[Path, set[str]]:
    """By file. Not while tests are collected: every process collects them."""
    return {file: _read(file) for file in SOURCES}


ROOMS = {file.parent.name for file in SOURCES}


@pytest.mark.parametrize("name", sorted(BANNED))
def test_no_module_function_or_class_has_a_private_name(name: str) -> None:
    found = [str(file.relative_to(REPO)) for file in SOURCES if name in _defined()[file]]
    assert found == [], f"{name} is called {BANNED[name]} here"


def test_the_names_that_took_their_place_are_there() -> None:
    defined = ROOMS.union(*_defined().values())
    expected = {word for words in BANNED.values() for word in words.split(", ")}
    # A column, not a function.
    assert expected - defined <= {"is_frozen"}
