"""One day of the book: yesterday's rows and today's events in, today's rows out.

The increment of history.py, which says from all events what these rows must be: two definitions on purpose.

Most rows need no more than themselves. The instalments of a row are laid out anew, from the terms it carries, only when a
trigger day has passed or overdue principal was paid. What the row cannot tell (a reversal, a moved instalment, a freeze)
is folded from the loan's whole life by the engine; ``needs`` names those loans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import narwhals as nw

from tdcs.closing.rules.history import rows_from_events
from tdcs.closing.rules.rows import (
    KEYS,
    MONTH,
    PLACE,
    ROW,
    STATE,
    TERMS,
    WORDS,
    accrue_day,
    kind_of,
    new_month,
    owed_before,
    split_balance,
)
from tdcs.core.basis import basis, without_basis
from tdcs.core.frames import Frame
from tdcs.loans.rules.accrual import overdue_percent
from tdcs.loans.rules.balance import EVERYTHING, judged, late, overdue_since, zero
from tdcs.loans.rules.days import next_instalments
from tdcs.loans.rules.kinds import (
    CHANGES,
    DISBURSEMENT,
    FREEZE,
    INTEREST,
    PRINCIPAL,
    RATE,
    REFUND_INTEREST,
    REVERSE,
    UNFREEZE,
    WRITE_OFF,
    WRITE_OFF_INTEREST,
)
from tdcs.loans.rules.running import with_law
from tdcs.loans.rules.schedule import named, schedule
from tdcs.programmes.rules.decrees import Decrees

_TURNS: Final = (*CHANGES, FREEZE, UNFREEZE, RATE, REVERSE)
# So many loans are folded at once: a decree may reach a whole province on its day.
_PIECE: Final = 25_000
# What a day may change of a row; the contract's terms never, the month's beginning only for folded rows.
_CHANGING: Final = ("household", *PLACE, *TERMS, *STATE, *MONTH)
_NEXT: Final = ("fallen", "overdue_since", "next_trigger", "next_due", "next_reach")


@dataclass(frozen=True, slots=True)
class Today:
    """What happened on a day.

    ``events``: EVENT of the day. ``opened``: CONTRACT of the loans first paid out on it. ``places``: loan, household
    and PLACE of loans that belong elsewhere from this day on (``loan`` alone is enough when nobody moved: no rows).
    ``reached``: loan of those whom the law of running loans changes on this day; ``decrees``: those that the book has
    taken up.
    """

    day: int
    month_start: int
    events: Frame
    opened: Frame
    places: Frame
    reached: Frame | None = None
    decrees: Decrees | None = None

    @property
    def first_of_month(self) -> bool:
        return self.day == self.month_start


@dataclass(frozen=True, slots=True)
class Closed:
    """``rows``: the day's ROW, by loan; ``refused``: loan, code of histories that the engine refuses; ``unknown``: loans
    with events that neither yesterday nor the register knows; ``lost``: loans that owe and have no row of yesterday."""

    rows: Frame
    refused: Frame
    unknown: list[int]
    lost: list[int]


@without_basis("chọn những khoản phải tính lại từ đầu")
def loans_to_refold(yesterday: Frame, today: Today) -> Frame:
    """loan: those of whom the close must read the whole life."""
    col, eve = nw.col, today.day - 1
    first = _first_disbursements(today)
    turned = today.events.filter(col("kind").is_in(list(_TURNS)))
    turned = turned.join(first.select("key"), on="key", how="anti").select("loan")
    known = nw.concat([yesterday.select("loan"), today.opened.select("loan")])
    absent = today.events.select("loan").unique().join(known, on="loan", how="anti")
    changed = yesterday.filter(~col("plain"))
    due = changed.filter((col("next_trigger") == eve) | (col("frozen_to") == eve)).select("loan")
    paid = today.events.filter(col("kind").is_in([PRINCIPAL, WRITE_OFF])).select("loan").unique()
    late_paid = changed.filter(_late() > 0).select("loan").join(paid, on="loan", how="semi")
    parts = [turned, absent, due, late_paid]
    if today.reached is not None:
        parts.append(today.reached.join(yesterday.select("loan"), on="loan", how="semi"))
    return nw.concat(parts).unique("loan")


def _late() -> nw.Expr:
    col = nw.col
    return late(col("fallen"), col("lent"), col("paid"))


@without_basis("gọi các quy tắc khác cho một ngày của sổ")
def close(yesterday: Frame, today: Today, contracts: Frame, histories: Frame) -> Closed:
    """Today's rows. ``contracts`` and ``histories``: CONTRACT and EVENT of the loans that ``needs`` named."""
    whole, refused = folded(contracts, histories, today)
    asked = loans_to_refold(yesterday, today)
    rows = advance(yesterday, today, asked, whole)
    if not rows["loan"].is_sorted():
        rows = rows.sort("loan")
    there = nw.concat([yesterday.select("loan"), today.opened.select("loan")])
    fresh = asked.join(there, on="loan", how="anti")
    unknown, lost = unmatched_loans(fresh, today, contracts, histories, whole)
    return Closed(rows, refused, unknown, lost)


