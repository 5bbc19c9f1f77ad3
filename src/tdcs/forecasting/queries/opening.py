"""Where a projection begins: the stocks of a closed month-end, how borrowers paid in the year before it, and what was lent."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Final

import narwhals as nw
import polars as pl

from tdcs.closing.queries import store
from tdcs.closing.queries.frames import contracts_of, events_of
from tdcs.closing.rules.rows import figures
from tdcs.closing.store import Store
from tdcs.core.columns import day_number, month_numbers
from tdcs.core.frames import Frame
from tdcs.core.months import month_end
from tdcs.forecasting.errors import AssumptionWrong, EmptyBook, NoMonthClosed, TooFewMonths
from tdcs.forecasting.queries.sources import commune_sources
from tdcs.forecasting.rules.assumptions import (
    CENTRAL,
    LOCAL,
    OLDEST,
    PPM,
    TIERS,
    Assumptions,
    faults,
)
from tdcs.forecasting.rules.costs import Costs
from tdcs.forecasting.rules.habits import (
    FLOWS,
    Past,
    by_age,
    by_programme,
    collected_of,
    paid_in_month,
)
from tdcs.forecasting.rules.path import RUNNING, Book, Borrowing, Key, Stock, parts_of, year_of
from tdcs.forecasting.rules.runoff import LATE, by_month, coming
from tdcs.forecasting.rules.scenario import Opening
from tdcs.group_results.rules.earnings import commission_terms, fee_terms
from tdcs.loans.rules.history import Position
from tdcs.loans.rules.schedule import schedule
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.lawbook import cite

YEAR: Final = 12
# The key of the whole book among programmes: what is asked of one of which nothing is known.
UNKNOWN: Final = ""
# The book's habits weigh in a programme's as if so much more had fallen due by them (dong).
LEAST_DUE: Final = 100_000_000
COLUMNS: Final = (
    "loan", "programme", "local", "disbursed", "principal", "term", "spacing", "session", "by_instalment",
    "plain", "rate", "lent", "paid", "frozen_from", "frozen_to", "group",
)  # fmt: skip
# Every key of events: a month-end is told with all that is known of it now.
_ALL: Final = 2**62


def base_of(on: date) -> date:
    """The last closed month-end up to a day. Raises NoMonthClosed."""
    ends = [day for day in store().month_ends() if day <= on]
    if not ends:
        raise NoMonthClosed(day=f"{on:%d/%m/%Y}")
    return ends[-1]


def opening(base: date, assumed: Assumptions) -> Opening:
    """The book at the end of ``base``, a closed month-end.

    Raises AssumptionWrong, TooFewMonths, EmptyBook, SnapshotDamaged.
    """
    if wrong := faults(assumed, base.year):
        raise AssumptionWrong(wrong)
    kept = store()
    ends = _year_before(kept, base)
    rows = kept.read(base, COLUMNS).filter(pl.col("lent") > pl.col("paid")).collect()
    if rows.is_empty():
        raise EmptyBook(day=f"{base:%d/%m/%Y}")
    months = (assumed.until - base.year) * YEAR + YEAR - base.month
    stocks = _stocks(rows, base, max(months, 1))
    new = rows.filter(pl.col("disbursed") > day_number(ends[0]))
    lent = (
        kept.sums_many(ends[1:])
        .group_by("day", "programme", "local")
        .agg(pl.col("lent_month").sum())
    )
    lending = lent.collect()
    pasts = pasts_of(kept, ends)
    habits = by_age(pasts, least_due=LEAST_DUE)
    profiles = _profiles(new)
    programmes = {key[0] for key in stocks} | set(lending["programme"].cast(pl.String)) | {UNKNOWN}
    return Opening(
        book=Book(
            base,
            stocks,
            {
                code: Borrowing(
                    habits.get(code, habits[UNKNOWN]), profiles.get(code, profiles[UNKNOWN])
                )
                for code in sorted(programmes)
            },
            collected_of(pasts),
        ),
        at_year_begin=_outstanding(kept, month_end(base, -base.month)),
        lent=_by_key(lending),
        season=_season(lending),
        rates=_rates(new),
        communes=_communes(kept, base),
        costs=_costs(rows, base),
        habits=by_programme(pasts, least_due=LEAST_DUE),
    )


def _year_before(kept: Store, base: date) -> list[date]:
    """Thirteen month-ends, the last of them ``base``. Raises TooFewMonths."""
    ends = [month_end(base, back) for back in range(-YEAR, 1)]
    there = set(kept.month_ends())
    found = next((n for n, end in enumerate(reversed(ends)) if end not in there), len(ends))
    if found < len(ends):
        raise TooFewMonths(day=f"{base:%d/%m/%Y}", found=found, needed=len(ends))
    return ends


def tier_of(local: bool) -> str:
    """The tier of a row of the closed days."""
    return LOCAL if local else CENTRAL


def _outstanding(kept: Store, day: date) -> dict[str, int]:
    """Outstanding of each tier on a closed day."""
    found = kept.sums(day).group_by("local").agg(pl.col("balance").sum()).collect()
    held = {tier_of(local): balance for local, balance in found.rows()}
    return {tier: held.get(tier, 0) for tier in TIERS}


def run_off(rows: pl.DataFrame, base: date) -> Frame:
    """``coming`` of the loans of a month-end, each with its own instalments as they stand on it. In: COLUMNS."""
    day = day_number(base)
    plain = nw.from_native(rows.filter("plain"), eager_only=True)
    laid = [schedule(plain).select("loan", "number", "trigger", "principal")]
    moved = rows.filter(~pl.col("plain"))["loan"].to_list()
    if moved:
        life = Position(
            contracts_of(moved, base),
            events_of(moved, base, _ALL),
            day,
            decrees=decrees_taken_up(),
        )
        laid.append(life.folded.instalments.select("loan", "number", "trigger", "principal"))
    is_frozen = (pl.col("frozen_from") <= day) & (pl.col("frozen_to") >= day)
    loans = rows.select(
        "loan", "paid", "by_instalment", frozen_to=pl.when(is_frozen).then("frozen_to").otherwise(0)
    )
    return coming(nw.from_native(loans, eager_only=True), nw.concat(laid), day)


def _stocks(rows: pl.DataFrame, base: date, months: int) -> dict[Key, Stock]:
    """What is to come by programme, tier and year of lending, with the rate of the mean dong."""
    kinds = rows.with_columns(year=year_lent(base))
    of_loans = nw.from_native(kinds.select("loan", "programme", "local", "year"), eager_only=True)
    keys = ("programme", "local", "year")
    rolled = run_off(rows, base).join(of_loans, on="loan", how="inner")
    sums: dict[tuple[str, bool, int], dict[int, int]] = {}
    for programme, local, year, month, principal in by_month(rolled, keys, months).rows():
        sums.setdefault((programme, local, year), {})[month] = principal
    weighed = kinds.group_by(keys).agg(
        rate=((pl.col("lent") - pl.col("paid")).cast(pl.Int128) * pl.col("rate")).sum()
        // (pl.col("lent") - pl.col("paid")).sum()
    )
    rates = {(programme, local, year): int(rate) for programme, local, year, rate in weighed.rows()}
    return {
        Key(programme, tier_of(local), RUNNING, year): Stock(
            rates[programme, local, year],
            held.get(LATE, 0),
            tuple(held.get(month, 0) for month in range(1, months + 2)),
        )
        for (programme, local, year), held in sorted(sums.items())
    }


def year_lent(base: date) -> pl.Expr:
    """The year of a loan's first disbursement, the oldest years as one."""
    year = pl.col("disbursed").cast(pl.Int32).cast(pl.Date).dt.year().cast(pl.Int64)
    return pl.max_horizontal(year, pl.lit(year_of(0, base.year), pl.Int64))


