"""Rounds of risk handling: how many an office may have in a year."""

from __future__ import annotations

from datetime import date

from tdcs.core.basis import basis
from tdcs.programmes.rules.shared import shared


@basis("QD-62-2021-HDQT", "")
def may_open(rounds: int, on: date) -> bool:
    """Whether an office that has had so many rounds this year may open another. Raises NoParametersOnDay."""
    return rounds < most_rounds(on)


@basis("QD-62-2021-HDQT", "")
def most_rounds(on: date) -> int:
    """Rounds of a year, by the law of the day. Raises NoParametersOnDay."""
    return shared("risk_rounds_a_year").on(on).amount
