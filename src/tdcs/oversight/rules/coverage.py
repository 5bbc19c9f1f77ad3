"""Coverage duties over the book: which loans and groups had to be inspected by when, and which were.

A day is a whole number (core/columns.py). The book is a frame of loans, a row for each; what a body inspected is a frame of
its first and last day at each loan and group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from tdcs.core.basis import basis, without_basis
from tdcs.core.columns import add_months, day_number
from tdcs.oversight.rules import settings
from tdcs.oversight.rules.settings import Body
from tdcs.programmes.rules.shared import shared

# The columns of the book; `moved`: the day of the last transaction, 0 for none; `silent`: from this day on without a
# transaction for as long as the law says, 0 while it is not.
BOOK: Final = (
    "loan", "group", "mass", "office", "commune", "disbursed", "balance", "moved", "silent", "difficult", "burdened",
)  # fmt: skip
# Of a group, the same places.
GROUPS: Final = ("group", "mass", "office", "commune")
# The first day on which a body inspected a loan, or a group, and the last that lies in the year.
VISITS: Final = ("loan", "first", "last")
GROUP_VISITS: Final = ("group", "first", "last")

DONE, LATE, DUE, MISSED = "done", "late", "due", "missed"
MARKS: Final = (DONE, LATE, DUE, MISSED)
_ROW: Final = ("loan", "group", "unit", "commune", "by_day", "mark")


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty as it holds in a year: percent (and in difficult areas), days after disbursement."""

    code: str
    unit: str
    form: str
    percent: int
    difficult_percent: int
    within_days: int
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Span:
    """The year that is judged, and the day on which it is."""

    first: int
    last: int
    on: int


@dataclass(frozen=True, slots=True)
class Done:
    """What one kind of body inspected: at loans (VISITS) and at groups (GROUP_VISITS)."""

    loans: pl.DataFrame
    groups: pl.DataFrame


@without_basis("năm dương lịch là kỳ của chương trình kiểm tra")
def span_of(year: int, on: date) -> Span:
    """A calendar year as seen on a day. 2026 on 23/11/2026 begins on 1/1, ends on 31/12, and is judged on 23/11."""
    last = date(year, 12, 31)
    return Span(day_number(date(year, 1, 1)), day_number(last), day_number(on))


@basis("HD-727-2026")
def duties_on(day: date) -> list[Duty]:
    """The duties with their figures of a day. Raises NoParametersOnDay before there are any."""
    days = shared("inspection_days_after_disbursement").on(day).amount
    found = []
    for row in settings.duties():
        percent = shared(row["share"]).on(day).amount
        difficult = shared(row["difficult"]).on(day).amount if "difficult" in row else percent
        found.append(
            Duty(
                row["code"],
                row["unit"],
                row["form"],
                percent,
                difficult,
                days,
                row["vi"],
                row["en"],
            )
        )
    return found


@basis("HD-727-2026")
def inspected_by(disbursed: date) -> date:
    """The day by which the use of a new loan is inspected, by the law of its disbursement. 3/11/2026: 3/12/2026."""
    return disbursed + timedelta(shared("inspection_days_after_disbursement").on(disbursed).amount)


@basis("HD-727-2026")
def with_silence(book: pl.DataFrame, on: date, day: int) -> pl.DataFrame:
    """``book`` with ``silent``: the first day on which the last transaction is older than the same day so many months before.

    Last transaction 15/8, three months: silent from 16/11. Loans without balance and those that are ``burdened`` (frozen, or
    silent by their programme's nature) never are.
    """
    import narwhals as nw

    months = shared("inactive_months").on(on).amount
    staged = add_months(nw.from_native(book, eager_only=True), "_after", nw.col("moved"), months)
    rows: pl.DataFrame = staged.to_native()
    silent = pl.col("_after") + 1
    counts = (pl.col("balance") > 0) & ~pl.col("burdened") & (pl.col("moved") > 0) & (silent <= day)
    return rows.with_columns(silent=pl.when(counts).then(silent).otherwise(0)).drop("_after")


