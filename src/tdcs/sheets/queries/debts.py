"""Lists of debts: what falls due, overdue, frozen, silent, students'."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from tdcs.core.columns import day_number, months_later
from tdcs.imports.queries.imports import FIRST_KIND
from tdcs.imports.queries.said import said_of_loans
from tdcs.loans.models import ChangeRequest
from tdcs.loans.queries.columns import copied
from tdcs.loans.queries.paying import PAID_ON, TOLD_ONCE
from tdcs.loans.states import PAYING, EventKind
from tdcs.oversight.rules.settings import never_inactive
from tdcs.problem_loans.models import ProblemDossier
from tdcs.programmes.rules import programme, programmes
from tdcs.programmes.rules.terms import first_due_limit
from tdcs.sheets.queries.book import Book, as_day
from tdcs.sheets.rules.debts import falling_due, months_between, overdue_age
from tdcs.sheets.rules.definitions import Take

_INSTALMENTS: Final = """
    SELECT i.loan_id, i.number, i.due_on - DATE '1970-01-01', i.session_on - DATE '1970-01-01', i.principal
      FROM loans_instalment i JOIN loans_loan l ON l.id = i.loan_id AND l.disbursed_on <= %(day)s
     WHERE NOT EXISTS (SELECT FROM loans_loanevent e WHERE e.loan_id = i.loan_id AND e."on" > %(day)s
                          AND e.kind = ANY(%(kinds)s))
"""
_INSTALMENT_COLUMNS: Final = ("loan", "number", "due", "session", "principal")
# Kinds of events after which a loan's instalments are others.
_CHANGING: Final = [
    EventKind.DISBURSEMENT.value,
    EventKind.SESSION_DAY.value,
    EventKind.RESCHEDULE.value,
    EventKind.EXTEND.value,
    EventKind.REVERSE.value,
]
# The last day on which something was paid that nobody had reversed by the day.
_LAST: Final = f"""
    SELECT e.loan_id, max({PAID_ON}) - DATE '1970-01-01' FROM loans_loanevent e
     WHERE e.kind = ANY(%(kinds)s) AND e.amount > 0 AND e."on" <= %(day)s AND {TOLD_ONCE}
       AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.reverses_id = e.id AND r."on" <= %(day)s
                          AND r.reverses_id IS NOT NULL)
     GROUP BY 1
