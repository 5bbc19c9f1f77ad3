"""Which constraints of a search bind, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _

from tdcs.documents.numbers import ppm
from tdcs.forecasting.rules.allot import (
    CEILING,
    CENTRAL,
    GROWTH,
    LEAST,
    NEED,
    PROVINCE,
    SHARE,
    Binding,
)
from tdcs.programmes.rules import programmes

# So many places are named; the others are counted.
_NAMED: Final = 3


def in_words(binding: Iterable[Binding], names: Mapping[int, str]) -> list[str]:
    """A sentence for each kind and year, by year: the targets, then what holds the budgets back."""
    grouped: dict[tuple[int, str], list[Binding]] = {}
    for row in binding:
        grouped.setdefault((row.year, row.kind), []).append(row)
    order = (GROWTH, SHARE, CENTRAL, CEILING, NEED, LEAST)
    keys = sorted(grouped, key=lambda key: (key[0], order.index(key[1])))
    return [_sentence(kind, year, grouped[year, kind], names) for year, kind in keys]


def _sentence(kind: str, year: int, rows: list[Binding], names: Mapping[int, str]) -> str:
    said = {
        "year": year,
        "worth": ppm(max(abs(row.worth) for row in rows)),
        "places": _listed(_places(rows, names)),
    }
    if kind == GROWTH:
        return (
            _("Năm %(year)s: mỗi đồng tăng trưởng thêm làm chi phí ngân sách đổi %(worth)s.") % said
        )
    if kind == SHARE:
        words = _(
            "Đến hết năm %(year)s: tỷ trọng vốn địa phương vừa đủ; mỗi đồng địa phương thêm tốn %(worth)s."
        )
        return words % said
    if kind == CENTRAL:
        return _("Năm %(year)s: vốn trung ương đã đến mức tối đa.") % said
    if kind == CEILING:
        words = _(
            "Năm %(year)s: đã đến trần ngân sách của %(places)s; nâng trần một đồng bớt chi phí đến %(worth)s."
        )
        return words % said
    if kind == NEED:
        return _("Năm %(year)s: nhu cầu đã hết ở %(places)s.") % said
    return _("Năm %(year)s: chỉ tăng ở mức tối thiểu: %(places)s.") % said


def _places(rows: Iterable[Binding], names: Mapping[int, str]) -> Iterator[str]:
    for row in rows:
        if row.unit is None:
            continue
        place = _("tỉnh") if row.unit == PROVINCE else names.get(row.unit, str(row.unit))
        one = programmes().get(row.programme) if row.programme else None
        yield f"{place} ({one.short if one else row.programme})" if row.programme else place


def _listed(places: Iterator[str]) -> str:
    all_ = list(dict.fromkeys(places))
    if len(all_) <= _NAMED:
        return ", ".join(all_)
    shown = {"first": ", ".join(all_[:_NAMED]), "count": len(all_) - _NAMED}
    return _("%(first)s và %(count)s nơi khác") % shown
