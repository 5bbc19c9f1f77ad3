"""What the plan asks of every room that keeps records of work: which of them serve its tasks.

A room registers what its ``queries/evidence.py`` says, once, in its ``providers.py`` or ``apps.py``::

    plan_ports.evidence.register("oversight", evidence.kinds)

Rooms below the plan are asked by the plan itself (providers_evidence.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

import polars as pl
from django.db.models import Model, QuerySet
from django.urls import reverse

M = TypeVar("M", bound=Model)

# One row a record. ``unit``: who did it; ``address``: its page, "" without one; ``task``: the lineage of the one task that it
# names, "" when it serves every task for which its kind counts.
SCHEMA: Final = {
    "key": pl.Int64,
    "unit": pl.Int64,
    "day": pl.Date,
    "title": pl.String,
    "address": pl.String,
    "task": pl.String,
}


@dataclass(frozen=True, slots=True)
class RecordsAsked:
    """Records of [since, until), of some units or (None) of all."""

    since: date
    until: date
    units: frozenset[int] | None = None

    def of_units(self, rows: QuerySet[M], unit: str) -> QuerySet[M]:
        """Those of the rows that are of the units asked for; ``unit``: the field that names a row's unit."""
        return rows if self.units is None else rows.filter(**{f"{unit}__in": self.units})


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKind:
    """A kind of record.

    ``name``: what a row is ("Tin, bài trên báo, đài"); ``measure``: the word behind a number in a report ("tin, bài");
    ``page``, ``args``: the route of the screen on which such records are made and listed, opened by ``permission``.
    ``words``: phrases; a task that says one of them is proposed to the kind, and a person confirms (services/evidence_kinds.py).
    ``duties``: general duties of a plan (DutyKind) that it serves by itself.
    ``rows``: the records asked for, in the columns of SCHEMA (``frame``).
    """

    code: str
    name: str
    measure: str
    page: str
    permission: str
    rows: Callable[[RecordsAsked], pl.DataFrame]
    args: tuple[str | int, ...] = ()
    words: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Where such records are made and listed."""
        return reverse(self.page, args=self.args)


def frame(rows: Iterable[Sequence[Any]]) -> pl.DataFrame:
    """Records as columns: key, unit, day, title, address, and the task where one is named."""
    return pl.DataFrame([(*row, "")[:6] for row in rows], schema=SCHEMA, orient="row")


def addresses(route: str) -> Callable[[int], str]:
    """The page of a record by its key: the route is resolved once for a thousand rows."""
    mark = 2**53
    before, _, after = reverse(route, args=[mark]).partition(str(mark))
    return lambda key: f"{before}{key}{after}"


class EvidencePort:
    """Kinds of records of every room that has any; each room is asked anew, for a register may be added as data."""

    def __init__(self) -> None:
        self.provided: dict[str, Callable[[], Iterable[EvidenceKind]]] = {}

    def register(self, room: str, kinds: Callable[[], Iterable[EvidenceKind]]) -> None:
        """Set what a room keeps; called once when it starts."""
        self.provided[room] = kinds

    def kinds(self) -> dict[str, EvidenceKind]:
        """Every kind by its code. Raises ValueError when two rooms use one code."""
        found: dict[str, EvidenceKind] = {}
        for room in sorted(self.provided):
            for kind in self.provided[room]():
                if kind.code in found:
                    raise ValueError(f"two kinds of records are called {kind.code}")
                found[kind.code] = kind
        return found


evidence: Final = EvidencePort()
