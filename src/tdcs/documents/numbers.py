"""Figures and days as Vietnamese administrative documents write them.

1.234.567,8 · 95,5% · 05/02/2026 · "ngày 05 tháng 02 năm 2026" · "Một triệu đồng".
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

Number = int | float | Decimal

# A gap to be filled in by hand; no-break spaces, so that no renderer folds them into one.
GAP: Final = "\u00a0" * 6

# A ratio has as many decimals on every page and in every document: 0,12% here and 0,1% there are two figures.
PERCENT_PLACES: Final = 2
NOTHING: Final = "–"

# Room for any double written out; half up, as offices round.
_ROOMY: Final = Context(prec=400, rounding=ROUND_HALF_UP)
_SIGNS: Final = str.maketrans(",.", ".,")
_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES: Final = ("", "nghìn", "triệu")


def decimal(value: Number, places: int = 0) -> str:
    """``decimal(1234567.85, 1)`` → "1.234.567,9": rounded half up, dots group, comma divides."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return ""
    rounded = exact.quantize(Decimal(1).scaleb(-places), context=_ROOMY)
    if rounded == 0:
        rounded = abs(rounded)  # no "-0"
    return f"{rounded:,f}".translate(_SIGNS)


def grouped(value: int, *, english: bool = False) -> str:
    """``grouped(1234567)`` → "1.234.567", in English "1,234,567": a whole number as it is, quick enough for thousands."""
    return f"{value:,}" if english else f"{value:,}".replace(",", ".")


def whole(value: Number) -> str:
    """``whole(1234567)`` → "1.234.567"."""
    return decimal(value, 0)


def exact(value: Decimal) -> str:
    """``exact(Decimal("1234.50"))`` → "1.234,5": as it is, without noughts behind."""
    return f"{value.normalize():,f}".translate(_SIGNS)


def percent(value: Number, places: int = PERCENT_PLACES) -> str:
    """``percent(95.5)`` → "95,50%". The value is already in per cent."""
    shown = decimal(value, places)
    return f"{shown}%" if shown else ""


def ppm(value: int | None) -> str:
    """``ppm(1_234)`` → "0,12%": a ratio in parts per million, "–" of nothing."""
    return percent(Decimal(value) / 10_000) if value is not None else NOTHING


def bound(ppm: int) -> str:
    """``bound(275_000)`` → "27,5%": a figure of a plan as the plan writes it, without noughts behind."""
    return f"{(Decimal(ppm) / 10_000).normalize():f}%".replace(".", ",")


def share(part: int | None, total: int | None) -> str:
    """``share(1, 800)`` → "0,13%"; "–" of nothing."""
    return percent(Decimal(100 * (part or 0)) / Decimal(total)) if total else NOTHING


def points(value: int) -> str:
    """``points(-9_700)`` → "0,97 điểm %": the size of a difference of two ratios, in parts per million."""
    return f"{decimal(abs(Decimal(value)) / 10_000, PERCENT_PLACES)} điểm %"


def dong(value: int | None) -> str:
    """``dong(1_234_567)`` → "1.234.567 đồng", to the last dong."""
    return f"{whole(value)} đồng" if value is not None else NOTHING


def money(value: int | None) -> str:
    """``money(13_219_123_000_000)`` → "13.219,1 tỷ đồng", ``money(65_250_000)`` → "65,3 triệu đồng": for sentences."""
    if value is None:
        return NOTHING
    if abs(value) >= 10**9:
        return f"{decimal(Decimal(value) / 10**9, 1)} tỷ đồng"
    return (
        f"{decimal(Decimal(value) / 10**6, 1)} triệu đồng" if abs(value) >= 10**6 else dong(value)
    )


def days(count: int) -> str:
    """``days(3)`` → "3 ngày"."""
    return f"{whole(count)} ngày"


def date_short(day: date) -> str:
    """05/02/2026."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def date_words(day: date | None, year: int | None = None) -> str:
    """ "ngày 05 tháng 02 năm 2026": days below 10 and months 1 and 2 take a nought (NĐ 30/2020).

    Without a day: gaps to be written in by hand, with the year when it is known.
    """
    if day is None:
        return f"ngày{GAP}tháng{GAP}năm {year if year else '20' + GAP}"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def padded(number: int | str) -> str:
    """A document's number: below 10 with a nought ("05"); anything that is no figure stays as it is."""
    words = str(number).strip()
    return words.zfill(2) if words.isdecimal() else words


def in_words(value: int, *, ten: str = "linh") -> str:
    """1005 → "một nghìn không trăm linh năm". ``ten``: "linh", or "lẻ" as the South says."""
    if value == 0:
        return _DIGITS[0]
    if value < 0:
        return f"âm {in_words(-value, ten=ten)}"
    billions, rest = divmod(value, 10**9)
    parts: list[str] = []
    if billions:
        parts += [in_words(billions, ten=ten), "tỷ"]
    for scale in (2, 1, 0):
        group, rest = divmod(rest, 1000**scale)
        if group:
            parts += [_group(group, full=bool(parts), ten=ten), _SCALES[scale]]
    return " ".join(part for part in parts if part)


def dong_in_words(value: int, *, ten: str = "linh") -> str:
    """1200000 → "Một triệu hai trăm nghìn đồng"."""
    words = in_words(value, ten=ten)
    return f"{words[0].upper()}{words[1:]} đồng"


def _group(value: int, *, full: bool, ten: str) -> str:
    """Three digits; ``full`` says the noughts in front too: 5 in 1.005 is "không trăm linh năm"."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words: list[str] = []
    if hundreds or full:
        words.append(f"{_DIGITS[hundreds]} trăm")
    if tens == 0:
        if ones:
            words += [ten, _DIGITS[ones]] if words else [_DIGITS[ones]]
        return " ".join(words)
    words.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if ones:
        words.append(_ones_after_tens(tens, ones))
    return " ".join(words)


def _ones_after_tens(tens: int, ones: int) -> str:
    """mười một but hai mươi mốt; mười lăm, hai mươi lăm; bốn stays bốn, as offices write it."""
    if ones == 1 and tens > 1:
        return "mốt"
    return "lăm" if ones == 5 else _DIGITS[ones]
