"""The books of the offices: what every event of money and every deposit leaves in the ledger, chained by hash.

One entry for each group's sheet of a session, one for an office's lending of a day, one for its withdrawals of a day,
one for each decision on a loan, and money received on the first day and at the beginning of each month for what will be lent
of each source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from tdcs.capital.models import CapitalSource, FundReceipt
from tdcs.core.columns import day_number, day_of_number
from tdcs.demo.province.earning import first_days
from tdcs.demo.province.funding import DEPOSITS_AT, DEPOSITS_EVERY
from tdcs.demo.province.loading import dated
from tdcs.ledger.models import Account, Book, JournalEntry, Posting
from tdcs.ledger.rules import GENESIS, EntryHead, account_of, hash_of_text, lines_for
from tdcs.loans.rules.kinds import (
    DISBURSEMENT,
    FREEZE,
    INTEREST,
    PRINCIPAL,
    REVERSE,
    WRITE_OFF,
)
from tdcs.organisations.services.bulk import append_rows

# Kinds of entries, in the order in which a day's are written: template, words.
_RECEIVE, _LEND, _WITHDRAW, _SHEET, _COUNTER, _FREEZE, _WRITE_OFF, _REVERSE, _OPEN = range(9)
_KINDS: Final = (
    ("capital.receive", "Nhận vốn cho vay trong tháng"),
    ("loan.disburse", "Giải ngân trong ngày"),
    ("savings.withdraw", "Trả tiền gửi tổ viên trong ngày"),
    ("loan.collect", "Thu theo bảng kê của tổ"),
    ("loan.collect", "Thu nợ, thu lãi tại quầy"),
    ("loan.freeze", "Khoanh nợ theo quyết định"),
    ("loan.write_off", "Xóa nợ theo quyết định"),
    ("loan.principal", "Đảo khoản thu ghi nhầm khế ước"),
    ("capital.receive", "Nhận vốn ban đầu"),
)
_TIERS: Final = ("central", "local")
_LINE: Final = ("day", "entry_kind", "owner", "at", "code", "debit", "credit", "subject")
_SCHEMA = pl.Schema({name: pl.String if name == "code" else pl.Int64 for name in _LINE})


@dataclass
class Counters:
    """The next numbers in the database, over all offices."""

    entry: int = 1
    posting: int = 1
    event: int = 0
    saving: int = 1


def keep(
    office: int,
    events: pl.DataFrame,
    facts: pl.DataFrame,
    savings: pl.DataFrame,
    parts: pl.DataFrame,
    counters: Counters,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write an office's book. ``facts``: loan, local, source, group_id; ``parts``: tranches of ``funding.agree``;
    ``savings``: row, account, day, group_id, amount.

    Returns key → entry of the events, and row → entry of the movements of savings.
    """
    told = events.join(facts, on="loan", how="left", maintain_order="left")
    told = told.with_columns(entry_kind=_kind_of_event()).with_columns(owner=_owner())
    saved = savings.with_columns(
        entry_kind=pl.when(pl.col("amount") > 0).then(_SHEET).otherwise(_WITHDRAW).cast(pl.Int64),
    ).with_columns(
        owner=pl.when(pl.col("amount") > 0).then("group_id").otherwise(0).cast(pl.Int64),
    )
    came = _received(told, parts).with_columns(entry_kind=pl.lit(_RECEIVE, dtype=pl.Int64))
    lines = pl.concat([*_loan_lines(told), *_saving_lines(saved), *_fund_lines(came)])
    lines = _with_cash(lines)
    opening = _opening(lines, parts).with_columns(entry_kind=pl.lit(_OPEN, dtype=pl.Int64))
    if len(opening):
        lines = pl.concat([lines, _opening_lines(opening)])
    lines = lines.sort("day", "entry_kind", "owner", "at")
    heads = lines.select("day", "entry_kind", "owner").unique(maintain_order=True)
    heads = heads.with_columns(entry=pl.int_range(pl.len(), dtype=pl.Int64) + counters.entry)
    lines = lines.join(heads, on=["day", "entry_kind", "owner"], how="left", maintain_order="left")
    _write(office, heads, lines, counters)
    _keep_receipts(office, pl.concat([came, opening.select(came.columns)]), heads)
    keys = ["day", "entry_kind", "owner"]
    booked = told.filter(pl.col("entry_kind") >= 0)
    return (
        booked.join(heads, on=keys).select("key", "entry"),
        saved.join(heads, on=keys).select("row", "entry"),
    )


