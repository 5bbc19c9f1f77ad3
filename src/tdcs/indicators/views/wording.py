"""Figures as people read them: large money in tỷ or triệu with the exact dong behind it, shares in per cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from tdcs.documents.numbers import decimal, ppm, whole

NOTHING: Final = "–"
_BILLION, _MILLION = 10**9, 10**6
_LEAST: Final = 50  # ppm that round to 0,01%


def said(value: int | None, unit: str) -> str:
    """``said(13_219_123_000_000, "dong")`` → "13.219,1 tỷ"; ``said(1_234, "ppm")`` → "0,12%"."""
    if value is None:
        return NOTHING
    if unit == "ppm":
        return ppm(value)
    return _money(value) if unit == "dong" else whole(value)


def exact(value: int | None, unit: str) -> str:
    """The same figure to the last dong."""
    if value is None:
        return _("không có số liệu")
    if unit == "ppm":
        return f"{decimal(Decimal(value) / 10_000, 4)}%"
    return " ".join((whole(value), _("đồng"))) if unit == "dong" else whole(value)


def millions(value: int | None) -> str:
    """Dong in triệu with one decimal, for columns that say so in their heads."""
    return NOTHING if value is None else decimal(Decimal(value) / _MILLION, 1)


def changed(value: int | None, unit: str) -> str:
    """A difference with its sign; of a share in percentage points."""
    if value is None:
        return ""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    if unit == "ppm":
        if 0 < abs(value) < _LEAST:
            return _("dưới 0,01 điểm %")
        points = decimal(abs(Decimal(value)) / 10_000, 2)
        return sign + _("%(n)s điểm %%") % {"n": points}
    return f"{sign}{said(abs(value), unit)}"


def mood(change: int | None, direction: str | None) -> str:
    """worse, better or same: which way a change goes when the indicator ought to go ``direction``."""
    if not change or direction is None:
        return "same"
    return "better" if (change > 0) == (direction == "up") else "worse"


def _money(value: int) -> str:
    size = abs(value)
    if size >= _BILLION:
        return " ".join((decimal(Decimal(value) / _BILLION, 1), _("tỷ")))
    if size >= _MILLION:
        return " ".join((decimal(Decimal(value) / _MILLION, 1), _("triệu")))
    return " ".join((whole(value), _("đồng"))) if value else "0"
