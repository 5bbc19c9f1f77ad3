"""Groups and communes whose figures move the wrong way."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from tdcs.core.basis import without_basis
from tdcs.core.columns import EPOCH, day_of_number
from tdcs.problem_loans.rules.columns import PPM, Book, bit, share, warning
from tdcs.problem_loans.rules.thresholds import COMMUNE, GROUP, threshold

_WHY: Final = "dấu hiệu trước khi nợ quá hạn, không văn bản nào quy định"
_PARENTS: Final = {GROUP: ("commune", "office"), COMMUNE: ("office",)}


def _parents(place: str) -> list[pl.Expr]:
    """Where a place lies, as it stands in most lately read rows."""
    return [pl.col(name).first() for name in _PARENTS[place]]


@without_basis(_WHY)
def silent_share(owing: pl.DataFrame, found: pl.DataFrame, place: str, day: date) -> pl.DataFrame:
    """Of a place's loans that owe interest (``owing``) the share that is silent beyond its past (``found``)."""
    by = threshold(day, "silent_share", place)
    there = owing.filter(pl.col(place) > 0).group_by(place).agg(*_parents(place), now=pl.len())
    quiet = found.group_by(place).agg(count=pl.len(), amount=pl.col("balance").sum())
    rows = there.join(quiet, on=place).filter(pl.col("count") >= by["loans"])
    rows = rows.with_columns(figure=pl.col("count").cast(pl.Int64) * PPM // pl.col("now"))
    return warning(rows, "silent_share", place, by["levels"])


@without_basis(_WHY)
def interest_falling(book: Book, place: str, day: date) -> pl.DataFrame:
    """Interest collected ÷ to collect of the ``recent`` months lies below what is usual of the place.

    Usual is the smaller of the ``before`` months ahead of them and the same months of a year ago, where they are known: a place
    that pays after harvests fell last year as well. figure = usual − now.
    """
    by = threshold(day, "interest_falling", place)
    recent, ago = by["recent"], pl.col("ago")
    spans = {
        "now": ago < recent,
        "ahead": ago.is_between(recent, recent + by["before"] - 1),
        "year": ago.is_between(12, 11 + recent),
    }
    sums = [
        pl.col(of).filter(span).sum().alias(f"{name}_{of}")
        for name, span in spans.items()
        for of in ("to_collect", "collected_month")
    ]
    rows = book.sums.filter(pl.col(place) > 0).sort("ago").group_by(place, maintain_order=True)
    found = rows.agg(*_parents(place), *sums, _loans=pl.col("loans").filter(ago == 0).sum())
    rate = {
        name: pl.min_horizontal(
            share(pl.col(f"{name}_collected_month"), pl.col(f"{name}_to_collect")), pl.lit(PPM)
        )
        for name in spans
    }
    known = found.with_columns(
        now=rate["now"],
        _ahead=rate["ahead"],
        _year=pl.when(pl.col("year_to_collect") > 0).then(rate["year"]).otherwise(PPM),
    ).filter(
        pl.col("ahead_to_collect") > 0,
        pl.col("_loans") >= by["loans"],
        pl.col("now") < by["below"],
    )
    known = known.with_columns(
        before=pl.min_horizontal("_ahead", "_year"),
        amount=pl.max_horizontal(
            pl.col("now_to_collect") - pl.col("now_collected_month"), pl.lit(0)
        ),
    ).with_columns(figure=pl.col("before") - pl.col("now"))
    return warning(known, "interest_falling", place, by["levels"])


@without_basis(_WHY)
def absent(owing: pl.DataFrame, months: int, day: date) -> pl.DataFrame:
    """Groups in which hardly anybody paid in some of the last ``of`` months, more often than in the months before and than a
    year ago. A month counts when fewer than ``share`` of at least ``loans`` loans that owed interest paid."""
    by = threshold(day, "absent", GROUP)
    last = list(range(by["of"]))
    ahead = list(range(by["of"], by["of"] + by["before"]))
    year = [ago for ago in range(12, 12 + by["of"]) if ago < months]
    sums = [
        one
        for ago in (*last, *ahead, *year)
        for one in (
            bit("owed_bits", ago).sum().alias(f"owed{ago}"),
            (bit("owed_bits", ago) * bit("paid_bits", ago)).sum().alias(f"paid{ago}"),
        )
    ]
    rows = owing.filter(pl.col("group") > 0).group_by("group").agg(*_parents(GROUP), *sums)

    def away(ago: int) -> pl.Expr:
        few = pl.col(f"paid{ago}") * PPM < pl.col(f"owed{ago}") * by["share"]
        return (few & (pl.col(f"owed{ago}") >= by["loans"])).cast(pl.Int64)

    rows = rows.with_columns(
        figure=pl.sum_horizontal(*map(away, last)),
        before=pl.sum_horizontal(pl.lit(0), *map(away, ahead)) * by["of"] // by["before"],
        _year=pl.sum_horizontal(pl.lit(0), *map(away, year)),
        now=pl.col("paid0"),
        count=pl.col("owed0"),
    ).filter(pl.col("figure") > pl.max_horizontal("before", "_year"))
    rows = rows.with_columns(
        strength=pl.col("figure") * PPM - pl.col("now") * PPM // pl.col("count")
    )
    return warning(rows, "absent", GROUP, by["levels"])


@without_basis(_WHY)
def maturities(book: Book, place: str, day: date) -> pl.DataFrame:
    """The month within ``ahead`` months in which most of a place's principal falls due, of all its principal."""
    by = threshold(day, "maturities", place)
    rows = book.loans.filter(pl.col(place) > 0, pl.col("balance") > 0, pl.col("frozen") == 0)
    owed = rows.group_by(place).agg(*_parents(place), _all=pl.col("balance").sum())
    coming = rows.filter(
        pl.col("next_due") > book.day,
        pl.col("next_due") <= book.day + by["ahead"] * 365 // 12,
        pl.col("next_amount") > 0,
    )
    due = (pl.col("next_due").cast(pl.Int32)).cast(pl.Date).dt.truncate("1mo")
    by_month = (
        coming.with_columns(when=(due - pl.lit(EPOCH)).dt.total_days())
        .group_by(place, "when")
        .agg(amount=pl.col("next_amount").sum(), count=pl.len())
        .filter(pl.col("count") >= by["loans"])
        .sort("amount", "when", descending=[True, False])
        .unique(place, keep="first", maintain_order=True)
    )
    found = by_month.join(owed, on=place).with_columns(
        figure=share(pl.col("amount"), pl.col("_all"))
    )
    return warning(found, "maturities", place, by["levels"])


@without_basis(_WHY)
def paying_for_many(book: Book, day: date) -> pl.DataFrame:
    """Groups of which many households paid on one day beside the group's own, in several of this month and the ``of`` before.

    The group's own day of a month is the one on which most of its households paid. Nobody notes who brought the money: that many
    pay together beside the session is the sign.
    """
    by = threshold(day, "paying_for_many", GROUP)
    least = by["levels"][0]
    dated = pl.col("day").cast(pl.Int32).cast(pl.Date)
    today = day_of_number(book.day)
    first = today.year * 12 + today.month - by["of"]
    rows = book.days.with_columns(_month=dated.dt.year() * 12 + dated.dt.month())
    rows = rows.sort("households", "day", descending=[True, False])
    besides = rows.filter(pl.int_range(pl.len()).over("group", "_month") > 0)
    found = (
        besides.filter(pl.col("households") >= least, pl.col("_month") >= first)
        .group_by("group")
        .agg(
            count=pl.col("_month").n_unique(),
            figure=pl.col("households").min(),
            when=pl.col("day").max(),
            now=pl.col("households").max(),
        )
        .filter(pl.col("count") >= by["times"])
    )
    homes = book.loans.group_by("group").agg(*_parents(GROUP), amount=pl.col("balance").sum())
    found = found.join(homes, on="group").with_columns(
        strength=pl.col("figure") * pl.col("count") * PPM // least
    )
    return warning(found, "paying_for_many", GROUP, by["levels"])


@without_basis(_WHY)
def rolling(book: Book, day: date) -> pl.DataFrame:
    """Programmes in communes whose principal becomes overdue much faster than before and than in the province.

    figure = newly overdue of the ``recent`` months ÷ in time at the end of the month before them; before: the larger of the
    commune's own and the province's, as they are for as many months.
    """
    by = threshold(day, "rolling", COMMUNE)
    recent, before, ago = by["recent"], by["before"], pl.col("ago")
    sums = {
        "now": pl.col("newly_overdue").filter(ago < recent).sum(),
        "now_of": pl.col("in_time").filter(ago == recent).sum(),
        "was": pl.col("newly_overdue").filter(ago.is_between(recent, recent + before - 1)).sum(),
        "was_of": pl.col("in_time").filter(ago.is_between(recent, recent + before - 1)).sum(),
        "count": pl.col("overdue_loans").filter(ago == 0).sum(),
    }
    figure = share(pl.col("now"), pl.col("now_of"))
    # The balances of `before` months stand in was_of: their sum ÷ before is a month's, and the roll of `recent` months is wanted.
    was = share(pl.col("was") * recent, pl.col("was_of"))
    rows = book.sums.filter(pl.col("commune") > 0).sort("ago")
    there = rows.group_by("commune", "programme", maintain_order=True)
    found = there.agg(*_parents(COMMUNE), **sums).filter(pl.col("now_of") > 0)
    whole = book.sums.group_by("programme").agg(**sums).select("programme", _all=figure)
    found = found.with_columns(figure=figure, before=was).join(whole, on="programme", how="left")
    found = found.with_columns(before=pl.max_horizontal("before", "_all"), amount=pl.col("now"))
    found = found.filter(
        pl.col("count") >= by["loans"], pl.col("figure") >= pl.col("before") * by["times"]
    ).drop("now")
    return warning(found, "rolling", COMMUNE, by["levels"])
