"""Contracts: which loans were made when, of which size and term, out of whose money; before anything was paid on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from tdcs.core.columns import day_number, day_of_number
from tdcs.demo.province.calibration import (
    MILLION,
    START,
    Frame,
    calibration,
    first_day,
    month_of,
)
from tdcs.demo.province.groups import Groups
from tdcs.programmes.rules import default_spacing, terms_on
from tdcs.programmes.rules.terms import programmes

Array = np.ndarray[Any, Any]

STUDENTS: Final = "HSSV"
DIRECT: Final = -1
_OLDEST: Final = date(2017, 10, 1)
_SPACED: Final = day_number(date(2025, 1, 1))
_CHANGED: Final = day_number(date(2026, 3, 1))


@dataclass(frozen=True, slots=True)
class Lent:
    """Loans as drawn, in the order of their disbursement; parallel columns.

    ``lent_by_month``: dong lent in each month of the history by tier (central, local), later parts of student loans too,
    in whole months also when the build stops within one.
    """

    frame: pl.DataFrame
    later: pl.DataFrame
    lent_by_month: Mapping[int, Array]


def draw(frame: Frame, groups: Groups) -> Lent:
    """Every loan that matters from 2023 on: those of the opening portfolio, and all lending since."""
    luck = frame.luck(3)
    codes = list(calibration()["programmes"])
    parts = [_opening(frame, luck, code) for code in codes if code != STUDENTS]
    parts += _lending(frame, luck)
    loans = pl.concat([part for part in parts if len(part)])
    students, later = _students(frame, luck)
    loans = pl.concat(
        [loans.with_columns(study=pl.lit(0, dtype=pl.Int64), total="amount"), students],
        how="diagonal",
    )
    loans = _with_sources(loans, luck)
    loans = _with_groups(loans, groups, luck)
    loans = _within_the_law(_with_sessions(_with_days(loans, luck), groups, luck))
    flows = _flows(loans, later)
    # What the day of the build has not seen yet was drawn for the totals of whole months only.
    loans = loans.filter(pl.col("disbursed") <= frame.last).sort("disbursed", "draw")
    loans = loans.with_columns(loan=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    loans = _with_terms(loans)
    later = (
        later.join(loans.select("draw", "loan", "session_of"), on="draw")
        .with_columns(day=pl.col("month_day") + pl.col("session_of") - 1)
        .filter(pl.col("day") <= frame.last)
        .select("loan", "month", "day", "amount")
        .sort("day", "loan")
    )
    return Lent(loans, later, flows)


def _sizes(luck: np.random.Generator, code: str, day: date, count: int) -> Array:
    """Amounts of one programme about a day, whole millions within the law's maximum."""
    made = calibration()["programmes"][code]
    size = made["size"]
    if "size_from" in made and day >= made["size_from"][0]:
        size = made["size_from"][1]
    drawn = np.round(luck.lognormal(np.log(size), made["spread"], count))
    most = terms_on(code, day).maximum
    top = drawn.max(initial=1) if most is None else most // MILLION
    found: Array = np.clip(drawn, 3, top).astype(np.int64) * MILLION
    return found


def _terms(luck: np.random.Generator, code: str, count: int) -> Array:
    made = calibration()["programmes"][code]["terms"]
    weights = np.array(list(made.values()), dtype=float)
    found: Array = luck.choice(np.array(list(made)), count, p=weights / weights.sum())
    return found


def _known_since(code: str) -> date:
    return programmes()[code].figures["rate"].values[0].starts_on


