"""Rules of groups: how many members one has; the words for grades. How a month is rated: tdcs.group_results.rules.rating."""

from __future__ import annotations

from datetime import date
from typing import Final

from tdcs.core.basis import basis
from tdcs.programmes.rules.shared import shared

GRADES: Final = {"good": "Tốt", "fair": "Khá", "average": "Trung bình", "weak": "Yếu"}


@basis("QD-783-2003-HDQT")
def least_members(on: date) -> int:
    """How many members a new group has at least. Raises NoParametersOnDay."""
    return shared("group_least_members").on(on).amount


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def most_members(on: date) -> int:
    """How many members a group may have. Raises NoParametersOnDay."""
    return shared("group_most_members").on(on).amount
