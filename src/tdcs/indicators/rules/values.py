"""Indicators of a frame of sums: numerator, denominator, value."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from tdcs.core.frames import Frame
from tdcs.indicators.rules.definitions import Definition, Term
from tdcs.indicators.rules.ratios import PPM, with_quotient


def valued(sums: Frame, definitions: Sequence[Definition], keys: Sequence[str]) -> Frame:
    """keys, code, numerator, denominator, value of at least one definition, one below the other.

    ``sums`` holds each term's column (Term.column), null where unknown. An amount or a count is its numerator, and has no
    denominator. Definitions that are divided alike are divided together.
    """
    alike: dict[tuple[int, bool], list[Frame]] = {}
    for one in definitions:
        scale = (PPM if one.unit == "ppm" else 1) if one.denominator else 0
        parts = _parts(sums, one, keys)
        alike.setdefault((scale, one.rounding == "down"), []).append(parts)
    return nw.concat([_divided(nw.concat(rows), *how) for how, rows in alike.items()])


def _parts(sums: Frame, one: Definition, keys: Sequence[str]) -> Frame:
    under = _added(one.denominator) if one.denominator else nw.lit(None, dtype=nw.Int64)
    return sums.select(
        *keys,
        nw.lit(one.code).alias("code"),
        _added(one.numerator).alias("numerator"),
        under.alias("denominator"),
    )


def _divided(rows: Frame, scale: int, down: bool) -> Frame:
    if not scale:
        return rows.with_columns(value=nw.col("numerator"))
    over, under = nw.col("numerator"), nw.col("denominator")
    return with_quotient(rows, "value", over, under, scale=scale, down=down)


def _added(terms: Sequence[Term]) -> nw.Expr:
    """The terms added up; unknown when one of them is."""
    first, *rest = terms
    total = nw.col(first.column) * first.sign
    for term in rest:
        total = total + nw.col(term.column) * term.sign
    return total