def _opening(frame: Frame, luck: np.random.Generator, code: str) -> pl.DataFrame:
    """Loans that still stand on the eve of the history: the younger ones more than the older ones."""
    cal = calibration()
    wanted = cal["outstanding"][0]["all"] * MILLION * frame.scale
    wanted = wanted * cal["programmes"][code]["opening"] / 100
    if not wanted:
        return pl.DataFrame()
    eve = month_of(START) - 1
    oldest = max(month_of(_OLDEST), month_of(_known_since(code)) + 1)
    count = int(wanted / (cal["programmes"][code]["size"] * MILLION * 0.5)) + 20
    term = _terms(luck, code, count)
    longest = np.minimum(term - 3, eve - oldest)
    # Density falling with age: the older, the more were repaid meanwhile.
    age = (longest * (1 - np.sqrt(1 - luck.random(count) * 0.93))).astype(np.int64)
    amount = _sizes(luck, code, date(2021, 6, 1) if oldest < eve - 12 else START, count)
    spacing = np.array([_spacing(code, int(t), _SPACED - 1) for t in term])
    left = 1 - 0.75 * (age // spacing) / np.ceil(term / spacing)
    taken = np.cumsum(amount * left) <= wanted
    return _rows(code, eve - age[taken], amount[taken], term[taken])


def _lending(frame: Frame, luck: np.random.Generator) -> list[pl.DataFrame]:
    """Lending month by month: as many loans as the month's money lasts."""
    cal = calibration()
    seasons = cal["seasons"]["lending"]
    parts = []
    for row in cal["lending"]:
        span = (
            range(12) if row["months"] == 12 else range(5) if row["months"] == 5 else range(5, 12)
        )
        whole = sum(seasons[n] for n in span)
        for n in span:
            month = row["year"] * 12 + n
            # The rest of a year is drawn too: what a span collects follows from all that it lends.
            if row["year"] > frame.on.year:
                continue
            for code in cal["programmes"]:
                money = row.get(code, 0) * MILLION * frame.scale * seasons[n] / whole
                if money:
                    parts.append(_of_month(luck, code, month, money))
    return parts


def _of_month(luck: np.random.Generator, code: str, month: int, money: float) -> pl.DataFrame:
    day = max(date(month // 12, month % 12 + 1, 15), _known_since(code))
    if day.month != month % 12 + 1:
        return pl.DataFrame()
    size = calibration()["programmes"][code]["size"] * MILLION
    amount = _sizes(luck, code, day, int(money / size * 1.6) + 12)
    # The last one is made when luck wills, so that small scales do not lose every remainder.
    before = np.cumsum(amount) - amount
    taken = (np.cumsum(amount) <= money) | (
        (before < money) & (luck.random(len(amount)) < (money - before) / amount)
    )
    amount = amount[taken]
    return _rows(code, np.full(len(amount), month), amount, _terms(luck, code, len(amount)))


def _rows(code: str, month: Array, amount: Array, term: Array) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "programme": [code] * len(month),
            "month": month.astype(np.int64),
            "amount": amount,
            "term": term.astype(np.int64),
        },
        schema={"programme": pl.String, "month": pl.Int64, "amount": pl.Int64, "term": pl.Int64},
    )


def _students(frame: Frame, luck: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Student loans and their later parts: paid out at the beginning of each term of study, autumn and spring."""
    made = calibration()["students"]
    studies = np.array(list(made["terms_of_study"]))
    weights = np.array(list(made["terms_of_study"].values()), dtype=float)
    rows, later = [], []
    number = 10**9
    for year in range(2018, frame.on.year + 1):
        count = round(made["a_year"] * frame.scale * (0.75 + 0.05 * (year - 2018)))
        terms = luck.choice(studies, count, p=weights / weights.sum())
        start = year * 12 + luck.choice([8, 9, 10], count, p=[0.3, 0.5, 0.2])
        for study, month in zip(terms.tolist(), start.tolist(), strict=True):
            number += 1
            months = [month + 12 * (n // 2) + 5 * (n % 2) for n in range(study)]
            amounts = [_a_term(m) for m in months]
            term = 12 * study + 12
            rows.append((STUDENTS, month, amounts[0], term, number, study, sum(amounts)))
            later += [
                (number, m, first_day(m), a)
                for m, a in zip(months[1:], amounts[1:], strict=True)
                if first_day(m) <= frame.last + 60
            ]
    names = ("programme", "month", "amount", "term", "draw", "study", "total")
    loans = pl.DataFrame(rows, schema=list(names), orient="row")
    return loans, pl.DataFrame(later, schema=["draw", "month", "month_day", "amount"], orient="row")


def _a_term(month: int) -> int:
    """What a term of five months may get by the law of its day."""
    day = date(month // 12, month % 12 + 1, 1)
    value = programmes()[STUDENTS].figures["monthly"].on(day).amount
    return int(min(value * 5, calibration()["students"]["a_term"]))


def _with_sources(loans: pl.DataFrame, luck: np.random.Generator) -> pl.DataFrame:
    """Whether the money is a local budget's."""
    shares = calibration()["programmes"]
    then = loans["programme"].replace_strict({c: shares[c]["local"][0] for c in shares}).to_numpy()
    since = loans["programme"].replace_strict({c: shares[c]["local"][1] for c in shares}).to_numpy()
    share = np.where(loans["month"].to_numpy() < month_of(START), then, since)
    special = (loans["programme"] == "GQVL").to_numpy() & (luck.random(len(loans)) < 0.04)
    return loans.with_columns(
        local=pl.Series(luck.random(len(loans)) * 100 < share),
        target_group=pl.Series(np.where(special, "special", "")),
        draw=pl.coalesce("draw", pl.int_range(pl.len(), dtype=pl.Int64)),
    )


def _with_groups(loans: pl.DataFrame, groups: Groups, luck: np.random.Generator) -> pl.DataFrame:
    """Loans over groups, each family of programmes evenly by what a group is like; direct loans to an office."""
    family = loans["programme"].replace_strict(
        {"NSVSMT": "water", "SXKDVKK": "hard", "NOXH": "direct", "XKLD": "direct", "DTTS": "hard"},
        default="work",
    )
    size = groups.size.astype(float)
    weights = {
        "work": size * np.where(groups.north & groups.rural, 0.72, 1.12),
        "water": size * np.where(groups.rural, 1.0, 0.35),
        "hard": size * np.where(groups.north & groups.rural, 1.0, 0.0),
    }
    if not weights["hard"].any():
        weights["hard"] = size
    group = np.full(len(loans), DIRECT)
    month = loans["month"].to_numpy()
    for name, weight in weights.items():
        at = np.flatnonzero((family == name).to_numpy())
        at = at[np.argsort(month[at] + luck.random(len(at)), kind="stable")]
        group[at] = _evenly(weight, len(at), luck)
    by_hand = np.flatnonzero(group == DIRECT)
    office = np.where(group == DIRECT, 0, groups.office[np.maximum(group, 0)])
    office[by_hand] = luck.choice(groups.office, len(by_hand))
    return loans.with_columns(group=pl.Series(group), office=pl.Series(office))


def _evenly(weight: Array, count: int, luck: np.random.Generator) -> Array:
    """A sequence of ``count`` groups in which each comes as often as its weight says, at even distances."""
    some = np.flatnonzero(weight)
    share = weight[some] / weight[some].sum()
    each = np.ceil(share * count + 1).astype(int)
    owner = np.repeat(some, each)
    turn = np.arange(len(owner)) - np.repeat(np.cumsum(each) - each, each)
    when = (turn + np.repeat(luck.random(len(some)), each) + luck.random(len(owner)) * 0.3) / np.repeat(share, each)  # fmt: skip
    found: Array = owner[np.argsort(when, kind="stable")[:count]]
    return found


def _with_days(loans: pl.DataFrame, luck: np.random.Generator) -> pl.DataFrame:
    """Most group loans are paid out in the session; ``session_of``: the day of the month on which the loan is paid on."""
    count = len(loans)
    any_day = luck.integers(1, 29, count)
    at_session = (loans["group"] != DIRECT).to_numpy() & (luck.random(count) < 0.7)
    return loans.with_columns(any_day=pl.Series(any_day), at_session=pl.Series(at_session))


def _within_the_law(loans: pl.DataFrame) -> pl.DataFrame:
    """No loan above the maximum of its own day: sizes were drawn by their month's."""
    places = ["programme", "disbursed", "target_group"]
    keys = loans.select(places).unique()
    most = [terms_on(code, day_of_number(day), group).maximum for code, day, group in keys.rows()]
    limits = keys.with_columns(most=pl.Series(most, dtype=pl.Int64))
    above = pl.col("amount") > pl.col("most")
    found = loans.join(limits, on=places, how="left", maintain_order="left")
    return found.with_columns(
        pl.when(above).then("most").otherwise(name).alias(name) for name in ("amount", "total")
    ).drop("most")


def _flows(loans: pl.DataFrame, later: pl.DataFrame) -> dict[int, Array]:
    first = loans.group_by("month", "local").agg(pl.col("amount").sum())
    more = later.group_by("month").agg(pl.col("amount").sum()).with_columns(local=pl.lit(False))
    both = pl.concat(
        [first.select("month", "local", "amount"), more.select("month", "local", "amount")]
    )
    flows: dict[int, Array] = {}
    for month, local, amount in both.rows():
        flows.setdefault(month, np.zeros(2))[int(local)] += amount
    return flows


def _with_terms(loans: pl.DataFrame) -> pl.DataFrame:
    """Rate, spacing, regime by the law of the disbursement's day."""
    keys = loans.select("programme", "disbursed", "target_group", "term", "own").unique()
    names = ["programme", "disbursed", "target_group", "term", "own"]
    found = ["rate", "law_hash", "spacing", "by_instalment", "channel"]
    table = pl.DataFrame(
        [(*key, *_law_of(*key)) for key in keys.select(names).rows()],
        schema=[*names, *found],
        orient="row",
    )
    return loans.join(table, on=names, how="left", maintain_order="left")


def _spacing(code: str, term: int, day: int, channel: str = "group") -> int:
    """Months between instalments; contracts for production made before VB 2174 was applied name one part or two."""
    if code == STUDENTS:
        # As the offices' calculator has it: nothing falls due before a year after the study, half of it then.
        return (term + 12) // 2
    if day < _SPACED and calibration()["programmes"][code]["class"] == "work" and term <= 60:
        return min(term, 48)
    return default_spacing(code, term, channel, day_of_number(day))


def _law_of(code: str, day: int, group: str, term: int, own: bool) -> tuple[Any, ...]:
    """Rate, hash, spacing, whether a missed instalment becomes overdue, channel."""
    law = terms_on(code, day_of_number(day), group)
    channel = "direct" if law.channel == "direct" else "group"
    spacing = 6 if own else _spacing(code, term, day, channel)
    instalment = law.regime == "instalment" and channel == "group"
    return law.rate_ppm, law.law_hash, spacing, instalment, channel


def _with_sessions(loans: pl.DataFrame, groups: Groups, luck: np.random.Generator) -> pl.DataFrame:
    """``session`` (0 for direct loans), ``session_of`` and the day of the disbursement."""
    group = loans["group"].to_numpy()
    session = np.where(group == DIRECT, 0, groups.session[np.maximum(group, 0)])
    any_day = loans["any_day"].to_numpy()
    day = np.where(loans["at_session"].to_numpy(), session, any_day)
    month = loans["month"].to_numpy()
    first = np.array([first_day(m) for m in range(int(month.min()), int(month.max()) + 1)])
    disbursed = first[month - month.min()] + day - 1
    known = {c: day_number(_known_since(c)) for c in loans["programme"].unique()}
    least = loans["programme"].replace_strict(known).to_numpy()
    disbursed = np.where(disbursed < least, least, disbursed)
    share = {c: v.get("own_spacing", 0) for c, v in calibration()["programmes"].items()}
    own = loans["programme"].replace_strict(share).to_numpy()
    own = (luck.random(len(loans)) * 100 < own) & (disbursed >= _CHANGED)
    return loans.with_columns(
        session=pl.Series(session),
        session_of=pl.Series(np.where(session == 0, day, session)),
        disbursed=pl.Series(disbursed),
        own=pl.Series(own),
    )
