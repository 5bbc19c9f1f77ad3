"""What pages say in numbers, days and states is written as officials write it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation

from tdcs.web.stylesheets import bundled, minified
from tdcs.web.templatetags import tdcs_ui

STATIC = Path(tdcs_ui.__file__).parents[1] / "static"
CSS = minified(bundled("tdcs/tdcs.css", lambda name: (STATIC / name).read_text(encoding="utf-8")))


@pytest.fixture(autouse=True)
def vietnamese() -> Any:
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1234567, "1.234.567"),
        (Decimal("1234567.8"), "1.234.567,8"),
        (Decimal("31.60"), "31,6"),
        (1000, "1.000"),
        (0, "0"),
        (-2500, "-2.500"),
        (None, ""),
    ],
)
def test_numbers_group_by_dots_and_part_by_a_comma(value: Any, words: str) -> None:
    assert tdcs_ui.vn_number(value) == words


def test_a_date_is_day_month_year_and_none_is_empty() -> None:
    assert tdcs_ui.vn_date(date(2026, 11, 3)) == "03/11/2026"
    assert tdcs_ui.vn_date(None) == ""


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_in_vietnam() -> None:
    moment = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert tdcs_ui.vn_date(moment) == "23/11/2026"
    assert tdcs_ui.vn_moment(moment) == "23/11/2026 01:30"


@pytest.mark.parametrize(
    ("left", "words"),
    [(22, "còn 22 ngày"), (0, "đến hạn hôm nay"), (-3, "quá hạn 3 ngày"), (None, "")],
)
def test_days_are_said_as_officials_say_them(left: int | None, words: str) -> None:
    assert tdcs_ui.vn_days(left) == words


def test_a_share_of_nothing_is_a_dash_not_a_zero() -> None:
    assert tdcs_ui.share(1179, 3729) == "31,62%"
    assert tdcs_ui.share(0, 10) == "0,00%"
    # Half up: 3 of 2,400 are 0.125%.
    assert tdcs_ui.share(3, 2_400) == "0,13%"
    assert tdcs_ui.share(None, 0) == "–"


def test_a_status_is_a_word_with_a_class_and_an_unknown_code_is_escaped() -> None:
    assert tdcs_ui.status("late") == '<span class="st late">Quá hạn</span>'
    assert "<b>" not in tdcs_ui.status("<b>")


@pytest.mark.parametrize("code", ["soon", "late", "done", "done_late", "returned", "submitted"])
def test_a_status_has_a_shape_beside_its_colour(code: str) -> None:
    assert re.search(rf"\.st\.{code}::before", CSS)


def test_a_filter_changes_alone_and_an_empty_one_leaves_the_address() -> None:
    context = {"request": RequestFactory().get("/", {"nam": "2026", "trang": "3"})}
    assert tdcs_ui.query(context, nam=2025) == "?nam=2025&trang=3"
    assert tdcs_ui.query(context, trang=None) == "?nam=2026"


def _themes() -> dict[str, dict[str, str]]:
    found = re.findall(r":root(\[data-theme=dark\])?\{([^}]*)\}", CSS.split("@media print")[0])
    return {
        "dark" if dark else "light": dict(
            re.findall(r"--([\w-]+): (#[0-9a-f]{6}|#[0-9a-f]{3})\b", body)
        )
        for dark, body in found
    }


def _light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("page", "card", "sunk")
WORDS = [(ink, ground) for ink in ("ink", "soft", "faint", "accent-ink") for ground in GROUNDS]
WORDS += [(m, f"{m}-bg") for m in ("ok", "soon", "late", "done", "none")]
WORDS += [("accent-ink", "accent-bg"), ("faint", "accent-bg"), ("on-accent", "accent")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_reach_the_contrast_of_wcag_aa(theme: str) -> None:
    tokens = _themes()[theme]
    weak = [(a, b) for a, b in WORDS if _contrast(tokens[a], tokens[b]) < 4.5]
    assert weak == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_fields_and_the_focus_ring_reach_three_to_one(theme: str) -> None:
    tokens = _themes()[theme]
    pairs = [(edge, ground) for edge in ("edge", "accent") for ground in ("page", "card")]
    assert [p for p in pairs if _contrast(tokens[p[0]], tokens[p[1]]) < 3] == []


def test_first_load_stays_below_300_kb() -> None:
    import gzip

    folder = Path(tdcs_ui.__file__).parents[1] / "static/tdcs"
    text = sum(len(gzip.compress(p.read_bytes())) for p in folder.glob("*.*") if p.is_file())
    fonts = sum(p.stat().st_size for p in folder.glob("fonts/*.woff2"))
    assert text + fonts < 300_000


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (533_650_000_000, "533,7 tỷ"),
        (1_000_000_000, "1 tỷ"),
        (999_999_999, "999.999.999"),
        (-2_500_000_000, "-2,5 tỷ"),
        (0, "0"),
        (None, ""),
    ],
)
def test_large_money_is_said_in_billions(value: int | None, words: str) -> None:
    assert tdcs_ui.vn_money(value) == words
