"""The instalments of a loan, and how events change them.

Frames hold days as whole numbers (core/columns.py), money as whole dong. An instalment row lives from ``since`` (the
day it was set) up to, not including, ``until`` (the day something replaced it; FAR while it stands).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tdcs.core.basis import basis
from tdcs.core.columns import FAR, add_months, session_before
from tdcs.core.engine import nw
from tdcs.core.frames import Frame
from tdcs.loans.rules import limits
from tdcs.loans.rules.balance import EVERYTHING
from tdcs.loans.rules.kinds import (
    CHANGES,
    DISBURSEMENT,
    EXTEND,
    OPENING_FALLEN,
    RESCHEDULE,
    SESSION_DAY,
)
from tdcs.loans.rules.sessions import held

COLUMNS: Final = ("loan", "number", "last", "due", "trigger", "principal", "since", "until")
_OF_EVENT: Final = (
    "loan",
    "day",
    "rank",
    "kind",
    "amount",
    "to",
    "limit",
    "disbursed_after",
    "paid_before",
    "freeze_from",
    "extended_limit",
)


@basis("VB-2174")
def schedule(loans: Frame) -> Frame:
    """The instalments of the contracts.

    In: loan, disbursed, principal, term (months), spacing (months), session (day of month, 0 for none).
    Out: COLUMNS. n = ⌈term / spacing⌉ instalments every ``spacing`` months, the last at disbursed + term; equal,
    rounded down to ``instalment_rounding``, the remainder in the last. 50,000,000 over 36 months every 6: 5 × 8,300,000 +
    8,500,000. Where rounding leaves nothing, see ``_shares``.
    """
    col = nw.col
    numbered = loans.with_columns(last=(col("term") + col("spacing") - 1) // col("spacing"))
    numbers = _numbers(numbered)
    rows = numbered.join(numbers, on="last", how="inner")
    rows = rows.with_columns(
        _months=nw.min_horizontal(col("number") * col("spacing"), col("term")),
    )
    rows = add_months(rows, "due", col("disbursed"), col("_months"))
    rows = _shares(rows, col("principal"), col("last"), col("number"), col("disbursed"))
    rows = rows.with_columns(
        since=col("disbursed"),
        until=nw.lit(FAR, dtype=nw.Int64),
    )
    return with_trigger(rows).select(*COLUMNS)


def _shares(rows: Frame, total: nw.Expr, count: nw.Expr, place: nw.Expr, day: nw.Expr) -> Frame:
    """``principal``: each row's part of ``total`` over ``count`` places, of which it is the ``place``-th from 1 on.

    Equal parts rounded down to the figure of ``day``, the remainder in the last. A part that would be nothing is none
    (a row of 0, which nobody is shown): the whole is due at the end, or it makes fewer parts of the least size, as the
    law's ``instalment_too_small`` says. 500,000 over six: 500,000 at the end; or four of 100,000 and 100,000 at the end.
    """
    col = nw.col
    staged = rows.with_columns(
        _total=total, _count=count, _place=place, _size=limits.on("instalment_rounding", day)
    )
    staged = staged.with_columns(
        _equal=col("_total") // col("_count") // col("_size") * col("_size")
    )
    part, before = col("_equal"), col("_equal") * (col("_count") - 1)
    if not (staged["_equal"] > 0).all():
        staged = _with_small(staged, day)
        equal = col("_equal") > 0
        part = nw.when(equal).then(part).otherwise(col("_part"))
        before = nw.when(equal).then(before).otherwise(col("_early"))
    last = col("_place") == col("_count")
    staged = staged.with_columns(
        principal=nw.when(last).then(col("_total") - before).otherwise(part)
    )
    return staged.drop(
        "_total", "_count", "_place", "_size", "_equal", "_part", "_early", strict=False
    )


def _with_small(staged: Frame, day: nw.Expr) -> Frame:
    """``_part``, ``_early``: a row's part where equal parts would be nothing, and the sum of those before the last."""
    col = nw.col
    fewer = limits.on("instalment_too_small", day) == limits.FEWER_INSTALMENTS
    full = col("_total") // col("_size") - 1
    early = nw.max_horizontal(full, nw.lit(0, dtype=nw.Int64)) * col("_size")
    return staged.with_columns(
        _part=nw.when(fewer & (col("_place") <= full)).then(col("_size")).otherwise(0),
        _early=nw.when(fewer).then(early).otherwise(0),
    )