def pasts_of(kept: Store, ends: Sequence[date]) -> dict[tuple[str, int], Past]:
    """What the months between the ends add up to, by programme and age in calendar years (OLDEST for all older)."""
    found: dict[tuple[str, int], Past] = {}
    for begun, end in itertools.pairwise(ends):
        first, last = day_number(begun), day_number(end)
        rows = kept.read(begun, _FIGURES).filter(pl.col("lent") > pl.col("paid"))
        staged: pl.LazyFrame = figures(nw.from_native(rows)).to_native()
        falling = pl.col("next_trigger").is_between(first + 1, last) & (pl.col("frozen") == 0)
        opened = staged.select(
            "loan", "programme", "balance", "overdue", paid_before="paid", off_before="written_off",
            age=pl.min_horizontal(end.year - year_lent(end), pl.lit(OLDEST, pl.Int64)),
            due=pl.when(falling).then("next_amount").otherwise(0),
        )  # fmt: skip
        after = kept.read(end, ("loan", "paid", "written_off", "overdue")).rename(
            {"overdue": "overdue_after"}
        )
        both = opened.join(after, on="loan", how="left").with_columns(
            # A loan that owes nothing any more leaves the book: what it owed was repaid.
            pl.col("paid").fill_null(pl.col("paid_before") + pl.col("balance")),
            pl.col("written_off").fill_null(pl.col("off_before")),
            pl.col("overdue_after").fill_null(0),
        )
        gone = pl.col("written_off") - pl.col("off_before")
        repaid = both.with_columns(repaid=pl.col("paid") - pl.col("paid_before") - gone).collect()
        told: pl.DataFrame = paid_in_month(nw.from_native(repaid, eager_only=True)).to_native()
        sums = told.group_by("programme", "age").agg(pl.col(FLOWS).sum())
        for programme, age, *parts in sums.rows():
            found[programme, age] = found.get((programme, age), Past()) + Past(*parts)
    return found


