"""Dated values: what a law or a circular sets, from a day to a day, beside its basis.

A lookup before the first date, after the end or in a gap raises; it never answers zero.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NotRequired, TypedDict, TypeVar, cast

from tdcs.core.errors import NoParametersOnDay

# A value as a file of law/parameters writes it.
DatedRow = TypedDict(
    "DatedRow",
    {
        "from": date,
        "to": NotRequired[date | None],
        "ppm": NotRequired[int],
        "multiple": NotRequired[int],
        "value": NotRequired[int],
        "months": NotRequired[int],
        "unit": NotRequired[str],
        "document": str,
        "article": NotRequired[str],
        "source": str,
        "certainty": str,
        "reach": NotRequired[str],
        "overdue": NotRequired[bool],
        "no_article": NotRequired[str],
        "binding": NotRequired[bool],
    },
)

_Row = TypeVar("_Row", bound=Mapping[str, object])


def row_on(rows: Iterable[_Row], day: date, name: str) -> _Row:
    """Of rows that hold from their ``from`` on until the next: the one of a day. Raises NoParametersOnDay, naming ``name``."""
    there = [row for row in rows if cast(date, row["from"]) <= day]
    if not there:
        raise NoParametersOnDay(name=name, day=f"{day:%d/%m/%Y}")
    return max(there, key=lambda row: cast(date, row["from"]))


# How sure a value is: its text was read; a public page says it; only the bank's practice does; nobody has checked it.
LAW_TEXT, PUBLIC_PAGE, PRACTICE, UNVERIFIED = "law text", "public page", "practice", "unverified"
CERTAINTIES: Final = (LAW_TEXT, PUBLIC_PAGE, PRACTICE, UNVERIFIED)
# Which loans a value reaches: contracts signed from its day, loans outstanding on its day, or both.
NEW, RUNNING, BOTH = "new", "running", "both"
REACHES: Final = (NEW, RUNNING, BOTH)


@dataclass(frozen=True, slots=True)
class Value:
    """One value from a day up to, not including, another; ``multiple`` is percent of a base where the law says so.

    ``certainty`` is one of CERTAINTIES, ``source`` the name of where it was read. ``reach`` is one of REACHES; ``overdue``:
    whether overdue principal of running loans follows (None: as ``overdue_follows_running_rate`` says). ``no_article``: why
    no article is given. ``binding``: false for a past limit that was learnt afterwards, which makes no old contract void.
    """

    starts_on: date
    ends_on: date | None
    amount: int
    unit: str
    multiple: int | None
    document: str
    article: str
    source: str
    certainty: str
    reach: str = NEW
    overdue: bool | None = None
    no_article: str = ""
    binding: bool = True

    @property
    def basis(self) -> str:
        """Document and article, as screens and letters print them."""
        return f"{self.document}, {self.article}" if self.article else self.document

    def holds_on(self, day: date) -> bool:
        """Whether the value is in force on ``day``."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    @property
    def reaches_running(self) -> bool:
        """Whether loans that run on its first day follow it."""
        return self.reach in (RUNNING, BOTH)

    @property
    def verified(self) -> bool:
        """Whether anything but hearsay stands behind it."""
        return self.certainty != UNVERIFIED

    @property
    def limits_contracts(self) -> bool:
        """Whether a contract beyond it is refused: hearsay, and what was learnt afterwards, make no contract void."""
        return self.verified and self.binding


class Parameter:
    """The values of one figure over time, in order."""

    def __init__(self, name: str, values: Iterable[Value]) -> None:
        self.name = name
        self.values: Sequence[Value] = sorted(values, key=lambda value: value.starts_on)

    @cached_property
    def _starts(self) -> list[date]:
        return [value.starts_on for value in self.values]

    def find(self, day: date) -> Value | None:
        """The value of a day, or None."""
        at = bisect_right(self._starts, day) - 1
        return self.values[at] if at >= 0 and self.values[at].holds_on(day) else None

    def on(self, day: date) -> Value:
        """The value of a day. Raises NoParametersOnDay."""
        found = self.find(day)
        if found is None:
            raise NoParametersOnDay(name=self.name, day=day)
        return found

    def faults(self) -> list[str]:
        """Overlaps, empty periods and gaps between values."""
        told = []
        for before, after in zip(self.values, self.values[1:], strict=False):
            if before.ends_on is None or before.ends_on > after.starts_on:
                told.append(f"{self.name}: chồng thời gian từ {after.starts_on}")
            elif before.ends_on < after.starts_on:
                told.append(f"{self.name}: hở từ {before.ends_on} đến {after.starts_on}")
        told += [
            f"{self.name}: kỳ rỗng từ {value.starts_on}"
            for value in self.values
            if value.ends_on is not None and value.ends_on <= value.starts_on
        ]
        return told


def digest(values: Iterable[tuple[str, Value | None]]) -> str:
    """SHA-256 of the values that a decision used, by name; stored beside the decision."""
    content: list[list[str | int | None]] = [
        [name, value.amount, value.starts_on.isoformat(), value.document] if value else [name, None]
        for name, value in values
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def read_value(row: DatedRow, amount: int, unit: str) -> Value:
    """A value from a row of law/parameters. KeyError names what the row lacks."""
    return Value(
        starts_on=row["from"],
        ends_on=row.get("to"),
        amount=amount,
        unit=unit,
        multiple=row.get("multiple"),
        document=row["document"],
        article=row.get("article", ""),
        source=row["source"],
        certainty=row["certainty"],
        reach=row.get("reach", NEW),
        overdue=row.get("overdue"),
        no_article=row.get("no_article", ""),
        binding=row.get("binding", True),
    )
