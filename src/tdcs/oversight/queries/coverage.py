"""The coverage of the year as pages show it: by body and duty, by unit and commune, and the rows behind a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
from django.utils.translation import get_language

from tdcs.access.models import User
from tdcs.core.columns import day_of_number
from tdcs.entrustment.queries.groups import faces_of
from tdcs.households.queries.scope import area_names
from tdcs.loans.models import Loan
from tdcs.organisations.queries import names_on
from tdcs.oversight.queries.book import book_of, done_by
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.coverage import (
    DUE,
    MARKS,
    MISSED,
    Duty,
    coverage,
    duties_on,
    marked,
    span_of,
)
from tdcs.oversight.rules.settings import Body

FIGURES: Final = ("total", "needed", *MARKS)
# So many rows of a list are shown.
SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A line of coverage: of a body and duty, or of a unit and commune."""

    name: str
    place: str
    key: str
    total: int
    needed: int
    done: int
    late: int
    due: int
    missed: int
    bound: bool = True

    @property
    def visited(self) -> int:
        """Inspected, in time or late."""
        return self.done + self.late


@dataclass(frozen=True, slots=True)
class BodyLines:
    """A kind of body with its duties."""

    code: str
    name: str
    bound: bool
    lines: list[CoverageLine]


def year_coverage(user: User, on: date) -> pl.DataFrame:
    """Coverage of the running year in a person's scope."""
    span = span_of(on.year, on)
    bodies = settings.bodies()
    done = {body["code"]: done_by(body["code"], span) for body in bodies}
    return coverage(book_of(user, on), done, duties_on(on), bodies, span)


def by_body(found: pl.DataFrame, on: date) -> list[BodyLines]:
    """Sums of each kind of body and duty, in the order of the law's data."""
    sums = found.group_by("body", "duty").agg(pl.col(name).sum() for name in FIGURES)
    rows = {(row["body"], row["duty"]): row for row in sums.iter_rows(named=True)}
    nothing = dict.fromkeys(FIGURES, 0)
    return [
        BodyLines(
            body["code"],
            _words(body),
            body["bound"],
            [
                _line(
                    _duty_words(duty),
                    "",
                    duty.code,
                    rows.get((body["code"], duty.code), nothing),
                    bound=body["bound"],
                )
                for duty in duties_on(on)
            ],
        )
        for body in settings.bodies()
    ]


def by_unit(found: pl.DataFrame, body: str, duty: str, on: date) -> list[CoverageLine]:
    """A body's duty by unit and commune: what is missed most first."""
    rows = found.filter((pl.col("body") == body) & (pl.col("duty") == duty))
    rows = rows.sort("missed", "due", "total", descending=True)
    units = names_on(on, rows["unit"].to_list()) if body_of(body)["of"] != "commune" else {}
    communes = area_names(set(rows["commune"].to_list()), on)
    return [
        _line(
            units.get(row["unit"], ""),
            communes.get(row["commune"], ""),
            f"{row['unit']}-{row['commune']}",
            row,
            bound=body_of(body)["bound"],
        )
        for row in rows.iter_rows(named=True)
    ]


@dataclass(frozen=True, slots=True)
class Open:
    """A loan or group that a duty still asks for."""

    loan: Loan | None
    group: int
    group_code: str
    group_name: str
    commune: str
    by_day: date
    mark: str


def open_rows(user: User, body: str, duty: str, on: date, *, commune: int = 0) -> list[Open]:
    """What a duty of a body still asks for, the first due first; at most SHOWN."""
    span = span_of(on.year, on)
    book, kind, wanted = book_of(user, on), body_of(body), duty_of(duty, on)
    rows = marked(book.loans, book.groups, done_by(body, span), wanted, span, kind["of"])
    rows = rows.filter(pl.col("mark").is_in([DUE, MISSED]))
    if commune:
        rows = rows.filter(pl.col("commune") == commune)
    rows = rows.sort("by_day", "group", "loan").head(SHOWN)
    loans = Loan.objects.select_related("borrower", "group").in_bulk(rows["loan"].to_list())
    groups = [key for key in set(rows["group"].to_list()) if key]
    faces = faces_of(groups, on)
    codes = {loan.group_id: loan.group.code for loan in loans.values() if loan.group}
    communes = area_names(set(rows["commune"].to_list()), on)
    return [
        Open(
            loans.get(row["loan"]),
            row["group"],
            codes.get(row["group"], ""),
            faces[row["group"]].name if row["group"] in faces else "",
            communes.get(row["commune"], ""),
            day_of_number(row["by_day"]),
            row["mark"],
        )
        for row in rows.iter_rows(named=True)
    ]


def body_of(code: str) -> Body:
    """A kind of body by its code, or the first."""
    bodies = settings.bodies()
    return next((body for body in bodies if body["code"] == code), bodies[0])


def duty_of(code: str, on: date) -> Duty:
    """A duty by its code, or the first."""
    duties = duties_on(on)
    return next((duty for duty in duties if duty.code == code), duties[0])


def body_choices() -> list[tuple[str, str]]:
    """Kinds of bodies for a filter."""
    return [(body["code"], _words(body)) for body in settings.bodies()]


def duty_choices(on: date) -> list[tuple[str, str]]:
    """Duties for a filter."""
    return [(duty.code, _duty_words(duty)) for duty in duties_on(on)]


def _words(body: Body) -> str:
    return said_of(body["vi"], body["en"])


def _duty_words(duty: Duty) -> str:
    return said_of(duty.vi, duty.en)


def said_of(vi: str, en: str) -> str:
    """The words in the reader's language."""
    return en if (get_language() or "vi").startswith("en") else vi


def _line(name: str, place: str, key: str, row: dict[str, int], *, bound: bool) -> CoverageLine:
    return CoverageLine(
        name=name,
        place=place,
        key=key,
        total=row["total"],
        needed=row["needed"],
        done=row["done"],
        late=row["late"],
        due=row["due"],
        missed=row["missed"],
        bound=bound,
    )
