"""The loans of a book under the law of the running block: today's, or a draft's inside ``law.tried``.

Everything is asked of the rules by which the book itself is kept: terms, the fold, accrual, schedules, commission.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.closing.rules.step import fallen_on
from tdcs.core.basis import without_basis
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.errors import NoParametersOnDay
from tdcs.core.frames import Frame
from tdcs.group_results.rules.earnings import (
    commission_terms,
    entrustment_fee,
    fee_terms,
    interest_commission,
)
from tdcs.loans.rules.accrual import accrue, rounded, unit
from tdcs.loans.rules.balance import split, zero
from tdcs.loans.rules.history import EVENT, Position
from tdcs.loans.rules.kinds import DISBURSEMENT
from tdcs.loans.rules.running import reached
from tdcs.programmes.rules import Terms, terms_on
from tdcs.programmes.rules.decrees import Decrees
from tdcs.programmes.rules.stretches import first_of_stretch

# Of a loan: what the rules here read.
LOAN: Final = (
    "loan", "household", "programme", "target_group", "local", "group", "commune", "status",
    "disbursed", "principal", "term", "spacing", "session", "by_instalment", "plain", "rate",
    "overdue_rate", "lent", "paid", "in_time", "overdue", "frozen", "frozen_from", "frozen_to",
)  # fmt: skip
CELL: Final = ("programme", "commune", "status")
# Interest is that of a year on the balances of the day.
YEAR_DAYS: Final = 365
_KIND: Final = ("programme", "target_group", "local", "stretch")
# "Interest" that equals the outstanding itself: 100% a year, so that the base of commission needs no rate.
_WHOLE_PPM: Final = 1_000_000
# From the 28th into the next month.
_FEW_DAYS: Final = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class When:
    """``day``: of the book; ``at``: from when all that is compared holds; ``decrees``: those the book has taken up, with the
    draft; ``province``: whose own figures hold for local money."""

    day: date
    at: date
    province: str
    decrees: Decrees


@without_basis("gọi các quy tắc khác cho từng loại khoản vay")
def law_of_loans(rows: Frame, when: When, *, of_the_day: bool) -> Frame:
    """loan, what its law says: rate and overdue_rate at ``when.at`` (law_…) and, asked for, on the day of the book (day_…),
    whether a missed instalment becomes overdue, and ``running``: which changes reach it while it runs."""
    days = rows.select("disbursed").unique()
    firsts = [day_number(first_of_stretch(day_of_number(day))) for day in days["disbursed"]]
    named = pl.DataFrame(
        {"disbursed": days["disbursed"].to_list(), "stretch": firsts},
        schema={"disbursed": pl.Int64, "stretch": pl.Int64},
    )
    by_kind = rows.select("loan", *_KIND[:3], "disbursed").join(
        nw.from_native(named, eager_only=True), on="disbursed", how="left"
    )
    kinds = by_kind.select(*_KIND).unique().sort(*_KIND).with_row_index("kind")
    kinds = kinds.with_columns(nw.col("kind").cast(nw.Int64))
    found = kinds.join(_contracts_of(kinds, when), on="kind", how="inner")
    asked = {"law": when.at} | ({"day": when.day} if of_the_day else {})
    rates = _rates(found, asked, when.decrees)
    for prefix in asked:
        some = rates.filter(nw.col("of") == prefix).select(
            "kind",
            **{f"{prefix}_rate": "rate", f"{prefix}_overdue_rate": "overdue_rate"},
        )
        found = found.join(some, on="kind", how="left")
    names = ["law_rate", "law_overdue_rate", "regime", "running"]
    names += ["day_rate", "day_overdue_rate"] if of_the_day else []
    return by_kind.join(found.select(*_KIND, *names), on=list(_KIND), how="left").select(
        "loan", *names
    )


def _contracts_of(kinds: Frame, when: When) -> Frame:
    """kind, contract_rate, regime, running of the kinds of loans that the law knows."""
    last = day_number(when.at)
    rows: list[tuple[int, int, bool, str]] = []
    for code, group, local, first, kind in kinds.select(*_KIND, "kind").rows():
        signed, tier = day_of_number(first), "local" if local else "central"
        terms = terms_on(code, signed, group, province=when.province, tier=tier)
        changes = reached(
            code, group, signed, province=when.province, tier=tier, decrees=when.decrees
        ).changes
        told = ";".join(str(change) for change in changes if change[0] <= last)
        rows.append((kind, terms.rate_ppm, terms.regime == "instalment", told))
    schema = {
        "kind": pl.Int64, "contract_rate": pl.Int64, "regime": pl.Boolean, "running": pl.String,
    }  # fmt: skip
    return nw.from_native(pl.DataFrame(rows, schema=schema, orient="row"), eager_only=True)


def _rates(kinds: Frame, asked: Mapping[str, date], decrees: Decrees) -> Frame:
    """kind, of (a key of ``asked``), rate, overdue_rate: on each day, of a loan of one dong of each kind, as the fold of the
    book says them."""
    col = nw.col
    contracts = kinds.select(
        "kind", "programme", "target_group", "local",
        disbursed="stretch", rate="contract_rate", by_instalment="regime",
        term=zero() + 12, spacing=zero() + 12, session=zero(),
    )  # fmt: skip
    several = [
        contracts.with_columns(of=nw.lit(name), as_of=zero() + day_number(day))
        for name, day in asked.items()
    ]
    contracts = nw.concat(several).filter(col("disbursed") <= col("as_of"))
    contracts = contracts.with_row_index("loan").with_columns(col("loan").cast(nw.Int64))
    events = contracts.select(
        "loan", key="loan", day="disbursed", kind=zero() + DISBURSEMENT, amount=zero() + 1,
        to=zero(), due=zero(), rate=nw.lit(None, dtype=nw.Int64), reverses=zero(),
    ).select(*EVENT)  # fmt: skip
    folded = Position(contracts.drop("kind", "of"), events, decrees=decrees).folded.positions
    named = contracts.select("loan", "kind", "of")
    return named.join(folded.select("loan", "rate", "overdue_rate"), on="loan", how="inner")


@without_basis("gọi các quy tắc khác cho cả sổ")
def brought_under(rows: Frame, now: Frame, then: Frame, day: int) -> tuple[Frame, Frame]:
    """The loans as they stand by the law in force (``now``) and by the other (``then``), both of ``law_of_loans``.

    A loan whose rate is its own (an event, an old contract) keeps it unless the other law changes loans that run. Where the
    rule of missed instalments differs, plain loans are laid out anew; the others stay as they are (``kept`` counts them).
    """
    col = nw.col
    joined = rows.join(now, on="loan", how="left")
    named = {name: f"then_{name}" for name in then.columns if name != "loan"}
    joined = joined.join(then.rename(named), on="loan", how="left")
    usual = (col("rate") == col("day_rate")) & (col("overdue_rate") == col("day_overdue_rate"))
    decided = (usual | (col("running") != col("then_running"))).fill_null(False)
    usual = usual.fill_null(False)

    def chosen(condition: nw.Expr, law: str, own: str) -> nw.Expr:
        return nw.when(condition).then(col(law)).otherwise(col(own))

    turned = (col("regime") != col("then_regime")).fill_null(False)
    joined = joined.with_columns(
        was_rate=chosen(usual, "law_rate", "rate"),
        was_overdue_rate=chosen(usual, "law_overdue_rate", "overdue_rate"),
        new_rate=chosen(decided, "then_law_rate", "rate"),
        new_overdue_rate=chosen(decided, "then_law_overdue_rate", "overdue_rate"),
        turned=turned & col("plain") & (col("frozen") == 0),
        kept=(turned & ~(col("plain") & (col("frozen") == 0))),
    )
    before = joined.with_columns(rate=col("was_rate"), overdue_rate=col("was_overdue_rate"))
    after = joined.with_columns(rate=col("new_rate"), overdue_rate=col("new_overdue_rate"))
    return before.select(*LOAN, "kept"), _judged_anew(after, day).select(*LOAN, "kept")


def _judged_anew(rows: Frame, day: int) -> Frame:
    """``rows`` with the balances of those for whom a missed instalment counts otherwise."""
    col = nw.col
    turned = rows.filter(col("turned"))
    if len(turned) == 0:
        return rows
    turned = turned.with_columns(by_instalment=col("then_regime"))
    turned = turned.join(fallen_on(turned, day), on="loan", how="left")
    turned = turned.with_columns(col("fallen").fill_null(0))
    anew = split(turned, frozen=zero()).select(*rows.columns)
    return nw.concat([rows.filter(~col("turned")), anew])


@without_basis("gọi quy tắc tính lãi cho một năm")
def year_of_interest(rows: Frame) -> Frame:
    """loan, interest: of YEAR_DAYS on the balances as they stand, rounded loan by loan."""
    col = nw.col
    held_in = unit(col("disbursed"))
    staged = rows.select(
        "loan", "disbursed", "rate", "overdue_rate", "overdue", "frozen",
        balance=col("in_time") + col("overdue") + col("frozen"), days=zero() + YEAR_DAYS,
    )  # fmt: skip
    found = accrue(staged, held_in)
    return found.select("loan", interest=rounded(col("whole"), col("rest"), held_in))


def entrusted(rows: Frame) -> Frame:
    """CELL, local, group, interest, rate_ppm: principal in time of loans through groups, as what bears commission."""
    col = nw.col
    some = rows.filter(col("group") > 0)
    sums = some.group_by(*CELL, "local", "group").agg(interest=col("in_time").sum())
    return sums.with_columns(rate_ppm=zero() + _WHOLE_PPM)


@without_basis("gọi các quy tắc về hoa hồng và phí ủy thác")
def paid_to_groups(base: Frame, at: date) -> Frame:
    """CELL, local, commission, fee: of a year, on ``entrusted`` principal whose interest is all collected."""
    col = nw.col
    month = at if at.day == 1 else (at.replace(day=28) + _FEW_DAYS).replace(day=1)
    found = interest_commission(base, commission_terms(month)).drop("basis")
    found = entrustment_fee(found, fee_terms(month))
    return found.group_by(*CELL, "local").agg(col("commission").sum(), col("fee").sum())


@without_basis("gọi quy tắc về điều kiện vay cho hợp đồng mới")
def new_contracts(rows: Frame, when: When) -> Frame:
    """loan, new_rate, most, longest: the terms of each loan of ``rows`` were it signed at ``when.at``."""
    kinds = rows.select("programme", "target_group", "local").unique()
    told = [(*kind, *_new_terms(kind, when)) for kind in kinds.rows()]
    names = ("programme", "target_group", "local", "new_rate", "most", "longest")
    types = (pl.String, pl.String, pl.Boolean, pl.Int64, pl.Int64, pl.Int64)
    table = pl.DataFrame(told, schema=dict(zip(names, types, strict=True)), orient="row")
    found = rows.select("loan", *names[:3]).join(
        nw.from_native(table, eager_only=True), on=list(names[:3]), how="left"
    )
    return found.select("loan", *names[3:])


def _new_terms(kind: tuple[str, str, bool], when: When) -> tuple[int | None, ...]:
    code, group, local = kind
    tier = "local" if local else "central"
    try:
        found: Terms = terms_on(code, when.at, group, province=when.province, tier=tier)
    except NoParametersOnDay:
        return None, None, None
    return found.rate_ppm, found.maximum, found.max_term_months
