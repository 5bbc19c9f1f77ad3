"""What a loan stood at on every day: changes laid out in time, summed up, and cut into stretches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tdcs.core.basis import basis
from tdcs.core.columns import FAR, floor_div
from tdcs.core.engine import for_each_engine, nw
from tdcs.core.frames import Frame
from tdcs.loans.rules.accrual import accrue, rounded, unit
from tdcs.loans.rules.balance import EVERYTHING, judged, late, zero
from tdcs.loans.rules.kinds import (
    DISBURSEMENT,
    FREEZE,
    INTEREST,
    OPENING,
    OPENING_LATE,
    PRINCIPAL,
    RATE,
    REFUND_INTEREST,
    UNFREEZE,
    WITH_AMOUNT,
    WRITE_OFF,
    WRITE_OFF_INTEREST,
)

# Ranks before those of events: the loan's beginning, then what follows from days and the law alone.
_BEGINNING: Final = -2
_START: Final = -1
CHANGE_COLUMNS: Final = (
    "loan",
    "day",
    "rank",
    "lent",
    "paid",
    "fallen",
    "freeze",
    "collected",
    "waived",
    "brought",
    "rate",
    "overdue_base",
    "overdue_percent",
    "kind",
)
# Columns that are summed from row to row.
_DIFFERENCES: Final = ("lent", "paid", "fallen", "freeze", "collected", "waived", "brought")
# What a loan is to this room beside its changes: the last day, the day of the contract, the rate that its programme sets
# for overdue principal whatever its own (0 for none), the day before which the book did not know the law it stands under.
FACTS: Final = ("as_of", "contract_day", "own_overdue_rate", "law_known_on")


@basis("QD-08-2021-TTg", "Điều 1")
def freezes(events: Frame) -> tuple[Frame, Frame]:
    """Stretches of freezing (loan, first, final: both days frozen; held) and the refusals (loan, rank, code).

    A freeze lasts to its day or to the eve of the unfreezing that follows it. ``held``: how much principal it holds,
    EVERYTHING unless its event names an amount, as that of a book which began with a part of a loan frozen.
    """
    col = nw.col
    marks = events.filter(col("kind").is_in([FREEZE, UNFREEZE]))
    if len(marks) == 0:
        # Most loans never freeze: what nobody asks for is not computed.
        return _no_freezes(), _no_refusals()
    for name, source, step in (
        ("before", "kind", 1),
        ("before_to", "to", 1),
        ("before_day", "day", 1),
        ("next", "kind", -1),
        ("next_day", "day", -1),
    ):
        marks = marks.with_columns(
            col(source).shift(step).over("loan", order_by="rank").alias(name)
        )
    running = (col("before") == FREEZE) & (col("before_to") >= col("day"))
    running = running.fill_null(False)
    begins = col("kind") == FREEZE
    started = (col("before_day") < col("day")).fill_null(False)
    code = (
        nw.when(begins & running)
        .then(nw.lit("already_frozen"))
        .otherwise(
            nw.when(begins & ((col("to") < col("day")) | (col("to") > col("freeze_limit"))))
            .then(nw.lit("freeze_too_long"))
            .otherwise(
                nw.when(~begins & ~(running & started))
                .then(nw.lit("not_frozen"))
                .otherwise(nw.lit(None, dtype=nw.String))
            )
        )
    )
    refused = marks.with_columns(code=code).filter(~col("code").is_null())
    cut = (col("next") == UNFREEZE).fill_null(False)
    stretches = marks.filter(begins).with_columns(
        first=col("day"),
        final=nw.when(cut)
        .then(nw.min_horizontal(col("to"), col("next_day") - 1))
        .otherwise(col("to")),
        held=nw.when(col("amount") > 0).then(col("amount")).otherwise(EVERYTHING),
    )
    return stretches.select("loan", "first", "final", "held"), refused.select(
        "loan", "rank", "code"
    )


def frozen_on(freezes: Frame, wanted: Frame) -> Frame:
    """loan, at, frozen_from, frozen_to of the freeze in which a loan of ``wanted`` (loan, at) stands, from ``freezes``."""
    col = nw.col
    rows = wanted.select("loan", "at").join(freezes, on="loan", how="inner")
    inside = rows.filter((col("first") <= col("at")) & (col("at") <= col("final")))
    return inside.group_by("loan", "at").agg(
        frozen_from=col("first").max(), frozen_to=col("final").max()
    )


def changes(loans: Frame, instalments: Frame, events: Frame, freezes: Frame, law: Frame) -> Frame:
    """Every change of what stands, one row each: CHANGE_COLUMNS and FACTS, days up to each loan's ``as_of``.

    lent, paid (principal and write-offs), fallen (principal fallen due whose day has passed), freeze (principal held by one),
    collected, waived and brought (interest paid, written off, taken over from another book) are differences; rate,
    overdue_base (ppm) and overdue_percent are the new ones or null.
    ``law``: law, day, rate, overdue_base, overdue_percent: what the law changes for loans that run (loans' column law).
    """
    begun = loans.with_columns(lent=nw.col("principal"), paid=zero())
    parts = [
        opening(begun),
        *of_law(begun, law),
        _of_events(events),
        *falling(loans, instalments),
        *freezing(freezes),
    ]
    return within(laid(parts), loans)


def within(rows: Frame, loans: Frame) -> Frame:
    """Rows of changes beside their loan's FACTS, up to its ``as_of``; its beginning stays even when no day has passed."""
    col = nw.col
    rows = rows.join(loans.select("loan", *FACTS), on="loan", how="inner")
    return rows.filter((col("day") <= col("as_of")) | (col("rank") == _BEGINNING))


def opening(loans: Frame) -> Frame:
    """The row with which a loan, or a loan's later life from a day on, begins: lent, paid, its rates on its first day."""
    begun = loans.with_columns(_first=nw.lit(_BEGINNING, dtype=nw.Int64))
    return _rows(
        begun,
        day="disbursed",
        rank="_first",
        lent="lent",
        paid="paid",
        rate="rate",
        overdue_base="overdue_base",
        overdue_percent="overdue_percent",
    )


@basis("QD-2553-2025-TTg", "Điều 1")
@basis("ND-261-2025", "khoản 1 Điều 3")
def of_law(loans: Frame, law: Frame) -> list[Frame]:
    """A row on each day on which the law changes a loan that runs then; those that began on the day are under it anyway."""
    if len(law) == 0:
        return []
    named = loans.select("loan", "law", "disbursed").join(law, on="law", how="inner")
    named = named.filter(nw.col("day") > nw.col("disbursed"))
    return [
        _rows(
            named,
            day="day",
            rate="rate",
            overdue_base="overdue_base",
            overdue_percent="overdue_percent",
        )
    ]


def freezing(freezes: Frame) -> list[Frame]:
    """A row where a freeze begins, a row on the day after its last. In: loan, first, final, held."""
    if len(freezes) == 0:
        return []
    one = freezes.with_columns(_less=-nw.col("held"), _end=nw.col("final") + 1)
    return [_rows(one, day="first", freeze="held"), _rows(one, day="_end", freeze="_less")]


def _rows(frame: Frame, *, day: str, **given: str) -> Frame:
    """loan, day and the named CHANGE_COLUMNS; ``laid`` adds what is not given."""
    return frame.select("loan", day=day, **given)


def laid(parts: Iterable[Frame]) -> Frame:
    """Rows of all parts with CHANGE_COLUMNS; what a part does not say is nothing, and its row stands before the events."""
    col = nw.col
    rows = nw.concat([_nothing(), *(part for part in parts if len(part))], how="diagonal")
    return rows.with_columns(
        col(*_DIFFERENCES).fill_null(0),
        col("rank", "kind").fill_null(_START),
    )


@for_each_engine
def _nothing() -> Frame:
    return _empty(dict.fromkeys(CHANGE_COLUMNS, nw.Int64()))


@for_each_engine
def _no_freezes() -> Frame:
    return _empty(dict.fromkeys(("loan", "first", "final", "held"), nw.Int64()))


@for_each_engine
def _no_refusals() -> Frame:
    return _empty({"loan": nw.Int64(), "rank": nw.Int64(), "code": nw.String()})


def _empty(schema: Mapping[str, nw.dtypes.DType]) -> Frame:
    return nw.DataFrame.from_dict({name: [] for name in schema}, dict(schema), backend="polars")


def _of_events(events: Frame) -> Frame:
    col = nw.col

    def amount_of(*kinds: int) -> nw.Expr:
        return nw.when(col("kind").is_in(list(kinds))).then(col("amount")).otherwise(0)

    money = [*WITH_AMOUNT, RATE, OPENING, OPENING_LATE]
    named = events.filter(col("kind").is_in(money)).with_columns(
        _lent=amount_of(DISBURSEMENT),
        _paid=amount_of(PRINCIPAL, WRITE_OFF),
        # Interest paid back was not collected in the end.
        _collected=amount_of(INTEREST) - amount_of(REFUND_INTEREST),
        _waived=amount_of(WRITE_OFF_INTEREST),
        _brought=amount_of(OPENING, OPENING_LATE),
    )
    return _rows(
        named,
        day="day",
        rank="rank",
        kind="kind",
        lent="_lent",
        paid="_paid",
        collected="_collected",
        waived="_waived",
        brought="_brought",
        rate="rate",
        # A loan's own change of rate takes its overdue principal with it.
        overdue_base="rate",
    )


def falling(loans: Frame, instalments: Frame) -> list[Frame]:
    """An instalment counts as fallen from the day after its trigger while its row lives.

    Under the older regime only the last one counts, and with it all that is unpaid.
    """
    col = nw.col
    rows = instalments.join(loans.select("loan", "by_instalment"), on="loan", how="inner")
    rows = rows.filter(judged(col("by_instalment"), col("number"), col("last"))).with_columns(
        _falls=nw.max_horizontal(col("trigger") + 1, col("since")),
        _amount=nw.when(col("by_instalment"))
        .then(col("principal"))
        .otherwise(nw.lit(EVERYTHING, dtype=nw.Int64)),
    )
    rows = rows.filter(col("until") > col("_falls"))
    found = [_rows(rows, day="_falls", fallen="_amount")]
    ended = rows.filter(col("until") < FAR)
    if len(ended):
        less = ended.with_columns(_amount=-col("_amount"))
        found.append(_rows(less, day="until", fallen="_amount"))
    return found


def stretches(rows: Frame) -> Frame:
    """Changes in order with what stands from each to the next, and the interest before and of each stretch.

    Out: ``rows`` with balance, overdue (frozen or not), frozen (what a freeze holds), rate (ppm), overdue_rate (hundredths of
    ppm), days, whole, rest, whole_before, rest_before, collected_after (with what was written off of interest, total_waived),
    total_lent, total_paid, total_fallen.
    """
    col, order = nw.col, "seq"

    def last(name: str) -> nw.Expr:
        return col(name).fill_null(strategy="forward").over("loan", order_by=order)

    # Rows of one day and rank may stand in any order, but in the same one for every sum.
    staged = rows.sort("loan", "day", "rank").with_row_index("seq")
    # Sums and look-backs over loans cost most here: those that could only say what is known are left out.
    waives, brings = (bool((rows[name] != 0).any()) for name in ("waived", "brought"))
    base, rate = rows["overdue_base"], rows["rate"]
    parted = bool((base.is_null() & ~rate.is_null()).any()) or bool((base != rate).any())
    percents = rows["overdue_percent"].drop_nulls().unique().to_list()
    unused = {"brought"} if waives else {"brought", "waived"}
    summed = [name for name in _DIFFERENCES if name not in unused]
    totals = col(*summed).cum_sum().over("loan", order_by=order).name.prefix("total_")
    staged = staged.with_columns(
        totals,
        rate=last("rate"),
        overdue_percent=last("overdue_percent")
        if len(percents) > 1
        else nw.lit(percents[0] if percents else None, dtype=nw.Int64),
        overdue_base=last("overdue_base") if parted else col("overdue_base"),
        _next=col("day").shift(-1).over("loan", order_by=order).fill_null(col("as_of") + 1),
    )
    own = col("own_overdue_rate")
    if not parted:
        # Every change of the rate took its overdue principal with it.
        staged = staged.with_columns(overdue_base=col("rate"))
    if not waives:
        staged = staged.with_columns(total_waived=zero())
    staged = staged.with_columns(
        frozen=col("total_freeze"),
        collected_after=col("total_collected") + col("total_waived"),
        balance=col("total_lent") - col("total_paid"),
        overdue=late(col("total_fallen"), col("total_lent"), col("total_paid")),
        overdue_rate=nw.when(own > 0)
        .then(own)
        .otherwise(col("overdue_percent") * col("overdue_base")),
        days=nw.max_horizontal(col("_next") - col("day"), zero()),
    )
    staged = accrue(staged, unit(col("contract_day")))
    through = col("whole", "rest").cum_sum().over("loan", order_by=order).name.suffix("_before")
    staged = staged.with_columns(through)
    whole_before = col("whole_before") - col("whole")
    if brings:
        whole_before = whole_before + col("brought").cum_sum().over("loan", order_by=order)
    return staged.with_columns(
        whole_before=whole_before, rest_before=col("rest_before") - col("rest")
    )


@basis("TT-14-2017-NHNN", "Điều 5")
def payment_refusals(staged: Frame) -> Frame:
    """loan, rank, code of payments above the balance, and of interest above what is due at the day's end.

    ``whole`` and ``rest`` of the stretch that holds the day's end are those of a day times its days. What was collected
    through the day on which the book took up the law that now stands behind its interest was right then: it becomes the
    loan's credit.
    """
    col = nw.col
    above = col("kind").is_in([PRINCIPAL, WRITE_OFF]) & (col("balance") < 0)
    # Each row looks forward to the one that holds the end of its day.
    ends = col("days") > 0
    length = nw.max_horizontal(col("days"), nw.lit(1, dtype=nw.Int64))
    evening = rounded(
        col("whole_before") + floor_div(col("whole"), length),
        col("rest_before") + floor_div(col("rest"), length),
        unit(col("contract_day")),
    )
    staged = staged.with_columns(due=nw.when(ends).then(evening).otherwise(None))
    staged = staged.with_columns(
        due=col("due").fill_null(strategy="backward").over("loan", order_by="seq")
    )
    interest = col("kind").is_in([INTEREST, WRITE_OFF_INTEREST])
    too_much = interest & (col("collected_after") > col("due")) & (col("day") > col("law_known_on"))
    code = (
        nw.when(above)
        .then(nw.lit("principal_above_balance"))
        .otherwise(
            nw.when(too_much)
            .then(nw.lit("interest_above_due"))
            .otherwise(nw.lit(None, dtype=nw.String))
        )
    )
    found = staged.with_columns(code=code).filter(~col("code").is_null())
    return found.select("loan", "rank", "code")