def _kind_of_event() -> pl.Expr:
    kind = pl.col("kind")
    paid = kind.is_in([INTEREST, PRINCIPAL])
    return (
        pl.when(kind == DISBURSEMENT)
        .then(_LEND)
        .when(paid & (pl.col("group_id") > 0))
        .then(_SHEET)
        .when(paid)
        .then(_COUNTER)
        .when(kind == FREEZE)
        .then(_FREEZE)
        .when(kind == WRITE_OFF)
        .then(_WRITE_OFF)
        .when(kind == REVERSE)
        .then(_REVERSE)
        .otherwise(-1)
        .cast(pl.Int64)
    )


def _owner() -> pl.Expr:
    """What an entry is about beside its day: the group of a sheet, the loan of a decision, nobody for a day's lending."""
    return (
        pl.when(pl.col("entry_kind") == _SHEET)
        .then("group_id")
        .when(pl.col("entry_kind") == _LEND)
        .then(0)
        .otherwise("loan")
        .cast(pl.Int64)
    )


def _loan_lines(told: pl.DataFrame) -> list[pl.DataFrame]:
    parts = []
    before = told.select("loan", "day", "kind", "amount").filter(pl.col("kind") == PRINCIPAL)
    for tier in (False, True):
        name = _TIERS[tier]
        mine = told.filter(pl.col("local") == tier)
        main = account_of("loan.collect", "principal", name)
        earned = account_of("loan.collect", "interest", name)
        parts.append(_side(mine.filter(pl.col("kind") == DISBURSEMENT), main, "debit"))
        parts.append(_side(mine.filter(pl.col("kind") == PRINCIPAL), main, "credit"))
        parts.append(_side(mine.filter(pl.col("kind") == INTEREST), earned, "credit"))
        back = mine.filter(pl.col("kind") == REVERSE).drop("amount")
        wrong = told.select("key", "amount")
        parts.append(_side(back.join(wrong, left_on="reverses", right_on="key"), main, "debit"))
        for kind, template in ((FREEZE, "loan.freeze"), (WRITE_OFF, "loan.write_off")):
            rows = mine.filter(pl.col("kind") == kind)
            if kind == FREEZE:
                rows = _with_balances(rows, told, before)
            parts += [
                _side(rows, code, "debit" if debit else "credit", detailed=about is not None, at=at)
                for at, (code, debit, _, about) in enumerate(
                    lines_for(template, {"principal": 1}, tier=name, subject=1), start=1
                )
            ]
    return [part for part in parts if len(part)]


