"""The plain ways of `tdcs bench forecast`: a loop in NumPy over the loans, and the same in pandas where it is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from tdcs.core.columns import day_number, day_of_number
from tdcs.core.frames import Frame
from tdcs.forecasting.rules.assumptions import PPM, Habits
from tdcs.forecasting.rules.runoff import LATE
from tdcs.loans.rules.schedule import schedule

Sums = dict[tuple[Any, ...], int]


def numpy_loop(book: Frame, keys: Sequence[str], day: date, months: int) -> Sums:
    """The run-off loan by loan: each loan's instalments as two arrays; the days of instalments are the engine's."""
    found: Sums = {}
    base, begun = day_number(day), day.year * 12 + day.month
    laid = schedule(book).sort("loan", "number").select("loan", "trigger", "principal").to_numpy()
    loans, starts = np.unique(laid[:, 0], return_index=True)
    ends = np.append(starts[1:], len(laid))
    rows = {row["loan"]: row for row in book.iter_rows(named=True)}
    for loan, start, end in zip(loans.tolist(), starts, ends, strict=True):
        row = rows[loan]
        triggers, principal = laid[start:end, 1], laid[start:end, 2]
        unpaid = np.minimum(principal, np.maximum(np.cumsum(principal) - row["paid"], 0))
        key = tuple(row[name] for name in keys)
        for trigger, amount in zip(triggers.tolist(), unpaid.tolist(), strict=True):
            if not amount:
                continue
            when = day_of_number(trigger)
            after = when.year * 12 + when.month - begun
            month = min(max(after, 1), months + 1) if trigger >= base else LATE
            found[*key, month] = found.get((*key, month), 0) + amount
    return found


def has_pandas() -> bool:
    """Whether pandas is installed here; the project does not need it."""
    return importlib.util.find_spec("pandas") is not None


def with_pandas(book: Frame, keys: Sequence[str], day: date, months: int) -> Sums:
    """The same in pandas."""
    import pandas as pd

    laid = schedule(book).sort("loan", "number").select("loan", "trigger", "principal").to_native()
    rows = pd.DataFrame(laid.to_dict(as_series=False))
    loans = pd.DataFrame(book.select("loan", "paid", *keys).to_native().to_dict(as_series=False))
    rows = rows.merge(loans, on="loan")
    reached = rows.groupby("loan")["principal"].cumsum()
    rows["principal"] = np.minimum(rows["principal"], np.maximum(reached - rows["paid"], 0))
    rows = rows[rows["principal"] > 0]
    when = pd.to_datetime(rows["trigger"], unit="D")
    after = when.dt.year * 12 + when.dt.month - (day.year * 12 + day.month)
    month = after.clip(lower=1, upper=months + 1).where(rows["trigger"] >= day_number(day), LATE)
    sums = rows.assign(month=month).groupby([*keys, "month"])["principal"].sum()
    return {tuple(key): int(value) for key, value in sums.items()}


def path_of_loans(coming: np.ndarray[Any, Any], habits: Habits, factors: Sequence[float]) -> float:
    """One path of each loan by itself, month after month: what is left of all of them (dong)."""
    left = 0.0
    for row in coming:
        months, overdue = row.astype(np.float64), 0.0
        for factor in factors:
            due, months = months[0], np.append(months[1:], 0.0)
            slipped, kept = due * habits.slipped / PPM, due * habits.kept / PPM
            months -= months * (habits.early / PPM * factor)
            months[11] += kept
            overdue += slipped - overdue * habits.cured / PPM
        left += float(months.sum()) + overdue
    return left
