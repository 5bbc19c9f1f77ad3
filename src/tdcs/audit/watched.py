"""Which tables carry a version, and of which the database also counts the changes of each group and loan (migration 0119).

An area is a table ("loans_loan"), the rows of one group or loan in it ("loans_loan/group-17", "loans_loan/loan-239"), or a
change of so many rows at once that none was named ("loans_loan/*"): a page of one group or loan follows the last two.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from django.apps import apps

# Table → what a part is of → its keys among changed rows; ``{rows}`` are the rows as they were and as they are. Whoever changes
# this writes a migration that drops the triggers audit_changed… of the table: they are made anew after it.
_BY_GROUP: Final = {"group": "SELECT c.group_id FROM {rows} c"}
_OF_LOAN: Final = {
    "group": "SELECT l.group_id FROM {rows} c JOIN loans_loan l ON l.id = c.loan_id",
    "loan": "SELECT c.loan_id FROM {rows} c",
}
PARTS: Final[dict[str, dict[str, str]]] = {
    "entrustment_savingsgroup": {"group": "SELECT c.id FROM {rows} c"},
    "entrustment_groupprofile": _BY_GROUP,
    "entrustment_groupmember": _BY_GROUP,
    "entrustment_boardmember": _BY_GROUP,
    "entrustment_grouprating": _BY_GROUP,
    "loans_loan": {**_BY_GROUP, "loan": "SELECT c.id FROM {rows} c"},
    "loans_loanevent": _OF_LOAN,
    "loans_instalment": _OF_LOAN,
    # A household's savings stand on the sheet of every group through which it has a loan.
    "entrustment_savingsaccount": {
        "group": "SELECT c.group_id FROM {rows} c"
        " UNION SELECT l.group_id FROM {rows} c JOIN loans_loan l ON l.household_id = c.household_id",
    },
}
# Table → by what its rows are chosen and put in order: while none of these changes, and no row comes or goes, a list holds the
# same rows ("loans_loan/set" tells), and what it shows of them follows from the rows alone.
CHOSEN_BY: Final[dict[str, tuple[str, ...]]] = {
    "loans_loan": (
        "number",
        "household_id",
        "borrower_id",
        "group_id",
        "office_id",
        "source_id",
        "programme",
        "state",
        "balance > 0",
    ),
}
_FUNDS: Final = frozenset({"capital_fund", "capital_fundlent"})
# Function of the database → the tables that it reads without its caller naming them.
READ_BY: Final[dict[str, frozenset[str]]] = {
    "loans_event_counts": frozenset({"loans_loanevent"}),
    "loans_position_on": frozenset({"loans_loan", "loans_instalment"}),
    "ledger_cash_low": frozenset({"ledger_cashday"}),
    # Called by triggers alone.
    "capital_judge": _FUNDS,
    "capital_take_in": _FUNDS,
    "loans_lend": _FUNDS,
}
# A statement that changes more rows, or more parts, names none of them.
MOST_ROWS: Final = 200
MOST_PARTS: Final = 150
# A change of these fields alone is no news to any page.
ONLY_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    # A sign-in only sets last_login.
    "access_user": ("username", "full_name", "email", "phone", "is_active", "by_mail", "password"),
}
# The trail itself, what serves the versions, and kept pages: pages that read them are made anew each time.
_UNWATCHED: Final = ("audit", "web")


@cache
def watched() -> frozenset[str]:
    """Every table of the rooms but the trail's own."""
    return frozenset(
        table
        for label, table in _tables()
        if apps.get_app_config(label).name.startswith("tdcs.") and label not in _UNWATCHED
    )


@cache
def every_table() -> frozenset[str]:
    """Every table that a query may name."""
    return frozenset(table for _, table in _tables())


def _tables() -> Iterator[tuple[str, str]]:
    for model in apps.get_models(include_auto_created=True):
        yield model._meta.app_label, model._meta.db_table
