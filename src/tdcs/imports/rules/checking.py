"""The checks of a kind of extract, named in its YAML, over all rows at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import polars as pl

from tdcs.imports.rules.layouts import Layout, Rule, codes

FAULTS_OF_CHECKS: Final = {
    "row": pl.Int64,
    "field": pl.String,
    "code": pl.String,
    "value": pl.String,
    "blocks": pl.Boolean,
}


def broken_rules(layout: Layout, frame: pl.DataFrame, day: date | None) -> pl.DataFrame:
    """row, field, code, value, blocks of every row that breaks a check of its kind."""
    found = [pl.DataFrame(schema=FAULTS_OF_CHECKS)]
    for rule in layout.checks:
        for name, code, condition, value in _CHECKS[rule["check"]](rule, frame, day):
            when = rule.get("when", "")
            if when in frame.columns:
                condition = condition & pl.col(when).is_not_null()
            rows = frame.filter(condition.fill_null(False))
            found.append(
                rows.select(
                    row=pl.col("_row"),
                    field=pl.lit(name),
                    code=pl.lit(code),
                    value=value.cast(pl.String).fill_null(""),
                    blocks=pl.lit(not rule.get("warns", False)),
                )
            )
    return pl.concat(found)


Broken = list[tuple[str, str, pl.Expr, pl.Expr]]


def _there(rule: Rule, frame: pl.DataFrame) -> list[str]:
    return [name for name in rule["of"] if name in frame.columns]


def _parts(rule: Rule, frame: pl.DataFrame, day: date | None) -> Broken:
    whole, parts = rule["whole"], _there(rule, frame)
    if whole not in frame.columns or len(parts) < len(rule["of"]):
        return []
    total = pl.sum_horizontal(pl.col(name).fill_null(0) for name in parts)
    value = pl.format("{} ≠ {}", pl.col(whole), total)
    return [(whole, "not_sum_of_parts", pl.col(whole).fill_null(0) != total, value)]


def _not_negative(rule: Rule, frame: pl.DataFrame, day: date | None) -> Broken:
    return [(name, "negative", pl.col(name) < 0, pl.col(name)) for name in _there(rule, frame)]


def _at_most(rule: Rule, frame: pl.DataFrame, day: date | None) -> Broken:
    less, more = rule["less"], rule["more"]
    if not {less, more} <= set(frame.columns):
        return []
    value = pl.format("{} > {}", pl.col(less), pl.col(more))
    return [(less, "more_than_possible", pl.col(less) > pl.col(more), value)]


def _required(rule: Rule, frame: pl.DataFrame, day: date | None) -> Broken:
    nothing = pl.lit("")
    return [(name, "missing", pl.col(name).is_null(), nothing) for name in _there(rule, frame)]


def _one_of(rule: Rule, frame: pl.DataFrame, day: date | None) -> Broken:
    name = rule["field"]
    if name not in frame.columns:
        return []
    wrong = ~pl.col(name).str.to_uppercase().is_in(rule["of"])
    return [(name, "not_in_list", wrong, pl.col(name))]


def _known_code(rule: Rule, frame: pl.DataFrame, day: date | None) -> Broken:
    name = rule["field"]
    if name not in frame.columns:
        return []
    return [(name, "code_unknown", ~pl.col(name).is_in(list(codes(rule["list"]))), pl.col(name))]


def _by_then(rule: Rule, frame: pl.DataFrame, day: date | None) -> Broken:
    if day is None:
        return []
    return [
        (name, "after_the_day", pl.col(name) > day, pl.col(name).dt.strftime("%d/%m/%Y"))
        for name in _there(rule, frame)
    ]


def _same(rule: Rule, frame: pl.DataFrame, day: date | None) -> Broken:
    """Rows of one contract (one for each savings book) must tell the same money."""
    key, names = rule["once_by"], _there(rule, frame)
    if key not in frame.columns:
        return []
    return [
        (
            name,
            "differs_between_rows",
            pl.col(key).is_not_null() & (pl.col(name).n_unique().over(key) > 1),
            pl.col(name),
        )
        for name in names
    ]


_CHECKS: Final[dict[str, Callable[[Rule, pl.DataFrame, date | None], Broken]]] = {
    "parts": _parts,
    "not_negative": _not_negative,
    "at_most": _at_most,
    "required": _required,
    "one_of": _one_of,
    "known_code": _known_code,
    "by_then": _by_then,
    "same": _same,
}
