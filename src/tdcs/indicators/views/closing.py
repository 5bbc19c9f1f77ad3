"""What would close the gap to a target, in a sentence; and whose gap it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tdcs.indicators import queries
from tdcs.indicators.rules.definitions import Definition, Target
from tdcs.indicators.rules.ratios import PPM
from tdcs.indicators.rules.shortfall import Ratio, needed, shortest
from tdcs.indicators.views.cells import Line, askable, lines, names_of
from tdcs.indicators.views.frame import MANY
from tdcs.indicators.views.request_params import RequestParams
from tdcs.indicators.views.target_rows import TargetRow
from tdcs.indicators.views.wording import said

MOST: Final = 5
# Large money is said with one decimal of tỷ or triệu; what must be reached is rounded up to it.
_STEPS: Final = ((10**9, 10**8), (10**6, 10**5))


@dataclass(frozen=True, slots=True)
class Short:
    """A unit that pulls the whole to the wrong side, and by how much of the numerator's unit."""

    id: Any
    name: str
    amount: int


def closings(asked: RequestParams, rows: Sequence[TargetRow]) -> list[TargetRow]:
    """The rows, each missed one with its sentence."""
    missed = [row.line.code for row in rows if row.line.met is False]
    key = asked.next_key
    parts = lines(asked, key, missed) if missed and key else {}
    return [
        replace(row, closing=sentence(asked, row, parts)) if row.line.code in missed else row
        for row in rows
    ]


def sentence(asked: RequestParams, row: TargetRow, parts: Mapping[Any, Line]) -> str:
    """ "Thiếu 3,48 điểm %: cần … trước 31/12/2026; 5 phòng giao dịch thiếu nhiều nhất: …"."""
    definition = queries.catalogue()[row.line.code]
    target = definition.target_on(row.line.day)
    first = f"{row.gap_words[:1].upper()}{row.gap_words[1:]}"
    deed = deed_words(definition, target, row.line.numerator, row.line.denominator)
    if not deed or target is None:
        return f"{first}."
    words = _("%(gap)s: %(deed)s trước %(day)s") % {
        "gap": first,
        "deed": deed,
        "day": f"{date(row.line.day.year, 12, 31):%d/%m/%Y}",
    }
    short = shorts(asked, definition, target, asked.next_key, parts)[:MOST]
    if not short:
        return f"{words}."
    named = ", ".join(f"{one.name} ({said(one.amount, amount_unit(target))})" for one in short)
    farthest = _("thiếu nhiều nhất") if target.at_least is not None else _("vượt nhiều nhất")
    return f"{words}; {len(short)} {_(MANY[asked.next_key])} {farthest}: {named}."


def deed_words(
    definition: Definition, target: Target | None, over: int | None, under: int | None
) -> str:
    """ "cần thêm 1,3 tỷ dư nợ vốn địa phương"; of "khoảng 30%" also what brings the whole figure."""
    if target is None or target.lever is None or over is None or not under or under <= 0:
        return ""
    ratio = Ratio(over, under, definition.rounding == "down")
    amount = needed(ratio, target, target.lever)
    if not amount:
        return "" if amount == 0 else _("không lượng nào của riêng việc này bù đủ")
    english = (get_language() or "vi").startswith("en")
    deed = target.lever.deed_en if english else target.lever.deed
    words = deed.format(amount=said(rounded_up(amount, target.lever.unit), target.lever.unit))
    if not target.tolerance:
        return words
    full = needed(ratio, target, target.lever, bound=target.bound)
    if not full:
        return words
    whole = said(rounded_up(full, target.lever.unit), target.lever.unit)
    return _("%(deed)s (%(full)s để tròn chỉ tiêu)") % {"deed": words, "full": whole}


def rounded_up(amount: int, unit: str) -> int:
    """What is said with one decimal is never less than what is needed."""
    if unit == "dong":
        for size, step in _STEPS:
            if amount >= size:
                return -(-amount // step) * step
    return amount


def shorts(
    asked: RequestParams,
    definition: Definition,
    target: Target,
    key: str,
    parts: Mapping[Any, Line],
) -> list[Short]:
    """The units on the wrong side, the farthest first, by the plan's own figure."""
    if not key or not askable(asked, definition, key):
        return []
    found = shortest(
        (
            (unit, Ratio(cell.numerator or 0, cell.denominator or 0))
            for unit, line in parts.items()
            if (cell := line.get(definition.code)) is not None
        ),
        target,
    )
    names = names_of(key, [unit for unit, _amount in found], asked)
    return [
        Short(unit, names.get(unit, str(unit)), (2 * amount + PPM) // (2 * PPM))
        for unit, amount in found
    ]


def amount_unit(target: Target) -> str:
    """Of what a gap is an amount."""
    return target.lever.unit if target.lever else "count"
