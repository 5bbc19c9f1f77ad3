"""The ground: clock, working days, text, validity, refusals."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.core import clock, workdays
from tdcs.core.errors import Refusal
from tdcs.core.text import by_name, fold, nfc
from tdcs.core.validity import Validity, year_of


def test_the_clock_stands_where_it_is_put() -> None:
    with clock.fixed_today(date(2024, 2, 29)):
        assert clock.today() == date(2024, 2, 29)
        assert clock.now().date() == date(2024, 2, 29)
        assert clock.now().utcoffset() is not None


def test_the_environment_fixes_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TDCS_TODAY", "2025-06-30")
    clock._standing.set(None)
    assert clock.today() == date(2025, 6, 30)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),  # Sunday
        (date(2026, 9, 2), False),  # Quốc khánh
        (date(2026, 2, 17), False),  # mồng một Tết Bính Ngọ
        (date(2025, 1, 29), False),  # mồng một Tết Ất Tỵ
        (date(2026, 4, 26), False),  # Giỗ Tổ falls on a Sunday
    ],
)
def test_offices_close_on_weekends_and_holidays(day: date, works: bool) -> None:
    assert workdays.is_working_day(day) is works


def test_working_days_skip_new_year_and_the_weekend() -> None:
    assert workdays.working_days_after(date(2026, 12, 31), date(2027, 1, 4)) == 1
    assert workdays.working_days_after(date(2024, 12, 14), date(2024, 12, 16)) == 1
    assert workdays.working_days_after(date(2026, 11, 23), date(2026, 11, 23)) == 0
    assert workdays.working_days_after(date(2026, 11, 23), date(2026, 11, 1)) == 0


def test_tet_is_not_worked() -> None:
    assert workdays.working_days_after(date(2026, 2, 13), date(2026, 2, 20)) == 0


@pytest.mark.parametrize(
    "words", ["Hoà Bình", "Hòa  Bình", "HÒA BÌNH", "hoa binh", "Hoa\u0300 Bi\u0300nh"]
)
def test_folding_unites_spellings(words: str) -> None:
    assert fold(words) == "hoa binh"


def test_folding_keeps_no_accent_and_knows_d() -> None:
    assert fold("Đồng Nai – Ủy ban") == "dong nai - uy ban"
    assert nfc("Đồng") == "Đồng"


def test_validity_is_half_open() -> None:
    year = year_of(2025)
    assert year.holds_on(date(2025, 1, 1))
    assert not year.holds_on(date(2026, 1, 1))
    assert not year.overlaps(year_of(2026))
    assert Validity(date(2025, 7, 1)).overlaps(year)
    with pytest.raises(ValueError, match="empty"):
        Validity(date(2025, 1, 1), date(2025, 1, 1))


def test_a_refusal_speaks_both_languages() -> None:
    class TooBig(Refusal):
        code = "too_big"
        vi = "Tệp {size} MB quá lớn."
        en = "The file of {size} MB is too large."
        next_step_vi = "Chia nhỏ tệp."

    refusal = TooBig(size=100)
    assert str(refusal) == "Tệp 100 MB quá lớn."
    assert refusal.sentence("en") == "The file of 100 MB is too large."
    assert refusal.as_json()["code"] == "too_big"
    assert refusal.next_step("en") == "Chia nhỏ tệp."


def test_names_alike_without_accents_keep_one_order() -> None:
    names = ["Lộc Thành", "Lộc Thạnh", "Lộc Tấn"]
    assert sorted(names, key=by_name) == sorted([*names[1:], names[0]], key=by_name)
    assert sorted(names, key=by_name)[0] == "Lộc Tấn"
    assert fold("Lộc Thành") == fold("Lộc Thạnh")