def folded(contracts: Frame, histories: Frame, today: Today) -> tuple[Frame, Frame]:
    """``rows_from_events`` of the loans that the close asks for, in pieces that a small machine holds."""
    parts = []
    for first in range(0, max(len(contracts), 1), _PIECE):
        some = contracts[first : first + _PIECE]
        theirs = histories
        if len(contracts) > _PIECE:
            theirs = histories.join(some.select("loan"), on="loan", how="semi")
        parts.append(
            rows_from_events(some, theirs, today.day, today.month_start, decrees=today.decrees)
        )
    if len(parts) == 1:
        return parts[0]
    return nw.concat([rows for rows, _ in parts]).sort("loan"), nw.concat([no for _, no in parts])


def unmatched_loans(
    fresh: Frame, today: Today, contracts: Frame, histories: Frame, whole: Frame
) -> tuple[list[int], list[int]]:
    """(unknown, lost) of the loans with events that have no row of yesterday and are not new."""
    col = nw.col
    unknown = fresh.join(contracts.select("loan"), on="loan", how="anti")
    # A loan without a row of yesterday must have settled before this month, and rested since.
    before = histories.filter((col("day") >= today.month_start) & (col("day") < today.day))
    owed = whole.filter(owed_before())
    lost = nw.concat([before.select("loan"), owed.select("loan")]).unique("loan")
    lost = fresh.join(lost, on="loan", how="semi")
    return sorted(unknown["loan"].to_list()), sorted(lost["loan"].to_list())


def advance(yesterday: Frame, today: Today, asked: Frame, whole: Frame) -> Frame:
    """Today's rows in yesterday's order and types, the loans that yesterday did not have behind.

    ``asked``: what ``needs`` named; ``whole``: their rows, folded anew. A row to which nothing happened earns its day's
    interest and stays as it is otherwise; the others, a few in a hundred, go through the day's steps.
    """
    kept = new_month(yesterday) if today.first_of_month else yesterday
    opened = today.opened.join(asked, on="loan", how="anti")
    places = _stirring(kept, today, asked)
    moving = _typed(kept[places["_at"].to_list(), :], today.opened)
    parts = [moving.join(asked, on="loan", how="anti"), _opening(opened, today)]
    busy = nw.concat([part for part in parts if len(part)] or parts[:1])
    done = [_moved(_stepped(busy, today), today.places)]
    if len(whole):
        done.append(_remembering(whole, moving))
    return _scattered(accrue_day(kept), places, nw.concat(done))


def _stirring(kept: Frame, today: Today, asked: Frame) -> Frame:
    """loan, _at: the rows, by their place, to which something happens beside a day's interest."""
    stirred = nw.concat([today.events.select("loan"), asked, today.places.select("loan")])
    light = kept.select(nw.col("loan").cast(nw.Int64), "next_trigger").with_row_index("_at")
    named = light.join(stirred.unique("loan"), on="loan", how="semi")
    due = light.filter(nw.col("next_trigger") == today.day - 1)
    return nw.concat([named, due]).select("loan", "_at").unique("_at").sort("_at")


def _typed(rows: Frame, like: Frame) -> Frame:
    """``rows`` in the types of the rules; words as ``like`` has them (a snapshot keeps narrower ones)."""
    kinds = {name: like.schema[name] if name in WORDS else kind_of(name) for name in ROW}
    return rows.select(nw.col(name).cast(kind) for name, kind in kinds.items())


