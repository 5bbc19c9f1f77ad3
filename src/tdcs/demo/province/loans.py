"""Rows of loans, instalments and events, from their lives."""

from __future__ import annotations

from typing import Final

import narwhals as nw
import polars as pl

from tdcs.demo.province.earning import Life
from tdcs.demo.province.loading import dated
from tdcs.loans.models import Instalment, Loan, LoanEvent
from tdcs.loans.rules.balance import state
from tdcs.loans.rules.days import on_days, positions_on
from tdcs.loans.rules.kinds import (
    FREEZE,
    KINDS,
    RATE,
    WITH_AMOUNT,
)
from tdcs.organisations.services.bulk import append_rows

_WORDS: Final = {number: word for word, number in KINDS.items()}
_BASIS: Final = {
    "reschedule": "Đơn đề nghị 08/TD",
    "extend": "Giấy đề nghị gia hạn nợ 09/TD",
    "freeze": "Quyết định khoanh nợ (đợt trong năm)",
    "write_off": "Quyết định xóa nợ (đợt cuối năm)",
    "rate": "Nghị định về phát triển và quản lý nhà ở xã hội",
    "reverse": "Ghi nhầm khế ước",
}


def write(
    loans: pl.DataFrame, life: Life, first_key: int, entries: pl.DataFrame, parts: pl.DataFrame
) -> None:
    """An office's loans with their standing, instalments and events. ``entries``: key → entry."""
    append_rows(Loan, _loans(loans, life))
    due = parts.select("loan", "number", contract_due_on="due")
    rows = life.folded.instalments.to_native().join(due, on=["loan", "number"], how="left")
    rows = rows.sort("loan", "number").select(
        loan_id="loan",
        number="number",
        contract_due_on="contract_due_on",
        due_on="due",
        session_on="trigger",
        principal="principal",
    )
    days = ("contract_due_on", "due_on", "session_on")
    append_rows(Instalment, rows.with_columns(*(dated(name) for name in days)))
    append_rows(LoanEvent, _events(life.events, first_key, entries))


def _loans(loans: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Contracts beside their standing on the day of their last event."""
    ends = life.folded.instalments.to_native().filter(pl.col("number") == pl.col("last"))
    freezes = life.events.filter(pl.col("kind") == FREEZE).select(
        "loan", frozen_from="day", frozen_to="to"
    )
    rows = (
        loans.rename({"rate": "rate_ppm"})
        .join(_balances(life), on="loan")
        .join(ends.select("loan", final_due_on="due", final_session_on="trigger"), on="loan")
        .join(freezes, on="loan", how="left")
        .sort("loan")
    )
    days = (
        "disbursed_on",
        "standing_on",
        "final_due_on",
        "final_session_on",
        "frozen_from",
        "frozen_to",
    )
    rows = rows.select(
        "programme",
        "target_group",
        "channel",
        "rate_ppm",
        "law_hash",
        "by_instalment",
        "balance",
        "interest_whole",
        "interest_rest",
        "state",
        *days[2:],
        **{name: pl.col(source) for name, source in _NAMED.items()},
        # 6600 begins the numbers of loans that are made here.
        number=pl.format("6500{}", pl.col("loan").cast(pl.String).str.zfill(12)),
        group_id=pl.when(pl.col("group_id") > 0).then("group_id"),
        session_day=pl.when(pl.col("session") > 0).then("session"),
        terms=pl.lit("{}"),
        paid_total=pl.col("paid") - pl.col("written_off"),
        overdue_base_ppm="overdue_base",
        overdue_percent="overdue_percent",
        interest_written_off="waived",
        interest_credit=pl.lit(0, dtype=pl.Int64),
    )
    return rows.with_columns(*(dated(name) for name in days))


# Columns of the table, and what they are called here.
_NAMED: Final = {
    "id": "loan",
    "household_id": "household",
    "borrower_id": "household",
    "office_id": "office",
    "source_id": "source",
    "principal": "total",
    "term_months": "term",
    "instalment_months": "spacing",
    "disbursed_on": "disbursed",
    "standing_on": "at",
    "current_rate_ppm": "rate",
    "disbursed_total": "lent",
    "written_off": "written_off",
    "interest_collected": "collected",
}


def _balances(life: Life) -> pl.DataFrame:
    """How each loan stood at the end of its last event's day, its interest through the eve."""
    position = life.position
    last = life.events.group_by("loan").agg(at=pl.col("day").max())
    begun = position.loans.select("loan", "disbursed")
    wanted = nw.from_native(last, eager_only=True)
    now = positions_on(position.folded, position.events, wanted, begun)
    now = now.with_columns(state=state()).drop("whole", "rest", "fallen", "is_frozen", "frozen")
    eves = wanted.with_columns(nw.col("at") - 1)
    eve: pl.DataFrame = on_days(position.folded.staged, eves).to_native()
    sums = eve.select("loan", interest_whole="whole", interest_rest="rest")
    found: pl.DataFrame = now.to_native()
    return found.join(sums, on="loan", how="left").with_columns(
        pl.col("interest_whole", "interest_rest").fill_null(0)
    )


def _events(events: pl.DataFrame, first_key: int, entries: pl.DataFrame) -> pl.DataFrame:
    word = pl.col("kind").replace_strict(_WORDS, return_dtype=pl.String)
    rows = events.join(entries, on="key", how="left", maintain_order="left")
    rows = rows.select(
        id=pl.col("key") + first_key,
        loan_id="loan",
        on="day",
        kind=word,
        amount=pl.when(pl.col("kind").is_in(WITH_AMOUNT)).then("amount"),
        until_on="to",
        due_on="due",
        rate_ppm=pl.when(pl.col("kind") == RATE).then("rate"),
        reverses_id=pl.when(pl.col("reverses") > 0).then(pl.col("reverses") + first_key),
        basis=word.replace_strict(_BASIS, default="", return_dtype=pl.String),
        entry_id="entry",
    )
    days = ("on", "until_on", "due_on")
    return rows.with_columns(*(dated(name) for name in days)).with_columns(
        recorded_at=pl.format("{} 16:00:00+07", pl.col("on"))
    )