@basis("HD-4030-2014")
def with_trigger(rows: Frame, changed: int = 0) -> Frame:
    """``rows`` with ``trigger``: the day after which what is unpaid of an instalment is overdue.

    In: due, session; with ``changed`` also session_1 and from_1 up to that number: the days of the month to which the point's
    day changed, and from which day on (null where a loan saw fewer changes). The last session of the borrower's point before
    the due day, as it is held; the due day itself where no session decides. A later day of the month decides when the session
    that it gives is not before the day from which it holds: due 10/1, the 5th, from 1/1 on the 25th: 25/12 is before 1/1, so
    5/1 stays; due 30/1: 25/1.
    """
    col = nw.col
    rows = session_before(rows, "trigger", col("due"), col("session"))
    for at in range(1, changed + 1):
        rows = session_before(rows, "_later", col("due"), col(f"session_{at}").fill_null(0))
        there = (col("_later") >= col(f"from_{at}")).fill_null(False)
        rows = rows.with_columns(
            trigger=nw.when(there).then(col("_later")).otherwise(col("trigger"))
        ).drop("_later")
    return held(rows)


def named(instalments: Frame) -> Frame:
    """The instalments that there are to pay: rows of 0 keep a place for later disbursements and are shown to nobody."""
    return instalments.filter(nw.col("principal") > 0)


def _numbers(counted: Frame) -> Frame:
    """(last, number): 1 … last for each count that occurs."""
    counts: list[int] = sorted(counted["last"].unique().to_list())
    data = {
        "last": [n for n in counts for _ in range(n)],
        "number": [k for n in counts for k in range(1, n + 1)],
    }
    return nw.DataFrame.from_dict(
        data,
        {"last": nw.Int64(), "number": nw.Int64()},
        backend=nw.get_native_namespace(counted),
    )


@basis("CV-597-2026")
def change(
    instalments: Frame, loans: Frame, events: Frame, freezes: Frame
) -> tuple[Frame, list[Frame]]:
    """The instalments with all that events made of them, and the refusals met on the way.

    ``events``: loan, day, rank (order within the loan), kind, amount, to, due, limit, and ``disbursed_after`` and
    ``paid_before`` as they stand at the event. ``freezes``: loan, first, final day of each freeze. Refusals: loan, rank,
    code. A loan's events are applied one after another, those of all loans side by side.
    """
    changes = events.filter(nw.col("kind").is_in(list(CHANGES)))
    if len(changes) == 0:
        return instalments, []
    changes = changes.with_columns(
        turn=(nw.col("loan") * 0 + 1).cum_sum().over("loan", order_by="rank")
    )
    changes = _with_freeze(changes, freezes)
    touched = changes.select("loan").unique()
    done = [instalments.join(touched, on="loan", how="anti")]
    rows = instalments.join(touched, on="loan", how="semi")
    facts, changed = loans.select("loan", "session", "disbursed"), 0
    refused: list[Frame] = []
    for turn in range(1, int(changes["turn"].max()) + 1):
        now = changes.filter(nw.col("turn") == turn)
        if (now["kind"] == SESSION_DAY).any():
            changed += 1
            facts = _with_session(facts, now, changed)
        finished = rows.join(now.select("loan"), on="loan", how="anti")
        done.append(finished)
        theirs = rows.join(now.select("loan"), on="loan", how="semi")
        rows, codes = _apply(theirs, now, facts, changed)
        refused.append(codes)
    return nw.concat([*done, rows]), refused