def _scattered(rows: Frame, places: Frame, changed: Frame) -> Frame:
    """``rows`` with those at ``places`` as ``changed`` has them, and what else it has behind. One at a place that is not
    in ``changed`` leaves."""
    changed = changed.select(nw.col(name).cast(rows.schema[name]) for name in ROW)
    found = places.join(changed, on="loan", how="inner")
    behind = changed.join(places, on="loan", how="anti")
    before = rows[found["_at"].to_list(), :]
    # A column that nothing changed is carried on as it is.
    turned = [name for name in _CHANGING if not (before[name] == found[name]).all()]
    left = {name: rows[name].scatter(found["_at"], found[name]) for name in turned}
    rows = rows.with_columns(**left)
    if len(found) < len(places):
        gone = places.join(changed, on="loan", how="anti")
        rows = rows.join(gone.select("loan"), on="loan", how="anti")
    return nw.concat([rows, behind]) if len(behind) else rows


def _first_disbursements(today: Today) -> Frame:
    """key, loan, principal: the event that opened each of today's new loans."""
    paid_out = today.events.filter(nw.col("kind") == DISBURSEMENT)
    paid_out = paid_out.join(today.opened.select("loan"), on="loan", how="semi")
    first = paid_out.unique("loan", keep="first", order_by=["key"])
    return first.select("key", "loan", principal="amount")


def _opening(opened: Frame, today: Today) -> Frame:
    """Rows of new loans as they stand at the beginning of their first day."""
    first = _first_disbursements(today).select("loan", "principal")
    loans = opened.join(first, on="loan", how="inner")
    parts = named(schedule(loans))
    final = parts.filter(nw.col("number") == nw.col("last")).select("loan", final_due="due")
    loans = loans.join(_next(parts, today.day), on="loan", how="left")
    loans = loans.join(final, on="loan", how="left")
    loans, _ = with_law(loans, today.decrees)
    own, percent = nw.col("own_overdue_rate"), overdue_percent(nw.col("disbursed"))
    given = {
        "plain": nw.lit(True),
        "lent": nw.col("principal"),
        "overdue_rate": nw.when(own > 0).then(own).otherwise(percent * nw.col("rate")),
    }
    there = {*KEYS, *TERMS, "loan", "rate", "next_trigger", "next_due", "next_reach", "final_due"}
    nothing = {name: zero() for name in ROW if name not in there and name not in given}
    return loans.with_columns(**given, **nothing).select(*ROW)


def _next(parts: Frame, day: int) -> Frame:
    """What comes next on ``day`` of instalments as they stand."""
    return next_instalments(parts.with_columns(at=zero() + day)).drop("at")


def _stepped(rows: Frame, today: Today) -> Frame:
    """The day's money, what fell due, the balances, and the day's interest."""
    col = nw.col
    delta = _delta(rows, today)
    staged = rows.rename({name: f"_{name}" for name in _NEXT})
    staged = staged.join(delta, on="loan", how="left")
    rows = staged.with_columns(
        paid=col("paid") + col("d_paid").fill_null(0),
        written_off=col("written_off") + col("d_off").fill_null(0),
        collected=col("collected") + col("d_collected").fill_null(0),
        waived=col("waived") + col("d_waived").fill_null(0),
        **{name: nw.coalesce(name, f"_{name}") for name in _NEXT},
    ).select(*ROW)
    return accrue_day(split_balance(rows, today.day))


def _delta(rows: Frame, today: Today) -> Frame:
    """A row a loan that changes: d_paid, d_off, d_collected, d_waived, and _NEXT where instalments were laid out anew."""
    col = nw.col
    money = _money(today.events)
    repaid = rows.join(money.filter(col("d_paid") > 0).select("loan"), on="loan", how="semi")
    touched = nw.concat(
        [
            rows.filter(col("next_trigger") == today.day - 1),
            repaid.filter((_late() > 0) & (col("next_trigger") != today.day - 1)),
        ]
    )
    if len(touched) == 0:
        nothing = {name: nw.lit(None, dtype=nw.Int64) for name in _NEXT}
        return money.with_columns(**nothing)
    laid = _laid_out(touched, money, today.day)
    both = nw.concat([money.select("loan"), laid.select("loan")]).unique("loan")
    return both.join(money, on="loan", how="left").join(laid, on="loan", how="left")


