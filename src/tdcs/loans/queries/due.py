"""What loans owe by their standing: rolled forward from the row, without reading a loan's whole life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import narwhals as nw
from django.db import connection

from tdcs.core.columns import FAR, day_number
from tdcs.loans.rules import timeline
from tdcs.loans.rules.interest import rounded

Frame = nw.DataFrame[Any]

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
    "state",
    "written_off",
)
_SQL: Final = """
    SELECT l.id, l.number, l.office_id, l.group_id, s.tier, l.standing_on - DATE '1970-01-01',
           l.current_rate_ppm, l.disbursed_total, l.paid_total + l.written_off, l.balance,
           l.interest_whole, l.interest_rest, l.interest_collected, l.by_instalment,
           l.final_session_on - DATE '1970-01-01', l.frozen_from - DATE '1970-01-01',
           l.frozen_to - DATE '1970-01-01', l.state, l.written_off
      FROM loans_loan l JOIN capital_capitalsource s ON s.id = l.source_id
     WHERE l.id = ANY(%s) ORDER BY l.id
"""
_WORDS: Final = frozenset({"number", "tier", "state"})


def loan_rows(ids: Sequence[int], *, lock: bool = False) -> Frame:
    """The standing of loans, days as numbers; ``lock`` holds the rows until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL + (" FOR UPDATE OF l" if lock else ""), [list(ids)])
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(LOAN_FIELDS)
    schema = {name: _kind(name) for name in LOAN_FIELDS}
    data = {name: list(column) for name, column in zip(LOAN_FIELDS, columns, strict=True)}
    return nw.DataFrame.from_dict(data, schema, backend="polars")


def _kind(name: str) -> nw.dtypes.DType:
    if name in _WORDS:
        return nw.String()
    return nw.Boolean() if name == "by_instalment" else nw.Int64()


def rolled(loans: Frame, on: date) -> Frame:
    """``loans`` with whole and rest summed through the eve of ``on``, ``due`` (interest that may be collected on ``on``)
    and ``overdue`` (principal overdue on ``on`` before its payments)."""
    col = nw.col
    end = day_number(on)
    begun = loans.select(
        "lent",
        "paid",
        "rate",
        "by_instalment",
        "final_session_on",
        "frozen_from",
        "frozen_to",
        loan="id",
        disbursed="standing_on",
        principal="lent",
        as_of=nw.max_horizontal(nw.lit(end, dtype=nw.Int64), nw.col("standing_on")) - 1,
    )
    ice = begun.filter(~col("frozen_to").is_null()).select(
        "loan",
        first=nw.max_horizontal("frozen_from", "disbursed"),
        final="frozen_to",
    )
    ice = ice.filter(col("final") >= col("first"))
    rows = nw.concat(
        [
            timeline.opening(begun),
            *timeline.falling(begun, _instalments(begun)),
            *timeline.freezing(ice),
        ]
    )
    rows = rows.join(begun.select("loan", "as_of"), on="loan", how="inner")
    # The opening row stays even when not a day has passed.
    rows = rows.filter(nw.col("day") <= nw.max_horizontal("as_of", nw.lit(0, dtype=nw.Int64)) + 1)
    staged = timeline.stretches(rows)
    sums = staged.group_by("loan").agg(
        _whole=col("whole").sum(),
        _rest=col("rest").sum(),
        _fallen=col("fallen").sum(),
        frozen=col("ice").sum(),
    )
    found = loans.join(sums.rename({"loan": "id"}), on="id", how="left").with_columns(
        whole=col("whole") + col("_whole"), rest=col("rest") + col("_rest")
    )
    zero = nw.lit(0, dtype=nw.Int64)
    late = nw.max_horizontal(nw.min_horizontal(col("_fallen") - col("paid"), col("balance")), zero)
    found = found.with_columns(
        due=rounded(col("whole"), col("rest")) - col("collected"),
        overdue=nw.when(col("frozen") > 0).then(0).otherwise(late),
    )
    return found.drop("_whole", "_rest", "_fallen").sort("id")


def _instalments(begun: Frame) -> Frame:
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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT loan_id, number, session_on - DATE '1970-01-01', principal"
            "  FROM loans_instalment WHERE loan_id = ANY(%s)",
            [keys["loan"].to_list()],
        )
        rows = cursor.fetchall()
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
