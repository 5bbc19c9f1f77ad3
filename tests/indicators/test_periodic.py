"""Reports of a month, a quarter, several years and a commune's meeting: forms as data, figures of the closed days."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from django.test import Client
from groups_cast import BRANCH, person, unit
from indicator_book import Book, loan_row

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.indicators import queries
from tdcs.reporting.queries.periodic import days_of, filled
from tdcs.reporting.rules.periodic import (
    Period,
    change_words,
    named,
    period_of,
    read_form,
    report_forms,
)

M = 1_000_000
ON = date(2026, 2, 10)


@pytest.mark.parametrize(
    ("kind", "words", "first", "last", "said", "address"),
    [
        ("month", "2026-02", (2026, 2, 1), (2026, 2, 28), "tháng 2 năm 2026", "2026-02"),
        ("month", "2025-12", (2025, 12, 1), (2025, 12, 31), "tháng 12 năm 2025", "2025-12"),
        ("month", "", (2026, 1, 1), (2026, 1, 31), "tháng 1 năm 2026", "2026-01"),
        ("month", "2026-13", (2026, 1, 1), (2026, 1, 31), "tháng 1 năm 2026", "2026-01"),
        ("quarter", "2025-Q4", (2025, 10, 1), (2025, 12, 31), "quý IV năm 2025", "2025-Q4"),
        ("quarter", "", (2025, 10, 1), (2025, 12, 31), "quý IV năm 2025", "2025-Q4"),
        ("quarter", "2025-Q5", (2025, 10, 1), (2025, 12, 31), "quý IV năm 2025", "2025-Q4"),
        ("years", "2024-2025", (2024, 1, 1), (2025, 12, 31), "giai đoạn 2024–2025", "2024-2025"),
        ("years", "2025-2024", (2024, 1, 1), (2026, 12, 31), "giai đoạn 2024–2026", "2024-2026"),
        ("years", "", (2024, 1, 1), (2026, 12, 31), "giai đoạn 2024–2026", "2024-2026"),
    ],
)
def test_a_period_is_what_the_address_names_or_the_last_whole_one(
    kind: str, words: str, first: Any, last: Any, said: str, address: str
) -> None:
    period = period_of(kind, words, ON)
    assert (period.first, period.last) == (date(*first), date(*last))
    assert (str(period), period.address) == (said, address)


def test_every_form_names_indicators_that_may_be_divided_so() -> None:
    catalogue = queries.catalogue()
    assert list(report_forms()) == ["thang", "quy", "giao-ban", "so-ket", "tong-ket"]
    for form in report_forms().values():
        for part in form.parts:
            assert set(part.codes) <= set(catalogue), (form.code, part.title)
            assert (not part.share or part.share in part.codes) and bool(part.title)
            if part.by:
                assert any(part.by in catalogue[code].keys for code in part.codes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "week"},
        {"scope": "group"},
        {"parts": [{"tables": "x"}]},
        {"parts": [{"table": "x"}]},
        {"parts": [{"figures": "x", "write": "y"}]},
        {"parts": [{"figures": "x", "by": "office"}]},
    ],
)
def test_a_form_written_wrongly_is_refused(wrong: dict[str, Any]) -> None:
    good = {
        "code": "x",
        "name": "X",
        "period": "month",
        "scope": "office",
        "subject": "",
        "parts": [],
    }
    with pytest.raises(ValueError, match="x: "):
        read_form(good | wrong)


@pytest.mark.parametrize(
    ("now", "before", "unit_", "said"),
    [
        (5 * M, 3 * M, "dong", "+2"),
        (3 * M, 5 * M, "dong", "−2"),
        (10_049, 10_000, "ppm", "0,00 điểm %"),
        (10_050, 10_000, "ppm", "+0,01 điểm %"),
        (7, 7, "count", "0"),
        (None, 7, "count", ""),
        (7, None, "count", ""),
    ],
)
def test_a_change_has_a_sign_only_where_it_shows(
    now: int | None, before: int | None, unit_: str, said: str
) -> None:
    assert change_words(now, before, unit_) == said


def test_what_is_summed_over_a_quarter_is_said_of_the_quarter() -> None:
    quarter = period_of("quarter", "2025-Q4", ON)
    assert named("Doanh số cho vay trong tháng", quarter) == "Doanh số cho vay trong quý"


def _close(book: Book) -> None:
    book.close(date(2024, 12, 31), [loan_row(1, 0, 900 * M), loan_row(2, 1, 100 * M, local=True)])
    for day, total in (
        (date(2025, 10, 31), 920 * M),
        (date(2025, 11, 30), 950 * M),
        (date(2025, 12, 31), 990 * M),
    ):
        book.close(
            day,
            [
                loan_row(1, 0, total, overdue=5 * M),
                loan_row(2, 1, 110 * M, local=True),
            ],
        )


def _planner() -> User:
    return person("ke-hoach-ky", "branch_planner", unit(BRANCH))


def _part(code: str, kind: str, period: Period, at: int = 0) -> Any:
    form = report_forms()[code]
    days = days_of(period, ON)
    assert days is not None
    found = [one for one in filled(form, period, days, {}, _planner()) if one.part.kind == kind]
    return found[at]


def _lent(day: date) -> int:
    """What a month lent by itself."""
    return int(queries.values(on=day, codes=["disbursed_month"])["value"].item())


def test_a_month_is_itself(book: Book) -> None:
    _close(book)
    month = _part("thang", "figures", period_of("month", "2025-12", ON))
    own = _lent(date(2025, 12, 31))
    assert own > 0
    assert {row[0]: row[1] for row in month.rows}["disbursed_month"] == own


def test_a_quarter_sums_what_is_counted_by_month(book: Book) -> None:
    _close(book)
    period = period_of("quarter", "2025-Q4", ON)
    figures = {row[0]: row[1:] for row in _part("quy", "figures", period).rows}
    months = [_lent(day) for day in (date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31))]
    assert figures["disbursed_month"][0] == sum(months) > max(months)
    assert figures["outstanding"] == (1_100 * M, 1_000 * M, 1_000 * M)
    assert figures["overdue_rate"][0] == 4_545


def test_tables_add_up_to_their_totals(book: Book) -> None:
    _close(book)
    period = period_of("quarter", "2025-Q4", ON)
    form = report_forms()["quy"]
    days = days_of(period, ON)
    assert days is not None
    tables = [one for one in filled(form, period, days, {}, _planner()) if one.part.by]
    assert len(tables) == 3
    for one in tables:
        for code in ("outstanding", "disbursed_month", "overdue"):
            assert sum(row.get(code) or 0 for _name, row in one.rows) == one.totals[code], code


def test_years_stand_beside_each_other(book: Book) -> None:
    _close(book)
    rows = _part("so-ket", "years", period_of("years", "2024-2026", ON)).rows
    assert [day for day, _values in rows] == [date(2024, 12, 31), date(2025, 12, 31)]
    assert [values["outstanding"] for _day, values in rows] == [1_000 * M, 1_100 * M]


def test_a_period_without_a_closed_day_has_no_report(book: Book) -> None:
    _close(book)
    assert days_of(period_of("month", "2026-01", ON), ON) is None
    assert days_of(period_of("month", "2024-12", ON), ON) is not None


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def test_the_branch_takes_each_report_and_a_commune_its_own(book: Book) -> None:
    _close(book)
    with clock.fixed_today(ON):
        branch = _client(_planner())
        page = branch.get("/ke-hoach/dinh-ky/").content.decode()
        for form in report_forms().values():
            assert form.name in page
            answer = branch.get(
                f"/ke-hoach/dinh-ky/{form.code}/docx/",
                {"ky": "2024-2025" if form.period == "years" else "2025-12"}
                if form.period != "quarter"
                else {"ky": "2025-Q4"},
            )
            assert answer.status_code == 200, form.code
            file = docx.Document(io.BytesIO(answer.content))
            words = "\n".join(p.text for p in file.paragraphs)
            assert "số liệu chốt đến ngày 31/12/2025" in words
        assert branch.get("/ke-hoach/dinh-ky/thang/", {"ky": "2025-12"}).status_code == 200
        refused = branch.get("/ke-hoach/dinh-ky/thang/", {"ky": "2026-01"})
        assert refused.status_code == 302
        assert branch.get("/ke-hoach/dinh-ky/khong-co/").status_code == 404
        assert branch.get("/ke-hoach/dinh-ky/thang/odt/").status_code == 404
        clerk = _client(person("xa-ky", "unit_clerk", unit("ubnd@n26227")))
        page = clerk.get("/ke-hoach/dinh-ky/").content.decode()
        assert "Biểu họp giao ban xã" in page
        assert "Báo cáo tháng" not in page
        assert clerk.get("/ke-hoach/dinh-ky/thang/", {"ky": "2025-12"}).status_code == 404
        mine = clerk.get("/ke-hoach/dinh-ky/giao-ban/pdf/", {"ky": "2025-12"})
        assert mine.content[:5] == b"%PDF-"
        other = {"ky": "2025-12", "xa": "999999999"}
        assert clerk.get("/ke-hoach/dinh-ky/giao-ban/", other).status_code == 404
        admin = _client(person("quan-tri-ky", "system_admin", unit(BRANCH)))
        assert admin.get("/ke-hoach/dinh-ky/").status_code == 403
