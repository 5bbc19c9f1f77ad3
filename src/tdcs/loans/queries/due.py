"""What loans owe by their standing: rolled forward from the row, without reading a loan's whole life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypedDict

from django.db import connection

from tdcs.core.columns import FAR, day_number, divided_by_its_engine
from tdcs.core.engine import LEAST_OF_ENGINES, few, nw
from tdcs.core.frames import Frame, Row, rows_of
from tdcs.loans.queries.bringing import arrived, law_of_the_book
from tdcs.loans.rules import timeline
from tdcs.loans.rules.accrual import rounded, unit
from tdcs.loans.rules.balance import EVERYTHING, split, zero
from tdcs.loans.rules.running import with_law
from tdcs.programmes.rules.decrees import Decrees


class OwedRow(TypedDict):
    """A loan's row after ``roll_forward``: days as numbers, None for none; money in dong."""

    id: int
    number: str
    office_id: int
    group_id: int | None
    tier: str
    standing_on: int
    rate: int
    lent: int
    paid: int
    balance: int
    whole: int
    rest: int
    collected: int
    frozen_to: int | None
    frozen_part: int
    written_off: int
    waived: int
    overdue_base: int
    overdue_percent: int
    credit: int
    due: int
    overdue: int
    frozen: int


LOAN_FIELDS: Final = (
    "id",
    "number",
    "office_id",
    "group_id",
    "tier",
    "standing_on",
    "rate",
    "lent",
    "paid",
    "balance",
    "whole",
    "rest",
    "collected",
    "by_instalment",
    "final_session_on",
    "frozen_from",
    "frozen_to",
    "frozen_part",
    "state",
    "written_off",
    "waived",
    "overdue_base",
    "overdue_percent",
    "programme",
    "target_group",
    "local",
    "contract_day",
    "credit",
)
_SQL: Final = """
    SELECT l.id, l.number, l.office_id, l.group_id, s.tier, l.standing_on - DATE '1970-01-01',
           l.current_rate_ppm, l.disbursed_total, l.paid_total + l.written_off, l.balance,
           l.interest_whole, l.interest_rest, l.interest_collected, l.by_instalment,
           l.final_session_on - DATE '1970-01-01', l.frozen_from - DATE '1970-01-01',
           l.frozen_to - DATE '1970-01-01', l.frozen_part, l.state, l.written_off,
           l.interest_written_off, l.overdue_base_ppm, l.overdue_percent, l.programme, l.target_group,
           s.tier = 'local', l.disbursed_on - DATE '1970-01-01', l.interest_credit
      FROM loans_loan l JOIN capital_capitalsource s ON s.id = l.source_id
     WHERE l.id = ANY(%s) ORDER BY l.id
"""
_WORDS: Final = frozenset({"number", "tier", "state", "programme", "target_group"})
_FLAGS: Final = frozenset({"by_instalment", "local"})


# Instalments of a loan: number, session day as a number, principal.
Parts = tuple[tuple[int, int, int], ...]


def loan_rows(ids: Sequence[int], *, lock: bool = False) -> Frame:
    """The standing of loans, days as numbers; ``lock`` holds the rows until the transaction ends."""
    return frame_of_loans(loan_tuples(ids, lock=lock))


def loan_tuples(ids: Sequence[int], *, lock: bool = False) -> list[tuple[Any, ...]]:
    """The same as tuples of LOAN_FIELDS, in the order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL + (" FOR UPDATE OF l" if lock else ""), [list(ids)])
        return list(cursor.fetchall())


def frame_of_loans(rows: Sequence[tuple[Any, ...]]) -> Frame:
    """Tuples of LOAN_FIELDS as columns."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(LOAN_FIELDS)
    schema = {name: _kind(name) for name in LOAN_FIELDS}
    data = {name: list(column) for name, column in zip(LOAN_FIELDS, columns, strict=True)}
    return nw.DataFrame.from_dict(data, schema, backend="polars")


def _kind(name: str) -> nw.dtypes.DType:
    if name in _WORDS:
        return nw.String()
    return nw.Boolean() if name in _FLAGS else nw.Int64()


def rows_rolled_forward(
    ids: Sequence[int], on: date, kind: type[Row], *, lock: bool = False
) -> list[Row]:
    """``roll_forward`` of a few loans of the book as rows; ``lock`` holds them until the transaction ends."""
    loans = loan_tuples(ids, lock=lock)
    # Asked after the rows were locked: what was written to them while we waited is known here.
    decrees, arriving = law_of_the_book()
    if arriving or len(loans) >= LEAST_OF_ENGINES:
        return rows_of(roll_forward(frame_of_loans(loans), on), kind)
    with few():
        return rows_of(roll_forward(frame_of_loans(loans), on, decrees), kind)