@basis("HD-727-2026")
def marked(
    book: pl.DataFrame, groups: pl.DataFrame, done: Done, duty: Duty, span: Span, of: str
) -> pl.DataFrame:
    """The rows that a duty reaches (loan, group, unit, commune, by_day, mark); ``of``: the column of the body's unit.

    New loans: those of the year, by so many days after the disbursement; a later inspection is late. Inactive loans: those
    that are silent, inspected since then and in the year. Groups: in the year. Loans of earlier years: with a balance, of
    groups, in the year. What is open on its last day is due, after it missed.
    """
    if duty.unit == "group":
        rows = groups.with_columns(loan=pl.lit(0, pl.Int64), by_day=pl.lit(span.last, pl.Int64))
        rows = rows.join(done.groups, on="group", how="left").with_columns(since=span.first)
    else:
        rows = _loans_of(book, duty, span).join(done.loans, on="loan", how="left")
    rows = rows.filter(pl.col(of) > 0).rename({of: "unit"} if of != "commune" else {})
    if of == "commune":
        rows = rows.with_columns(unit=pl.col("commune"))
    # Whether an inspection was late is a question of new loans only: the others have the whole year.
    timed = duty.code == "new_loans"
    seen = pl.col("first" if timed else "last").fill_null(-1) >= pl.col("since")
    late = pl.lit(timed) & (pl.col("first") > pl.col("by_day"))
    open_mark = pl.when(pl.col("by_day") >= span.on).then(pl.lit(DUE)).otherwise(pl.lit(MISSED))
    mark = (
        pl.when(seen & late).then(pl.lit(LATE)).when(seen).then(pl.lit(DONE)).otherwise(open_mark)
    )
    return rows.with_columns(mark=mark).select(_ROW)


def _loans_of(book: pl.DataFrame, duty: Duty, span: Span) -> pl.DataFrame:
    """Loans that a duty reaches, with ``by_day`` and ``since`` (an inspection before it does not count)."""
    col = pl.col
    if duty.code == "new_loans":
        new = (col("disbursed") >= span.first) & (col("disbursed") <= span.last)
        return book.filter(new).with_columns(
            by_day=col("disbursed") + duty.within_days, since=col("disbursed")
        )
    year = pl.lit(span.last, pl.Int64)
    if duty.code == "inactive_loans":
        silent = book.filter(col("silent") > 0)
        return silent.with_columns(
            by_day=year, since=pl.max_horizontal("silent", pl.lit(span.first))
        )
    old = (col("disbursed") < span.first) & (col("balance") > 0) & (col("group") > 0)
    return book.filter(old).with_columns(by_day=year, since=pl.lit(span.first, pl.Int64))


@basis("HD-727-2026")
def counted(
    rows: pl.DataFrame, duty: Duty, difficult: Sequence[int], *, bound: bool
) -> pl.DataFrame:
    """Sums of ``marked`` by unit and commune: total, needed, done, late, due, missed.

    Needed is the share of the total, rounded up: of each group for the loans of earlier years, in difficult communes by their
    own share. 10 loans of a group at 90%: 9; at 75%: 8. Due and missed count only what is still needed. A body that is not
    bound needs nothing.
    """
    col = pl.col
    share = (
        pl.when(col("commune").is_in(list(difficult)))
        .then(duty.difficult_percent)
        .otherwise(duty.percent)
    )
    keys = ["unit", "commune", "group"] if duty.code == "old_loans" else ["unit", "commune"]
    sums = rows.group_by(keys).agg(
        total=pl.len().cast(pl.Int64),
        **{mark: (col("mark") == mark).sum().cast(pl.Int64) for mark in MARKS},
    )
    wanted = (col("total") * share + 99) // 100 if bound else pl.lit(0, pl.Int64)
    sums = sums.with_columns(needed=wanted)
    short = pl.max_horizontal(col("needed") - col("done") - col("late"), pl.lit(0))
    sums = sums.with_columns(missed=pl.min_horizontal("missed", short)) if bound else sums
    # What is late needs nothing more; what is missing is first what was missed, then what is still due.
    rest = pl.max_horizontal(short - col("missed"), pl.lit(0))
    sums = sums.with_columns(due=pl.min_horizontal("due", rest)) if bound else sums
    figures = ("total", "needed", *MARKS)
    whole = sums.group_by("unit", "commune").agg(col(name).sum() for name in figures)
    return whole.with_columns(duty=pl.lit(duty.code))


@dataclass(frozen=True, slots=True)
class Book:
    """The loans and groups of a day, and the communes that are difficult areas."""

    loans: pl.DataFrame
    groups: pl.DataFrame
    difficult: Sequence[int]


@basis("HD-727-2026")
def coverage(
    book: Book, done: dict[str, Done], duties: Sequence[Duty], bodies: Sequence[Body], span: Span
) -> pl.DataFrame:
    """Every duty of every body by unit and commune: body, unit, commune, duty, total, needed, done, late, due, missed."""
    parts = []
    for body in bodies:
        for duty in duties:
            rows = marked(book.loans, book.groups, done[body["code"]], duty, span, body["of"])
            sums = counted(rows, duty, book.difficult, bound=body["bound"])
            parts.append(sums.with_columns(body=pl.lit(body["code"])))
    columns = ("body", "unit", "commune", "duty", "total", "needed", *MARKS)
    return pl.concat([part.select(columns) for part in parts]).sort(columns[:4])