def _with_freeze(changes: Frame, freezes: Frame) -> Frame:
    """``freeze_from``: the first day of the freeze of all that is owed in which an event stands, FAR outside one."""
    col = nw.col
    freezes = freezes.filter(col("held") >= EVERYTHING)
    inside = changes.select("loan", "rank", "day").join(freezes, on="loan", how="inner")
    inside = inside.filter((col("first") <= col("day")) & (col("day") <= col("final")))
    since = inside.group_by("loan", "rank").agg(freeze_from=col("first").min())
    found = changes.join(since, on=["loan", "rank"], how="left")
    return found.with_columns(col("freeze_from").fill_null(FAR))


def _with_session(facts: Frame, now: Frame, at: int) -> Frame:
    """``facts`` with the ``at``-th change of the session day: session_1, from_1 of the loans that see one now."""
    col = nw.col
    theirs = now.filter(col("kind") == SESSION_DAY)
    named = {f"session_{at}": col("amount"), f"from_{at}": col("to")}
    return facts.join(theirs.select("loan", **named), on="loan", how="left")


def _apply(rows: Frame, now: Frame, facts: Frame, changed: int) -> tuple[Frame, Frame]:
    """One event of each loan: old rows get their end, new rows begin."""
    col = nw.col
    event = now.select(*_OF_EVENT, event_due="due")
    seen = rows.join(event, on="loan", how="inner").join(facts, on="loan", how="inner")
    # Most events lend a further part; what only a moved day asks for is not computed for them.
    moves = bool((now["kind"] != DISBURSEMENT).any())
    stands = col("until") == FAR
    fell_due = nw.when(stands & (col("due") < col("day"))).then(col("principal")).otherwise(0)
    seen = seen.with_columns(stands=stands, kept=fell_due.sum().over("loan"))
    hit = (col("kind") == DISBURSEMENT) & (col("due") >= col("day"))
    if moves:
        seen = _with_named(seen)
        is_last = col("number") == col("last")
        hit = (
            hit
            | ((col("kind") == RESCHEDULE) & col("_named") & ~is_last)
            | ((col("kind") == EXTEND) & is_last)
            # What was due at a session that is past stays due at it.
            | ((col("kind") == SESSION_DAY) & (col("trigger") >= col("day")))
            | ((col("kind") == OPENING_FALLEN) & is_last)
        )
    seen = seen.with_columns(hit=col("stands") & hit)
    codes = _refusals(seen, moves)
    replaced = _replacement(seen.filter(col("hit")), changed)
    kept = seen.with_columns(
        until=nw.when(col("hit")).then(col("day")).otherwise(col("until"))
    ).select(*COLUMNS)
    return nw.concat([kept, replaced]), codes


def _with_named(seen: Frame) -> Frame:
    """``_named``: the instalments that an event means by their due day.

    Of instalments that share a day those still unpaid move; when all are paid, all: the day moves, no money does.
    """
    col = nw.col
    standing = nw.when(col("stands")).then(col("principal")).otherwise(0)
    seen = seen.with_columns(reach=standing.cum_sum().over("loan", order_by="number"))
    there = col("stands") & (col("due") == col("event_due")) & (col("principal") > 0)
    seen = seen.with_columns(
        _top=nw.when(there).then(col("reach")).otherwise(-1).max().over("loan")
    )
    unpaid, all_paid = col("reach") > col("paid_before"), col("_top") <= col("paid_before")
    return seen.with_columns(_named=there & (unpaid | all_paid))


def _replacement(hit: Frame, changed: int) -> Frame:
    """The new rows: a moved day, or amounts shared anew over what is still to come."""
    col = nw.col
    # Folding one loan, most of the time goes into frames without rows: what no event asks for is not computed.
    both = []
    if (hit["kind"] == OPENING_FALLEN).any():
        both.append(_begun(_opened(hit.filter(col("kind") == OPENING_FALLEN))))
        hit = hit.filter(col("kind") != OPENING_FALLEN)
    lent = hit["kind"] == DISBURSEMENT
    if not lent.all():
        moved = hit.filter(col("kind") != DISBURSEMENT)
        due = nw.when(col("kind") == SESSION_DAY).then(col("due")).otherwise(col("to"))
        both.append(_begun(with_trigger(moved.with_columns(due=due), changed)))
    if lent.any() or not both:
        # A disbursement moves no day.
        both.append(_begun(_shared(hit.filter(col("kind") == DISBURSEMENT))))
    rows = [one.select(*COLUMNS) for one in both]
    return nw.concat(rows) if len(rows) > 1 else rows[0]