"""  # noqa: S608
_STUDENT_LOANS: Final = frozenset({"student", "stem_student"})
# The list of the core that has the first day and the cause of each freeze.
_FROZEN_LIST: Final = "report_13"
NO_CAUSE: Final = "Chưa ghi nguyên nhân"


def loans(book: Book, take: Take) -> pl.DataFrame:
    """Every loan that owes principal or interest."""
    return book.loans


def due(book: Book, take: Take) -> pl.DataFrame:
    """Principal that falls due in the months after the day, an instalment a row."""
    last = months_later(book.asked.day, int(take["months"]))
    return due_until(book, book.asked.day, last)


def due_next_month(book: Book, take: Take) -> pl.DataFrame:
    """Principal due in the calendar month after the day, by group and programme."""
    first = (book.asked.day.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    rows = due_until(book, first - timedelta(days=1), last)
    keys = ("group_code", "group_name", "programme_name")
    return rows.group_by(keys).agg(
        pl.col("loan").n_unique().cast(pl.Int64).alias("loans"), pl.col("due_amount").sum()
    )


def due_until(book: Book, after: date, last: date) -> pl.DataFrame:
    """Instalments triggered after one day, up to another."""
    day = day_number(book.asked.day)
    rows = book.loans.filter(pl.col("balance") > 0)
    values = {"day": book.asked.day, "kinds": _CHANGING}
    instalments = copied(_INSTALMENTS, values, _INSTALMENT_COLUMNS)
    found = falling_due(rows, instalments.join(rows.select("loan"), on="loan", how="semi"), day)
    # Whose instalments were changed since: what the closed day itself says of the next one.
    changed = rows.join(instalments.select("loan").unique(), on="loan", how="anti")
    kept = changed.filter((pl.col("next_due") > 0) & (pl.col("next_amount") > 0)).select(
        "loan",
        number=pl.lit(None, pl.Int64),
        due="next_due",
        session="next_trigger",
        due_amount="next_amount",
    )
    found = pl.concat([found, kept])
    span = (pl.col("session") > day_number(after)) & (pl.col("session") <= day_number(last))
    found = found.filter(span).with_columns(due_on=as_day("due"), session_on=as_day("session"))
    return found.drop("due", "session").join(rows.drop("session", "due"), on="loan", how="left")


def overdue(book: Book, take: Take) -> pl.DataFrame:
    """Loans with overdue principal, how long, why."""
    rows = book.loans.filter(pl.col("overdue") > 0)
    since = pl.col("overdue_since")
    days = pl.when(since > 0).then(day_number(book.asked.day) - since + 1)
    rows = rows.with_columns(overdue_days=days)
    rows = rows.with_columns(age_name=overdue_age(pl.col("overdue_days")))
    return rows.join(_causes(book), on="household", how="left").with_columns(
        pl.col("cause_name").fill_null(NO_CAUSE)
    )


def frozen(book: Book, take: Take) -> pl.DataFrame:
    """Loans with frozen principal, until when, why."""
    rows = book.loans.filter(pl.col("frozen") > 0)
    left = pl.col("frozen_to") - day_number(book.asked.day)
    rows = rows.with_columns(frozen_days_left=left.clip(lower_bound=0))
    rows = rows.join(_freezes(book), on="loan", how="left")
    said = _said(book, _FROZEN_LIST, ("frozen_from_on", "cause"))
    return rows.join(said, on="loan", how="left").with_columns(
        cause_name=pl.coalesce("cause_name", "cause").fill_null(NO_CAUSE),
        frozen_on=pl.coalesce("frozen_on", "frozen_from_on"),
    )


def silent(book: Book, take: Take) -> pl.DataFrame:
    """Loans on which nothing was paid for so many months: not frozen, not of a programme that is silent by its nature."""
    day = book.asked.day
    rows = with_silence(book)
    limit = months_later(day, -int(take["months"]))
    return rows.filter(pl.col("last_on") < limit) if len(rows) else rows


def with_silence(book: Book) -> pl.DataFrame:
    """Loans that ought to be paid on, with the last day of a payment, or of the disbursement where there was none."""
    day = book.asked.day
    last = copied(_LAST, {"day": day, "kinds": list(PAYING)}, ("loan", "_last"))
    rows = book.loans.filter(
        (pl.col("balance") > 0)
        & (pl.col("frozen") == 0)
        & ~pl.col("programme").is_in(never_inactive())
    )
    rows = rows.join(last, on="loan", how="left")
    rows = rows.with_columns(
        last_on=pl.coalesce(pl.col("_last").cast(pl.Int32).cast(pl.Date), "disbursed_on")
    )
    months = months_between(pl.col("last_on"), pl.lit(day))
    return rows.with_columns(silent_months=months)


def interest(book: Book, take: Take) -> pl.DataFrame:
    """Loans of the month: what accrued, was to be collected, was collected, is in arrears."""
    return book.with_registers(book.rows)


def students(book: Book, take: Take) -> pl.DataFrame:
    """Students' loans whose end of studies lies within the months after the day: as an extract says it, else taken back from
    the first instalment."""
    codes = [code for code, one in programmes().items() if _STUDENT_LOANS & set(one.also)]
    rows = book.loans.filter(pl.col("programme").is_in(codes) & (pl.col("balance") > 0))
    first = copied(
        "SELECT loan_id, min(due_on) - DATE '1970-01-01' FROM loans_instalment GROUP BY 1",
        {},
        ("loan", "_first"),
    )
    rows = rows.join(first, on="loan", how="left").with_columns(first_due_on=as_day("_first"))
    grace = pl.col("programme").replace_strict(
        {code: _grace(code, book.asked.day) for code in codes} or {"": 0},
        default=0,
        return_dtype=pl.Int64,
    )
    back = pl.concat_str(pl.lit("-"), grace.cast(pl.String), pl.lit("mo"))
    rows = rows.with_columns(graduates_on=pl.col("first_due_on").dt.offset_by(back))
    rows = rows.join(
        _said(book, FIRST_KIND, ("graduated_on", "grace_end_on")), on="loan", how="left"
    )
    # An extract has no instalments: its first due day is the end of the grace.
    ahead = pl.col("graduated_on").dt.offset_by(pl.format("{}mo", grace))
    told = pl.col("graduated_on").is_not_null()
    rows = rows.with_columns(
        graduates_on=pl.coalesce("graduated_on", "graduates_on"),
        first_due_on=pl.when(told)
        .then(pl.coalesce("grace_end_on", ahead))
        .otherwise("first_due_on"),
    )
    last = months_later(book.asked.day, int(take["months"]))
    coming = (pl.col("graduates_on") > book.asked.day) & (pl.col("graduates_on") <= last)
    return rows.filter(coming)


def _grace(code: str, on: date) -> int:
    """Months after the studies within which the first instalment is due, as the programme's limits say."""
    limit = first_due_limit(programme(code))
    return int(limit.on(on).amount) if limit else 0


def _said(book: Book, kind: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """loan and columns of the extracts of a kind, all empty where none counts; a column of days unless it is a cause."""
    said = said_of_loans(kind, columns, book.asked.day)
    return said.select(
        "loan",
        *(
            (pl.col(name) if name in said.columns else pl.lit(None).alias(name)).cast(
                pl.String if name == "cause" else pl.Date
            )
            for name in columns
        ),
    )


def _causes(book: Book) -> pl.DataFrame:
    """household, cause_name: of the dossier that was open on the day."""
    day = book.asked.day
    rows = ProblemDossier.objects.filter(opened_on__lte=day).exclude(closed_on__lte=day)
    words = dict(ProblemDossier.Cause.choices)
    found = [(home, str(words[cause])) for home, cause in rows.values_list("household_id", "cause")]
    return pl.DataFrame(
        found, schema={"household": pl.Int64, "cause_name": pl.String}, orient="row"
    )


def _freezes(book: Book) -> pl.DataFrame:
    """loan, cause_name, freeze_basis: of the last freeze decided by the day."""
    rows = ChangeRequest.objects.filter(
        kind=EventKind.FREEZE,
        state=ChangeRequest.State.APPROVED,
        decided_on__lte=book.asked.day,
    ).order_by("loan_id", "pk")
    found = {loan: (loan, cause, number) for loan, cause, number in rows.values_list(
        "loan_id", "cause", "decision_number"
    )}  # fmt: skip
    schema = {"loan": pl.Int64, "cause_name": pl.String, "freeze_basis": pl.String}
    return pl.DataFrame(list(found.values()), schema=schema, orient="row")