def _money(events: Frame) -> Frame:
    """Today's payments of each loan, and what was written off."""
    col = nw.col

    def amount_of(*kinds: int) -> nw.Expr:
        return nw.when(col("kind").is_in(list(kinds))).then(col("amount")).otherwise(0).sum()

    kinds = [INTEREST, PRINCIPAL, WRITE_OFF, WRITE_OFF_INTEREST, REFUND_INTEREST]
    return (
        events.filter(col("kind").is_in(kinds))
        .group_by("loan")
        .agg(
            d_paid=amount_of(PRINCIPAL, WRITE_OFF),
            d_off=amount_of(WRITE_OFF),
            d_collected=amount_of(INTEREST) - amount_of(REFUND_INTEREST),
            d_waived=amount_of(WRITE_OFF_INTEREST),
        )
    )


def _laid_out(touched: Frame, money: Frame, day: int) -> Frame:
    """_NEXT of plain rows on ``day``, from the instalments that their terms make."""
    col = nw.col
    rows = touched.join(money.select("loan", "d_paid"), on="loan", how="left").with_columns(
        paid=col("paid") + col("d_paid").fill_null(0)
    )
    parts = named(
        schedule(rows.select("loan", "disbursed", "principal", "term", "spacing", "session"))
    )
    parts = parts.join(rows.select("loan", "paid", "by_instalment"), on="loan", how="inner")
    parts = parts.with_columns(reach=col("principal").cum_sum().over("loan", order_by="number"))
    gone = _gone(parts, day)
    found = (
        _due_principal(rows, gone)
        .join(overdue_since(gone), on="loan", how="left")
        .join(_next(parts, day), on="loan", how="left")
    )
    found = found.with_columns(*(col(name).fill_null(0) for name in _NEXT))
    return found.select("loan", *_NEXT)


@basis("CV-597-2026")
@basis("VB-2174")
def fallen_on(rows: Frame, day: int) -> Frame:
    """loan, fallen of plain rows on ``day``: principal whose trigger day has passed, by the instalments of their terms.

    In: loan, disbursed, principal, term, spacing, session, by_instalment.
    """
    parts = schedule(rows.select("loan", "disbursed", "principal", "term", "spacing", "session"))
    parts = named(parts).join(rows.select("loan", "by_instalment"), on="loan", how="inner")
    return _due_principal(rows, _gone(parts, day)).select("loan", "fallen")


def _gone(parts: Frame, day: int) -> Frame:
    """The instalments that can become overdue by themselves and whose trigger day has passed."""
    col = nw.col
    gone = parts.filter(col("trigger") < day)
    return gone.filter(judged(col("by_instalment"), col("number"), col("last")))


def _due_principal(rows: Frame, gone: Frame) -> Frame:
    """loan, by_instalment, fallen; EVERYTHING where under the older regime the last instalment is gone."""
    col = nw.col
    sums = gone.group_by("loan").agg(_gone=col("principal").sum())
    found = rows.select("loan", "by_instalment").join(sums, on="loan", how="left")
    fallen = nw.when(col("by_instalment") | col("_gone").is_null()).then(col("_gone").fill_null(0))
    return found.with_columns(fallen=fallen.otherwise(zero() + EVERYTHING))


def _moved(rows: Frame, places: Frame) -> Frame:
    """``rows`` with the places of those that belong elsewhere from today on."""
    if len(places) == 0:
        return rows
    names = [name for name in places.columns if name != "loan"]
    staged = rows.rename({name: f"_{name}" for name in names}).join(places, on="loan", how="left")
    given = {name: nw.coalesce(name, f"_{name}") for name in names}
    return staged.with_columns(**given).select(*ROW)


def _remembering(whole: Frame, kept: Frame) -> Frame:
    """Folded rows, with the month's beginning as it was closed."""
    names = [name for name in ROW if name.endswith("_0")]
    known = kept.select("loan", **{f"_{name}": name for name in names})
    staged = whole.join(known, on="loan", how="left")
    given = {name: nw.coalesce(f"_{name}", name) for name in names}
    return staged.with_columns(**given).select(*ROW)