def _begun(rows: Frame) -> Frame:
    """``rows`` that begin on the day of their event."""
    return rows.with_columns(since=nw.col("day"), until=nw.lit(FAR, dtype=nw.Int64))


def _opened(hit: Frame) -> Frame:
    """Two instalments in place of one: what had fallen due when the book began, and the rest on the last day.

    ``to`` is the day after which the first was overdue, whatever session there was. 20 of 50 million repaid and 5 overdue
    before the last day: 25 and 25.
    """
    col = nw.col
    rest = hit.with_columns(
        principal=col("principal") - col("amount"),
        number=col("number") + 1,
        last=col("last") + 1,
    )
    fallen = hit.with_columns(
        principal=col("amount"), last=col("last") + 1, due=col("to"), trigger=col("to")
    )
    return nw.concat([fallen, rest])


def _shared(hit: Frame) -> Frame:
    """Amounts shared anew over the instalments that are still to come."""
    col = nw.col
    shared = hit.with_columns(
        _open=(col("last") - col("number").min().over("loan") + 1),
        _rest=col("disbursed_after") - col("kept"),
    )
    return _shares(
        shared,
        col("_rest"),
        col("_open"),
        col("number") - col("last") + col("_open"),
        col("disbursed"),
    )


# What is asked of a moved day beyond what is asked of every event.
_OF_MOVES: Final = ("to", "event_due", "extended_limit", "paid_before", "freeze_from")


def _refusals(seen: Frame, moves: bool) -> Frame:
    """loan, rank, code of the events that cannot be applied; each loan has one event here, of some the day ``moves``."""
    col = nw.col
    asked = ("rank", "kind", "day", "limit", "disbursed_after", *(_OF_MOVES if moves else ()))
    sums = {"hits": col("hit").cast(nw.Int64).sum()}
    if moves:
        sums |= {
            "final": _only(col("number") == col("last"), col("due")),
            "first_trigger": _only(col("hit"), col("trigger")),
            "next_due": _least(col("due") > col("event_due"), col("due")),
        }
    group = seen.filter(col("stands")).group_by("loan").agg(nw.col(*asked).max(), **sums)
    found = group.with_columns(code=_code(moves)).filter(~col("code").is_null())
    return found.select("loan", "rank", "code")


def _only(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(value).otherwise(-1).max()


def _least(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(value).otherwise(FAR).min()


def _code(moves: bool) -> nw.Expr:
    """The first reason against an event; only disbursements are there unless something ``moves``."""
    col = nw.col
    moving, extending = col("kind") == RESCHEDULE, col("kind") == EXTEND
    lending = col("kind") == DISBURSEMENT

    def passed(day: nw.Expr) -> nw.Expr:
        # What fell due in the freeze that still runs counts as due on the freeze's last day.
        return (col("day") > day) & (day < col("freeze_from"))

    of_lending: Sequence[tuple[nw.Expr, str]] = (
        (lending & (col("hits") == 0), "after_final_due"),
        (lending & (col("limit") > 0) & (col("disbursed_after") > col("limit")), "above_maximum"),
    )
    of_moves: Sequence[tuple[nw.Expr, str]] = (
        # Also an instalment that an earlier rescheduling brought onto the final day stays there.
        (moving & (col("final") == col("event_due")), "final_not_moved"),
        (moving & (col("hits") == 0), "no_such_instalment"),
        (moving & passed(col("first_trigger")), "too_late"),
        (moving & ((col("to") <= col("event_due")) | (col("to") > col("next_due"))), "beyond_next"),
        (extending & passed(col("final")), "too_late"),
        (
            extending & ((col("to") <= col("final")) | (col("to") > col("extended_limit"))),
            "extension_too_long",
        ),
    )
    found = nw.lit(None, dtype=nw.String)
    for condition, code in reversed((*of_lending, *(of_moves if moves else ()))):
        found = nw.when(condition).then(nw.lit(code)).otherwise(found)
    return found