@divided_by_its_engine
def roll_forward(
    loans: Frame,
    on: date,
    decrees: Decrees | None = None,
    parts: Mapping[int, Parts] | None = None,
) -> Frame:
    """``loans`` with whole and rest summed through the eve of ``on``, ``due`` (interest that may be collected on ``on``;
    below 0 it is the loan's credit), overdue and frozen (principal on ``on`` before its payments), and the rates that hold
    on ``on``: rate, overdue_base, overdue_percent. Under ``decrees``, whose rows ``loans`` must be; those of the book
    where none are named. ``parts``: the loans' instalments, read here where they are not given."""
    col = nw.col
    if decrees is None:
        # Asked after the rows were locked: what was written to them while we waited is known here.
        decrees, arriving = law_of_the_book()
        loans = arrived(loans, arriving, decrees)
    begun, law = _begun(loans, day_number(on), decrees)
    freezes = begun.filter(~col("frozen_to").is_null()).select(
        "loan",
        first=nw.max_horizontal("frozen_from", "disbursed"),
        final="frozen_to",
        held=nw.when(col("frozen_part") > 0).then(col("frozen_part")).otherwise(EVERYTHING),
    )
    freezes = freezes.filter(col("final") >= col("first"))
    rows = timeline.laid(
        [
            timeline.opening(begun),
            *timeline.of_law(begun, law),
            *timeline.falling(begun, _instalments(begun, parts)),
            *timeline.freezing(freezes),
        ]
    )
    rows = rows.join(begun.select("loan", *timeline.FACTS), on="loan", how="inner")
    # What changes with the day itself counts for it, and bears nothing yet; a beginning stays when no day has passed.
    rows = rows.filter(col("day") <= nw.max_horizontal(col("as_of"), zero()) + 1)
    staged = timeline.stretches(rows)
    sums = staged.group_by("loan").agg(
        col("fallen").sum(),
        _whole=col("whole").sum(),
        _rest=col("rest").sum(),
        _freeze=col("freeze").sum(),
    )
    found = loans.rename({"id": "loan"}).join(sums, on="loan", how="left")
    if len(law):
        rates = ("rate", "overdue_base", "overdue_percent")
        last = staged.unique("loan", keep="last", order_by="seq").select("loan", *rates)
        found = found.drop(*rates).join(last, on="loan", how="left")
    found = found.with_columns(whole=col("whole") + col("_whole"), rest=col("rest") + col("_rest"))
    found = split(found, frozen=col("_freeze"))
    accrued = rounded(col("whole"), col("rest"), unit(col("contract_day")))
    found = found.with_columns(due=accrued - col("collected") - col("waived"))
    return found.drop("_whole", "_rest", "_freeze", "fallen").rename({"loan": "id"}).sort("id")


def _begun(loans: Frame, end: int, decrees: Decrees) -> tuple[Frame, Frame]:
    """The loans as the rules take them, begun anew on the day of their standing, and the law that reaches them since."""
    named = loans.with_columns(disbursed=nw.col("contract_day"))
    reached, law = with_law(named, decrees)
    begun = reached.select(
        "lent",
        "paid",
        "rate",
        "overdue_base",
        "overdue_percent",
        "by_instalment",
        "final_session_on",
        "frozen_from",
        "frozen_to",
        "frozen_part",
        "contract_day",
        "law",
        "own_overdue_rate",
        "law_known_on",
        loan="id",
        disbursed="standing_on",
        principal="lent",
        as_of=nw.max_horizontal(nw.lit(end, dtype=nw.Int64), nw.col("standing_on")) - 1,
    )
    return begun, law


def _instalments(begun: Frame, known: Mapping[int, Parts] | None) -> Frame:
    """Instalment rows for the rules: of loans judged by instalment all, of the others the final day alone."""
    col = nw.col
    final = begun.filter(~col("by_instalment")).select(
        "loan",
        number=nw.lit(1, dtype=nw.Int64),
        last=nw.lit(1, dtype=nw.Int64),
        trigger="final_session_on",
        principal="lent",
        since="disbursed",
        until=nw.lit(FAR, dtype=nw.Int64),
    )
    keys = begun.filter(col("by_instalment")).select("loan", "disbursed")
    if len(keys) == 0:
        return final
    rows = _rows_of_parts(keys["loan"].to_list(), known)
    names = ("loan", "number", "trigger", "principal")
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    data = {name: list(column) for name, column in zip(names, columns, strict=True)}
    parts = nw.DataFrame.from_dict(data, dict.fromkeys(names, nw.Int64()), backend="polars")
    parts = parts.join(keys, on="loan", how="inner").select(
        "loan",
        "number",
        last=nw.lit(0, dtype=nw.Int64),
        trigger="trigger",
        principal="principal",
        since="disbursed",
        until=nw.lit(FAR, dtype=nw.Int64),
    )
    return nw.concat([final, parts])


def _rows_of_parts(
    loans: Sequence[int], known: Mapping[int, Parts] | None
) -> list[tuple[int, int, int, int]]:
    if known is not None:
        return [(loan, *part) for loan in loans for part in known.get(loan, ())]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT loan_id, number, session_on - DATE '1970-01-01', principal"
            "  FROM loans_instalment WHERE loan_id = ANY(%s)",
            [list(loans)],
        )
        return list(cursor.fetchall())
