"""Indicators of a frame of sums: numerator, denominator, value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from tdcs.indicators.rules.definitions import Definition, Term
from tdcs.indicators.rules.ratios import PPM, with_quotient

Frame = nw.DataFrame[Any]


def valued(sums: Frame, definition: Definition, keys: Sequence[str]) -> Frame:
    """keys, code, numerator, denominator, value. ``sums`` holds each term's column (Term.column), null where unknown.

    An amount or a count is its numerator, and has no denominator.
    """
    col = nw.col
    number = _added(definition.numerator)
    if not definition.denominator:
        nothing = nw.lit(None, dtype=nw.Int64)
        staged = sums.with_columns(numerator=number, denominator=nothing)
        staged = staged.with_columns(value=col("numerator"))
    else:
        staged = sums.with_columns(numerator=number, denominator=_added(definition.denominator))
        staged = with_quotient(
            staged,
            "value",
            col("numerator"),
            col("denominator"),
            scale=PPM if definition.unit == "ppm" else 1,
            down=definition.rounding == "down",
        )
    staged = staged.with_columns(code=nw.lit(definition.code))
    return staged.select(*keys, "code", "numerator", "denominator", "value")


def _added(terms: Sequence[Term]) -> nw.Expr:
    """The terms added up; unknown when one of them is."""
    first, *rest = terms
    total = nw.col(first.column) * first.sign
    for term in rest:
        total = total + nw.col(term.column) * term.sign
    return total
