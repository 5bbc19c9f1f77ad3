"""Sessions of a week: what is planned for them, what they brought."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import polars as pl

from tdcs.indicators.queries import names
from tdcs.loans.models import LoanApplication
from tdcs.loans.states import ApplicationState
from tdcs.organisations.models import TransactionPointProfile, living_on
from tdcs.organisations.queries import names_on
from tdcs.sheets.queries.book import Book, named
from tdcs.sheets.rules.definitions import Take
from tdcs.transaction_points.models import GroupAtPoint, TransactionSession
from tdcs.transaction_points.queries.scope import visible_sessions
from tdcs.transaction_points.queries.sessions import point_names
from tdcs.transaction_points.queries.summary import figures_of
from tdcs.transaction_points.states import SessionState

_SCHEMA = {
    "held_on": pl.Date,
    "office": pl.Int64,
    "area": pl.Int64,
    "point_name": pl.String,
    "session_state": pl.String,
    **dict.fromkeys(
        (
            "groups", "loans", "principal_due", "interest_due", "overdue", "to_lend_count", "to_lend",
            "interest_done", "principal_done", "savings_done", "lent_done",
        ),
        pl.Int64,
    ),
}  # fmt: skip


def week_planned(book: Book, take: Take) -> pl.DataFrame:
    """The sessions of the week after the day: what is due at them as the closed day has it, what is ready to be paid out."""
    day = book.asked.day
    monday = day + timedelta(days=7 - day.weekday())
    sessions = _sessions(book, monday)
    ready = _ready()
    owed = {row["group"]: row for row in _owed(book).iter_rows(named=True)}
    made = []
    for session, groups in sessions:
        rows = [owed[group] for group in groups if group in owed]
        files = [one for group in groups for one in ready.get(group, ())]
        line = {name: sum(row[name] for row in rows) for name in _OWED}
        line |= {"groups": len(groups), "to_lend_count": len(files), "to_lend": sum(files)}
        made.append((session, line))
    return _frame(book, made)


_OWED = ("loans", "principal_due", "interest_due", "overdue")


def _owed(book: Book) -> pl.DataFrame:
    """group and what its loans have to pay at the next session: principal of the next instalment within 31 days and
    what is overdue; interest of the months before and what is in arrears."""
    day = pl.lit(book.asked.day)
    coming = (
        pl.col("next_due").cast(pl.Int32).cast(pl.Date).is_between(day, day.dt.offset_by("31d"))
    )
    return book.rows.group_by("group").agg(
        (pl.col("balance") > 0).sum().cast(pl.Int64).alias("loans"),
        pl.when(coming).then("next_amount").otherwise(0).sum().alias("principal_due"),
        pl.col("due").sum().alias("interest_due"),
        pl.col("overdue").sum(),
    )


def week_done(book: Book, take: Take) -> pl.DataFrame:
    """The sessions of the day's own week, up to the day: what was to come in and what came."""
    day = book.asked.day
    monday = day - timedelta(days=day.weekday())
    made = []
    for session, _groups in _sessions(book, monday, last=day):
        told = figures_of(session)
        line = {
            "groups": told.groups,
            "loans": told.loans,
            "principal_due": told.principal_due,
            "interest_due": told.interest_due,
            "interest_done": told.interest,
            "principal_done": told.principal,
            "savings_done": told.savings,
            "lent_done": told.disbursed,
        }
        made.append((session, line))
    return _frame(book, made)


def _sessions(
    book: Book, monday: date, last: date | None = None
) -> list[tuple[TransactionSession, list[int]]]:
    """Sessions of a week with the groups that meet at each."""
    asked = book.asked
    until = last or monday + timedelta(days=6)
    rows = (
        visible_sessions(asked.user, asked.day) if asked.user else TransactionSession.objects.all()
    )
    rows = rows.filter(held_on__range=(monday, until)).exclude(state=SessionState.CANCELLED)
    if asked.unit is not None and asked.unit.key == "office":
        rows = rows.filter(office=asked.unit.pk)
    elif asked.unit is not None:
        there = TransactionPointProfile.objects.filter(living_on(asked.day), area=asked.unit.pk)
        rows = rows.filter(point__in=there.values("point_id"))
    found = list(rows.select_related("point").order_by("held_on", "pk"))
    meeting: dict[int, list[int]] = defaultdict(list)
    points = {one.point_id for one in found}
    at = GroupAtPoint.objects.filter(living_on(monday), point__in=points)
    for point, group in at.values_list("point_id", "group_id"):
        meeting[point].append(group)
    return [(one, meeting[one.point_id]) for one in found]


def _ready() -> dict[int, list[int]]:
    """Group → amounts of approved and signed applications that wait for their disbursement."""
    states = (ApplicationState.APPROVED, ApplicationState.SIGNED)
    rows = LoanApplication.objects.filter(state__in=states).exclude(group=None)
    found: dict[int, list[int]] = defaultdict(list)
    for group, amount in rows.values_list("group_id", "approved_amount"):
        found[group].append(amount or 0)
    return found


def _frame(book: Book, lines: list[tuple[TransactionSession, dict[str, int]]]) -> pl.DataFrame:
    sessions = [session for session, _ in lines]
    called = point_names(sessions)
    places = TransactionPointProfile.objects.filter(point__in={one.point_id for one in sessions})
    areas = dict(places.order_by("starts_on").values_list("point_id", "area_id"))
    rows = [
        {
            "held_on": session.held_on,
            "office": session.office_id,
            "area": areas.get(session.point_id),
            "point_name": called[session.pk],
            "session_state": str(session.get_state_display()),
            **line,
        }
        for session, line in lines
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    day = book.asked.day
    offices = names_on(day, frame["office"].unique().to_list())
    communes = names("commune", frame["area"].unique().to_list(), day)
    return frame.with_columns(
        office_name=named("office", offices), commune_name=named("area", communes)
    )