def _with_balances(rows: pl.DataFrame, told: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Freezes with the principal that stands then as their amount."""
    lent = told.filter(pl.col("kind") == DISBURSEMENT).select("loan", "day", "amount")
    moved = pl.concat([lent, paid.select("loan", "day", -pl.col("amount"))])
    moved = moved.rename({"day": "moved_on", "amount": "moved"})
    found = rows.join(moved, on="loan").filter(pl.col("moved_on") <= pl.col("day"))
    sums = found.group_by("key").agg(amount=pl.col("moved").sum())
    return rows.drop("amount").join(sums, on="key")


def _side(
    rows: pl.DataFrame,
    code: str,
    side: str,
    *,
    detailed: bool = True,
    at: int = 5,
    subject: str = "loan",
) -> pl.DataFrame:
    zero = pl.lit(0, dtype=pl.Int64)
    return rows.select(
        "day",
        "entry_kind",
        "owner",
        at=pl.lit(at, dtype=pl.Int64),
        code=pl.lit(code),
        debit=pl.col("amount") if side == "debit" else zero,
        credit=zero if side == "debit" else pl.col("amount"),
        subject=pl.col(subject) if detailed else pl.lit(None, dtype=pl.Int64),
    )


def _saving_lines(saved: pl.DataFrame) -> list[pl.DataFrame]:
    code = account_of("loan.collect", "savings")
    into = _side(saved.filter(pl.col("amount") > 0), code, "credit", at=6, subject="account")
    out = saved.filter(pl.col("amount") < 0).with_columns(amount=-pl.col("amount"))
    return [into, _side(out, code, "debit", at=6, subject="account")]


def _received(told: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Of each source at the beginning of a month: as much as its outstanding will rise above what it has received.

    Columns: source, day, amount, contract, tranche, code (the account on which it stands).
    """
    back = told.filter(pl.col("kind") == REVERSE).drop("amount")
    back = back.join(told.select("key", "amount"), left_on="reverses", right_on="key")
    moved = pl.concat(
        [
            told.filter(pl.col("kind") == DISBURSEMENT).select("source", "day", "amount"),
            told.filter(pl.col("kind").is_in([PRINCIPAL, WRITE_OFF])).select(
                "source", "day", -pl.col("amount")
            ),
            back.select("source", "day", "amount"),
        ]
    )
    ends = moved.group_by("source", "day").agg(pl.col("amount").sum()).sort("source", "day")
    day = pl.col("day").cast(pl.Int32).cast(pl.Date)
    ends = ends.with_columns(
        owed=pl.col("amount").cum_sum().over("source"),
        month=day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - 1,
    )
    high = ends.group_by("source", "month").agg(pl.col("owed").max()).sort("source", "month")
    high = high.with_columns(need=pl.max_horizontal(pl.col("owed").cum_max().over("source"), 0))
    high = high.with_columns(
        amount=pl.col("need") - pl.col("need").shift(1, fill_value=0).over("source")
    ).filter(pl.col("amount") > 0)
    return _under(high.select("source", "month", "amount"), parts)


def _under(came: pl.DataFrame, parts: pl.DataFrame, *, saved: bool = True) -> pl.DataFrame:
    """Receipts of months with contract, tranche and account; of a source's first year what came before it, too."""
    since = parts.group_by("source").agg(first=pl.col("quarter").min())
    turn = (pl.col("month") % DEPOSITS_EVERY == DEPOSITS_AT) & (pl.col("source") == _central())
    came = came.join(since, on="source").with_columns(
        month=pl.max_horizontal("month", pl.col("first") * 3), deposits=turn & pl.lit(saved)
    )
    kinds = parts.with_columns(
        deposits=pl.col("kind") == "deposits",
        code=pl.col("kind").replace_strict(
            {kind: _fund_account(kind) for kind in parts["kind"].unique()}, return_dtype=pl.String
        ),
    )
    came = came.group_by("source", "month", "deposits").agg(pl.col("amount").sum())
    came = came.with_columns(quarter=pl.col("month") // 3).join(
        kinds.select("source", "quarter", "deposits", "contract", "tranche", "code"),
        on=["source", "quarter", "deposits"],
    )
    return came.with_columns(day=pl.Series(first_days(came["month"].to_numpy())))


def _opening_lines(came: pl.DataFrame) -> pl.DataFrame:
    made = [
        (day, _OPEN, tranche, at, code, debit, credit, None)
        for day, amount, tranche in came.select("day", "amount", "tranche").rows()
        for at, (code, debit, credit, _) in enumerate(
            lines_for("capital.receive", {"amount": amount}, tier="central")
        )
    ]
    return pl.DataFrame(made, schema=_SCHEMA, orient="row")


def _fund_account(kind: str) -> str:
    lines = lines_for("capital.receive", {"amount": 1}, tier=kind)
    return next(code for code, _, credit, _ in lines if credit)


def _fund_lines(came: pl.DataFrame) -> list[pl.DataFrame]:
    """An entry for each receipt: its owner is the tranche."""
    parts = []
    for code in came["code"].unique().sort():
        mine = came.filter(pl.col("code") == code).with_columns(
            entry_kind=pl.lit(_RECEIVE, dtype=pl.Int64), owner=pl.col("tranche")
        )
        parts.append(_side(mine, code, "credit", detailed=False))
    return parts


def _opening(lines: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Central money on the book's first day, as much as its cash would fall below zero otherwise; like ``_received``."""
    cash = account_of("loan.collect", "total")
    ends = (
        lines.filter(pl.col("code") == cash)
        .group_by("day")
        .agg(moved=pl.col("debit").sum() - pl.col("credit").sum())
    )
    lowest = int(ends.sort("day")["moved"].cum_sum().min() or 0)  # type: ignore[arg-type]
    day = day_of_number(int(lines["day"].min()))  # type: ignore[arg-type]
    rows = [(_central(), day.year * 12 + day.month - 1, -lowest)] if lowest < 0 else []
    schema = {"source": pl.Int64, "month": pl.Int64, "amount": pl.Int64}
    came = pl.DataFrame(rows, schema=schema, orient="row")
    came = _under(came, parts.filter(pl.col("kind") == "central"), saved=False)
    return came.with_columns(day=pl.lit(day_number(day), dtype=pl.Int64))


def _central() -> int:
    """The key of the central source."""
    return int(CapitalSource.objects.get(tier="central").pk)


def _keep_receipts(office: int, came: pl.DataFrame, heads: pl.DataFrame) -> None:
    """The rows behind the entries, for each source what came and under which tranche."""
    keys = ["day", "entry_kind", "owner"]
    rows = came.with_columns(owner=pl.col("tranche")).join(heads, on=keys, how="left")
    append_rows(
        FundReceipt,
        rows.sort("entry").select(
            "amount",
            office_id=pl.lit(office),
            source_id="source",
            contract_id="contract",
            tranche_id="tranche",
            entry_id="entry",
            kind=pl.lit("received"),
            words=pl.lit(""),
            on=pl.col("day").cast(pl.Int32).cast(pl.Date),
            recorded_at=pl.format("{} 08:00:00+07", pl.col("day").cast(pl.Int32).cast(pl.Date)),
        ),
    )


def _with_cash(lines: pl.DataFrame) -> pl.DataFrame:
    """What is missing on the other side of each entry is cash."""
    cash = account_of("loan.collect", "total")
    sums = lines.group_by("day", "entry_kind", "owner").agg(
        gap=pl.col("debit").sum() - pl.col("credit").sum()
    )
    rows = sums.filter(pl.col("gap") != 0).select(
        "day",
        "entry_kind",
        "owner",
        at=pl.when(pl.col("gap") < 0).then(0).otherwise(9).cast(pl.Int64),
        code=pl.lit(cash),
        debit=pl.max_horizontal(-pl.col("gap"), 0).cast(pl.Int64),
        credit=pl.max_horizontal("gap", 0).cast(pl.Int64),
        subject=pl.lit(None, dtype=pl.Int64),
    )
    return pl.concat([lines.select(*_LINE).cast(_SCHEMA), rows.select(*_LINE).cast(_SCHEMA)])


def _write(office: int, heads: pl.DataFrame, lines: pl.DataFrame, counters: Counters) -> None:
    book = Book.objects.create(organisation_id=office, last_hash=GENESIS)
    text = lines.select(
        "entry",
        text=pl.format(
            "|{},{},{},{}",
            "code",
            "debit",
            "credit",
            pl.col("subject").cast(pl.String).fill_null(""),
        ),
    )
    text = text.group_by("entry", maintain_order=True).agg(pl.col("text").str.join(""))
    rows, previous = [], GENESIS
    for number, (day, kind, words) in enumerate(
        zip(
            heads["day"].to_list(),
            heads["entry_kind"].to_list(),
            text["text"].to_list(),
            strict=True,
        ),
        start=1,
    ):
        template, said = _KINDS[kind]
        on = day_of_number(day)
        digest = hash_of_text(
            previous=previous,
            head=EntryHead(
                book=book.pk, number=number, on=on, template=template, words=said, reverses=None
            ),
            lines=words,
        )
        rows.append((template, said, previous, digest))
        previous = digest
    told = pl.DataFrame(rows, schema=["template", "words", "previous_hash", "hash"], orient="row")
    entries = pl.concat([heads.select(id="entry", on="day"), told], how="horizontal")
    entries = entries.with_columns(
        dated("on"), book_id=pl.lit(book.pk), number=pl.int_range(1, pl.len() + 1)
    ).with_columns(recorded_at=pl.format("{} 16:30:00+07", pl.col("on")))
    append_rows(JournalEntry, entries)
    accounts = dict(Account.objects.values_list("code", "pk"))
    postings = lines.with_columns(
        account_id=pl.col("code").replace_strict(accounts, return_dtype=pl.Int64),
        id=pl.int_range(pl.len(), dtype=pl.Int64) + counters.posting,
    )
    append_rows(
        Posting, postings.select("id", "account_id", "debit", "credit", "subject", entry_id="entry")
    )
    counters.entry += len(heads)
    counters.posting += len(lines)
    book.last_number, book.last_hash = len(heads), previous
    book.last_on = day_of_number(int(heads["day"][-1]))
    book.save()