def _communes(kept: Store, base: date) -> int:
    """Of the local money that is lent, what came from communes' budgets (ppm)."""
    communes = commune_sources(base)
    rows = kept.sums(base).filter("local").group_by("source").agg(pl.col("balance").sum()).collect()
    held = dict(rows.rows())
    whole = sum(held.values())
    theirs = sum(dong for source, dong in held.items() if source in communes)
    return int(theirs * PPM // whole) if whole else 0


def _costs(rows: pl.DataFrame, base: date) -> Costs:
    """Commission and fee as they stand on the first day, and what part of each programme groups manage."""
    balance = pl.col("lent") - pl.col("paid")
    sums = rows.group_by("programme").agg(
        balance=balance.sum(), held=balance.filter(pl.col("group") > 0).sum()
    )
    commission, fee = commission_terms(base), fee_terms(base)
    return Costs(
        commission.interest.amount,
        fee.rate.amount,
        {code: held * PPM // whole for code, whole, held in sums.sort("programme").rows()},
        "; ".join((cite(commission.interest), fee.basis)),
    )


_FIGURES: Final = (
    "loan", "programme", "disbursed", "frozen",
    "lent", "paid", "written_off", "fallen", "overdue", "next_trigger", "next_reach", "collected",
    "waived", "accrued", "lent_0", "paid_0", "written_off_0", "collected_0", "waived_0", "accrued_0", "overdue_0",
)  # fmt: skip


def _profiles(new: pl.DataFrame) -> dict[str, tuple[int, ...]]:
    """By programme and of all (UNKNOWN): the share (ppm) of a new loan that comes back in the 1st, 2nd, … month after its own."""
    laid = schedule(nw.from_native(new, eager_only=True))
    kinds = nw.from_native(new.select("loan", "programme", "disbursed"), eager_only=True)
    rows = laid.join(kinds, on="loan", how="inner")
    rows = month_numbers(rows, "_due", nw.col("trigger"))
    rows = month_numbers(rows, "_lent", nw.col("disbursed"))
    after = nw.max_horizontal(nw.col("_due") - nw.col("_lent"), nw.lit(1, dtype=nw.Int64))
    sums = (
        rows.with_columns(after=after).group_by("programme", "after").agg(nw.col("principal").sum())
    )
    found: dict[str, dict[int, int]] = {}
    for programme, month, principal in sums.rows():
        found.setdefault(programme, {})[month] = principal
        every = found.setdefault(UNKNOWN, {})
        every[month] = every.get(month, 0) + principal
    found.setdefault(UNKNOWN, {YEAR: PPM})
    return {
        code: tuple(parts_of(PPM, [held.get(month, 0) for month in range(1, max(held) + 1)]))
        for code, held in found.items()
    }


def _by_key(lending: pl.DataFrame) -> dict[tuple[str, str], int]:
    sums = (
        lending.group_by("programme", "local")
        .agg(pl.col("lent_month").sum())
        .sort("programme", "local")
    )
    return {(programme, tier_of(local)): dong for programme, local, dong in sums.rows() if dong > 0}


def _season(lending: pl.DataFrame) -> tuple[int, ...]:
    """What was lent in January, February, … of the twelve months."""
    sums = lending.group_by(month=pl.col("day").dt.month()).agg(pl.col("lent_month").sum())
    held = dict(sums.rows())
    return tuple(held.get(month, 0) for month in range(1, YEAR + 1))


def _rates(new: pl.DataFrame) -> dict[tuple[str, str], int]:
    """The mean rate (ppm a year) of what was lent in the twelve months, by programme and tier."""
    weighed = new.group_by("programme", "local").agg(
        rate=(pl.col("lent").cast(pl.Int128) * pl.col("rate")).sum() // pl.col("lent").sum()
    )
    return {
        (programme, tier_of(local)): int(rate)
        for programme, local, rate in weighed.sort("programme", "local").rows()
    }
