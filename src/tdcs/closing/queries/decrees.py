"""What taking up a decree would do to the book: loans, interest a month before and after, days closed, interest to credit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final, TypeAlias

import narwhals as nw
import polars as pl

from tdcs.closing.errors_decrees import DecreeChangesNothing
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.queries.frames import contracts_of, loans_reached
from tdcs.core.columns import day_number
from tdcs.core.frames import Column, Frame
from tdcs.loans.queries.bringing import touched, under_law
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.rules.accrual import accrue, rounded, unit
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.decrees import Decrees, decrees_in_law

# So many loans at once: each piece well inside the memory of a small machine.
PIECE: Final = 25_000
# Interest "a month" is that of so many days on the balances of the day.
MONTH_DAYS: Final = 30
_FIGURES: Final = ("loans", "outstanding", "before", "after")


# Code or area, loans, outstanding, interest of 30 days before, after.
OfProgramme: TypeAlias = tuple[str, int, int, int, int]
OfCommune: TypeAlias = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Effects:
    """``programmes`` and ``communes``: [code or area, loans, outstanding, interest of 30 days before, after], of the loans
    that run on ``on`` and owe principal; ``excess``: interest collected above what is then due, of ``excess_loans``."""

    document: str
    first: date
    on: date
    loans: int
    outstanding: int
    before: int
    after: int
    programmes: list[OfProgramme]
    communes: list[OfCommune]
    closed_days: int
    closed_first: date | None
    closed_last: date | None
    excess_loans: int
    excess: int

    def as_json(self) -> dict[str, object]:
        """As the application keeps it: days as text."""
        found = asdict(self)
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in found.items()
        }


def first_day(document: str) -> date:
    """The first day on which the text changes running loans. Raises DecreeChangesNothing."""
    found = decrees_in_law().get(document)
    if found is None:
        raise DecreeChangesNothing(document=document)
    return found


def with_decree(decrees: Decrees, document: str, on: date) -> Decrees:
    """``decrees`` and one more, taken up on a day."""
    others = {pair for pair in decrees.taken_up if pair[0] != document}
    return Decrees(frozenset({*others, (document, day_number(on))}))


def without_decree(decrees: Decrees, document: str) -> Decrees:
    """``decrees`` but one."""
    return Decrees(frozenset(pair for pair in decrees.taken_up if pair[0] != document))


def foresee(document: str, on: date) -> Effects:
    """What the book's taking up the decree on ``on`` would do; nothing is written. Raises DecreeChangesNothing."""
    first = first_day(document)
    old = without_decree(decrees_taken_up(), document)
    new = with_decree(old, document, on)
    parts = [
        _piece(loans, max(on, first), old, new) for loans in pieces(loans_reached(first, old, new))
    ]
    rows: pl.DataFrame = pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA)
    if not len(rows) and first <= on:
        raise DecreeChangesNothing(document=document)
    running = rows.filter(pl.col("outstanding") > 0)
    sums = running.select(_FIGURES).sum().row(0) if len(running) else (0, 0, 0, 0)
    days = closed_days(first)
    loans, outstanding, before, after = sums
    return Effects(
        document=document,
        first=first,
        on=on,
        loans=loans,
        outstanding=outstanding,
        before=before,
        after=after,
        programmes=_by(running, "programme").rows(),
        communes=_by(running, "commune").rows(),
        closed_days=len(days),
        closed_first=days[0] if days else None,
        closed_last=days[-1] if days else None,
        excess_loans=int((rows["excess"] > 0).sum()),
        excess=int(rows["excess"].sum()),
    )


_SCHEMA: Final = {
    "loan": pl.Int64,
    "programme": pl.String,
    "commune": pl.Int64,
    **dict.fromkeys(_FIGURES, pl.Int64),
    "excess": pl.Int64,
}


def pieces(loans: Sequence[int]) -> Iterator[Sequence[int]]:
    """Keys in their order, PIECE at a time."""
    for at in range(0, len(loans), PIECE):
        yield loans[at : at + PIECE]


def closed_days(first: date) -> list[date]:
    """The kept days from ``first`` on whose close was finished."""
    done = CloseRun.objects.filter(state=CloseRun.State.DONE, day__gte=first)
    known = set(done.values_list("day", flat=True))
    return [day for day in store().days() if day in known]


def _piece(loans: Sequence[int], day: date, old: Decrees, new: Decrees) -> pl.DataFrame:
    """_SCHEMA of some loans on a day."""
    before, after = before_and_after(loans, day, old, new)
    places = contracts_of(loans, day).select("commune", id="loan")
    found = (
        before.select("id", "programme", outstanding="balance", before=_month(before))
        .join(after.select("id", "due", after=_month(after)), on="id", how="left")
        .join(places, on="id", how="left")
    )
    frame: pl.DataFrame = found.to_native()
    return frame.select(
        loan="id",
        programme="programme",
        commune=pl.col("commune").fill_null(0),
        loans=pl.lit(1, dtype=pl.Int64),
        outstanding="outstanding",
        before="before",
        after="after",
        excess=pl.max_horizontal(-pl.col("due"), 0),
    )


def before_and_after(
    loans: Sequence[int], day: date, old: Decrees, new: Decrees
) -> tuple[Frame, Frame]:
    """The loans rolled forward to a day, under one law and under the other; the book's own is one of the two."""
    rows, held = loan_rows(loans), decrees_taken_up().codes
    first = min(day_number(first_day(code)) for code, _ in new.taken_up - old.taken_up)
    stale = rows.filter(touched(first))
    fresh = rows.join(stale.select("id"), on="id", how="anti")

    def under(law: Decrees) -> Frame:
        if not len(stale) or law.codes == held:
            return roll_forward(rows, day, law)
        return roll_forward(nw.concat([fresh, under_law(stale, law)]).sort("id"), day, law)

    return under(old), under(new)


def _month(loans: Frame) -> Column:
    """Interest of MONTH_DAYS on the balances of the day, rounded loan by loan."""
    col = nw.col
    held_in = unit(col("contract_day"))
    own = loans["overdue_base"] * loans["overdue_percent"]
    staged = loans.select("id", "balance", "overdue", "frozen", "rate", "contract_day")
    staged = staged.with_columns(overdue_rate=own, days=nw.lit(MONTH_DAYS, dtype=nw.Int64))
    accrued = accrue(staged, held_in)
    return accrued.select(_month=rounded(col("whole"), col("rest"), held_in))["_month"]


def _by(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    sums = rows.group_by(key).agg(pl.col(name).sum() for name in _FIGURES)
    return sums.sort("outstanding", key, descending=[True, False])
