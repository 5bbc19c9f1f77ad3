"""What the law allows of a loan: dated figures of law/parameters, by the day that decides, one at a time or as a column."""

from __future__ import annotations

from datetime import date

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.core.columns import add_months, day_number, day_of_number
from tdcs.core.engine import nw
from tdcs.core.errors import NoParametersOnDay
from tdcs.core.frames import Column, Frame
from tdcs.programmes.rules.shared import shared

# Values of ``trigger_on_holiday`` and of ``instalment_too_small``.
SESSION_HELD, SESSION_MOVED, NEXT_WORKING_DAY = range(3)
ALL_AT_THE_END, FEWER_INSTALMENTS = range(2)


def figure(name: str, day: int) -> int:
    """A shared figure on a day. Raises NoParametersOnDay."""
    return shared(name).on(day_of_number(day)).amount


@law.remembered
def steps(name: str) -> tuple[tuple[int, int], ...]:
    """(first day, value) of a shared figure over time; neighbours of the same value are one step."""
    found: list[tuple[int, int]] = []
    for value in shared(name).values:
        if not found or found[-1][1] != value.amount:
            found.append((day_number(value.starts_on), value.amount))
    return tuple(found)


def on(name: str, day: nw.Expr) -> nw.Expr:
    """A shared figure as a column, by a column of days; null before its first day (``require`` raises there)."""
    found = nw.lit(None, dtype=nw.Int64)
    for first, amount in steps(name):
        found = nw.when(day >= first).then(nw.lit(amount, dtype=nw.Int64)).otherwise(found)
    return found


def constant(name: str) -> int | None:
    """The value of a figure that never changed; None where it did."""
    known = steps(name)
    return known[0][1] if len(known) == 1 else None


def require(name: str, days: Column) -> None:
    """The law has the figure on each of the days. Raises NoParametersOnDay."""
    if len(days) and int(days.min()) < steps(name)[0][0]:
        raise NoParametersOnDay(name=name, day=day_of_number(int(days.min())))


@basis("QD-50-2010-TTg")
@basis("QD-62-2021-HDQT")
def with_extension_limit(events: Frame) -> Frame:
    """``extension_months`` beyond the contract's end, and ``extended_limit``: the final day that they may reach at most.

    In: day, disbursed, term (months). A short loan (``short_term_months``) by ``extension_short_months``, a longer one by
    ``extension_long_percent`` of its term, rounded down to the month: 36 months by half is 18.
    """
    col = nw.col
    staged = _with_extension_months(events)
    staged = add_months(staged, "_final", col("disbursed"), col("term"))
    limited = add_months(staged, "extended_limit", col("_final"), col("extension_months"))
    return limited.drop("_final")


def _with_extension_months(events: Frame) -> Frame:
    col = nw.col
    for name in ("short_term_months", "extension_short_months", "extension_long_percent"):
        require(name, events["day"])
    reach = (
        nw.when(col("term") <= on("short_term_months", col("day")))
        .then(on("extension_short_months", col("day")))
        .otherwise(col("term") * on("extension_long_percent", col("day")) // 100)
    )
    return events.with_columns(extension_months=reach)


@basis("QD-50-2010-TTg")
@basis("QD-62-2021-HDQT")
@law.remembered
def extension_months_of(term_months: int, day: date) -> int:
    """``extension_months`` of ``with_extension_limit`` for one term: few terms, so that pages find it computed."""
    data = {"day": [day_number(day)], "term": [term_months]}
    row = nw.DataFrame.from_dict(data, dict.fromkeys(data, nw.Int64()), backend="polars")
    return int(_with_extension_months(row)["extension_months"][0])


@basis("QD-50-2010-TTg")
@basis("QD-62-2021-HDQT")
@law.remembered
def extension_of(disbursed_on: date, term_months: int, day: date) -> tuple[int, date]:
    """(months, latest final day) of ``with_extension_limit`` for one loan. Raises NoParametersOnDay."""
    data = {
        "day": [day_number(day)],
        "disbursed": [day_number(disbursed_on)],
        "term": [term_months],
    }
    row = nw.DataFrame.from_dict(data, dict.fromkeys(data, nw.Int64()), backend="polars")
    found = with_extension_limit(row)
    return found["extension_months"][0], day_of_number(found["extended_limit"][0])


class LossTooSmall(Exception):
    """The loss is below the least for which debts are frozen."""


@basis("QD-08-2021-TTg", "Điều 1")
@law.remembered
def freeze_months(loss_percent: int | None, day: date) -> int:
    """The longest freeze decided on ``day``, in months, by the loss; of a loss that is not given, the longest there is.

    From 40% to under 80% three years, from 80% five. Raises LossTooSmall, NoParametersOnDay.
    """
    number = day_number(day)
    most = figure("freeze_months_from_80", number)
    if loss_percent is None:
        return most
    if loss_percent < figure("freeze_least_loss_percent", number):
        raise LossTooSmall
    if loss_percent >= figure("freeze_from_80_percent", number):
        return most
    return figure("freeze_months_below_80", number)


@basis("QD-08-2021-TTg", "Điều 1")
def longest_freeze(day: nw.Expr) -> nw.Expr:
    """``freeze_months`` of a loss that is not given, as a column: what was allowed was judged when it was decided."""
    return on("freeze_months_from_80", day)
