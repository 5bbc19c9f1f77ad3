"""Errors planted in an extract, each of one kind in one loan, so that the audit by law can be measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

import polars as pl

from tdcs.imports.rules.auditing import with_law

_MORE: Final = 6_000
_SLIP: Final = 12_345
_LATE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Planted:
    """``frame``: the extract with errors; ``errors``: (contract, check) of each."""

    frame: pl.DataFrame
    errors: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Error:
    """In which loans an error of a kind can be planted, and what then stands in the extract."""

    where: pl.Expr
    changed: Callable[[date], Mapping[str, pl.Expr]]
    # Of so many kinds that need the same few loans, one.
    share: int = 1


def plant(frame: pl.DataFrame, day: date, seed: int, each: int) -> Planted:
    """``each`` loans with an error of each kind, of those in which it can be; no loan has two."""
    luck = Random(seed)
    loans = with_law(frame, day).with_columns(_day=pl.lit(day))
    taken: set[str] = set()
    errors: set[tuple[str, str]] = set()
    for check, error in _ERRORS.items():
        able = loans.filter(error.where.fill_null(False))["contract"].sort().to_list()
        chosen = [one for one in luck.sample(able, len(able)) if one not in taken]
        chosen = chosen[: min(each, -(-len(able) // error.share))]
        taken |= set(chosen)
        errors |= {(one, check) for one in chosen}
        law = [name for name in loans.columns if name.startswith("law_") or name == "months"]
        staged = frame.join(loans.select("contract", *law), on="contract", how="left")
        mine = pl.col("contract").is_in(chosen)
        frame = staged.with_columns(
            pl.when(mine).then(value).otherwise(pl.col(name)).alias(name)
            for name, value in error.changed(day).items()
        ).select(frame.columns)
    return Planted(frame, frozenset(errors))


_COL: Final = pl.col
_DUE: Final = pl.coalesce("session_due_on", "extended_due_on", "contract_due_on")
# Nothing happened in the month to these.
_STILL: Final = (
    (_COL("balance") > 0)
    & (_COL("in_time") == _COL("balance"))
    & (_COL("lent_month") == 0)
    & (_COL("repaid_in_time_month") == 0)
    & (_COL("principal_written_off") == 0)
    & ~_COL("law_changed")
)
_RUNNING: Final = _STILL & (_COL("_day") < _DUE)


def _wrong_rate(day: date) -> Mapping[str, pl.Expr]:
    rate = _COL("rate") + _MORE
    yearly = _COL("in_time") * rate * day.day
    return {"rate": rate, "interest_accrued_month": (yearly + 182_500_000) // (365 * 10**6)}


def _too_late(day: date) -> Mapping[str, pl.Expr]:
    far = _COL("first_disbursed_on").dt.offset_by(pl.format("{}mo", _COL("law_longest") + 12))
    return dict.fromkeys(("contract_due_on", "extended_due_on", "session_due_on"), far)


def _extended(day: date) -> Mapping[str, pl.Expr]:
    far = _COL("contract_due_on").dt.offset_by(pl.format("{}mo", _COL("months") + 13))
    return {
        "extended_due_on": far,
        "session_due_on": far,
        "last_extended_on": pl.lit(day - timedelta(days=40)),
    }


def _turned(day: date) -> Mapping[str, pl.Expr]:
    return {
        "overdue": pl.lit(_LATE),
        "in_time": _COL("balance") - _LATE,
        "turned_overdue_month": pl.lit(_LATE),
    }


_ROOM: Final = _RUNNING & (_COL("balance") > 2 * _LATE)
_ERRORS: Final[dict[str, _Error]] = {
    "freeze_ended": _Error(
        _COL("frozen") > 0, lambda day: {"frozen_until_on": pl.lit(day - timedelta(days=10))}, 3
    ),
    "freeze_too_long": _Error(
        _COL("frozen") > 0, lambda day: {"frozen_until_on": pl.lit(day).dt.offset_by("61mo")}, 3
    ),
    "freeze_open": _Error(
        _COL("frozen") > 0, lambda day: {"frozen_until_on": pl.lit(None, dtype=pl.Date)}, 3
    ),
    "student_due": _Error(
        _RUNNING & _COL("graduated_on").is_not_null() & _COL("law_grace").is_not_null(),
        lambda day: {"grace_end_on": _COL("grace_end_on").dt.offset_by("1mo")},
    ),
    "maximum": _Error(
        _RUNNING & _COL("law_maximum").is_not_null(),
        lambda day: {"disbursed": _COL("law_maximum") + 5_000_000},
    ),
    "overdue_amount": _Error(_ROOM & _COL("law_by_instalment"), _turned),
    "overdue_early": _Error(_ROOM & ~_COL("law_by_instalment"), _turned),
    "term": _Error(
        _RUNNING
        & _COL("law_longest").is_not_null()
        & (_COL("extended_due_on") == _COL("contract_due_on")),
        _too_late,
    ),
    "extension": _Error(_RUNNING & (_COL("extensions") == 0), _extended),
    "not_overdue": _Error(
        _RUNNING, lambda day: {"session_due_on": pl.lit(day - timedelta(days=40))}
    ),
    "rate": _Error(_RUNNING, _wrong_rate),
    "interest": _Error(
        _STILL, lambda day: {"interest_accrued_month": _COL("interest_accrued_month") + _SLIP}
    ),
    "arrears": _Error(
        _STILL & (_COL("first_disbursed_on").dt.year() < 2025),
        lambda day: {"arrears_in_time": _COL("arrears_in_time") + _SLIP},
    ),
}
