"""What a group's month earned: commission of its board, the fee of the organisation behind it; pure functions over columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import narwhals as nw

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.core.columns import floor_div, round_half_up
from tdcs.core.dated import UNVERIFIED, Value, digest
from tdcs.core.errors import NoParametersOnDay
from tdcs.core.frames import Frame
from tdcs.group_results.rules.rating import PPM, require_bounds
from tdcs.programmes.rules.lawbook import cite, documents
from tdcs.programmes.rules.shared import shared

LEVELS: Final = ("central", "province", "district", "commune")


@dataclass(frozen=True, slots=True)
class CommissionTerms:
    """Commission of a group in a month: parts per million a month, with the texts they come from."""

    interest: Value
    savings: Value
    law_hash: str


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def commission_terms(month: date) -> CommissionTerms:
    """What holds on the month's first day. Raises NoParametersOnDay."""
    first = month.replace(day=1)
    interest = shared("commission_interest_ppm").on(first)
    savings = shared("commission_savings_ppm").on(first)
    return CommissionTerms(
        interest,
        savings,
        digest([("commission_interest_ppm", interest), ("commission_savings_ppm", savings)]),
    )


def by_rate(frame: Frame, *keys: str) -> Frame:
    """One row for each key and contract rate: the interest collected, summed."""
    return frame.group_by(*keys, "rate_ppm").agg(nw.col("interest").sum()).sort(*keys, "rate_ppm")


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def interest_commission(frame: Frame, terms: CommissionTerms) -> Frame:
    """``commission`` for the interest a group collected: interest × (commission rate ÷ monthly loan rate).

    The monthly loan rate is a twelfth of the yearly: interest × 12 × ppm ÷ rate_ppm, rounded half up to the dong once
    for each row (a group, a month and a contract rate: ``by_rate``). 100,000,000 at 6.6% a year bear 550,000 a month:
    550,000 × 12 × 850 ÷ 66,000 = 85,000, which is 0.085% of the outstanding. Interest up to 10¹² dong.
    """
    require_bounds(frame, ("interest",))
    return frame.with_columns(
        commission=_of_outstanding(terms.interest.amount), basis=nw.lit(cite(terms.interest))
    )


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def savings_commission(frame: Frame, terms: CommissionTerms) -> Frame:
    """``commission`` for savings: average balance of the month × rate, rounded half up once a group and month.

    Average = Σ balance at each day's end ÷ days of the month: balance_days × ppm ÷ (10⁶ × days), in one division.
    balance_days up to 31 × 10¹².
    """
    dividend = nw.col("balance_days") * terms.savings.amount
    commission = nw.lit(0)
    # A month has 28 to 31 days; the rounding's divisor is a plain number.
    for days in (28, 29, 30, 31):
        commission = (
            nw.when(nw.col("days") == days)
            .then(round_half_up(dividend, PPM * days))
            .otherwise(commission)
        )
    return frame.with_columns(commission=commission, basis=nw.lit(cite(terms.savings)))


def _of_outstanding(ppm: int) -> nw.Expr:
    """interest × 12 × ppm ÷ rate_ppm, rounded half up; 0 where the contract bears no interest."""
    rate = nw.col("rate_ppm")
    dividend = nw.col("interest") * (12 * ppm)
    rounded = floor_div(2 * dividend + rate, 2 * rate)
    return nw.when(rate > 0).then(rounded).otherwise(nw.lit(0))


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """The entrustment fee of a month: parts per million a month, percent for each level, whence both come."""

    rate: Value
    split: Mapping[str, int]
    basis: str
    verified: bool
    law_hash: str


@basis("PUT-2009")
@basis("PUT-NAY")
def fee_terms(month: date) -> FeeTerms:
    """What holds on the month's first day. Raises NoParametersOnDay."""
    first = month.replace(day=1)
    rate = shared("entrustment_fee_ppm").on(first)
    for row in law.load("parameters/entrustment.yaml")["fee_split"]:
        if row["from"] <= first and (row.get("to") is None or first < row["to"]):
            content = [digest([("entrustment_fee_ppm", rate)]), {k: str(v) for k, v in row.items()}]
            return FeeTerms(
                rate,
                {level: row[level] for level in LEVELS},
                "; ".join(dict.fromkeys((cite(rate), documents()[row["document"]].label))),
                rate.verified and row["certainty"] != UNVERIFIED,
                hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
            )
    raise NoParametersOnDay(name="Phân chia phí ủy thác", day=f"{first:%d/%m/%Y}")


@basis("PUT-2009")
@basis("PUT-NAY")
def entrustment_fee(frame: Frame, terms: FeeTerms) -> Frame:
    """``fee`` and its shares fee_central … fee_commune.

    The base is the outstanding on which interest was collected: interest × 12 × ppm ÷ rate_ppm, rounded half up once for
    each row (an organisation, a month and a contract rate). The upper levels' shares are rounded down, the commune's
    is the rest, so that the shares give the fee to the dong.
    """
    require_bounds(frame, ("interest",))
    frame = frame.with_columns(fee=_of_outstanding(terms.rate.amount))
    upper = [level for level in LEVELS if level != "commune"]
    frame = frame.with_columns(
        **{f"fee_{level}": floor_div(nw.col("fee") * terms.split[level], 100) for level in upper}
    )
    rest = nw.col("fee")
    for level in upper:
        rest = rest - nw.col(f"fee_{level}")
    return frame.with_columns(fee_commune=rest, basis=nw.lit(terms.basis))
