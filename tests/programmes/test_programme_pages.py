"""Pages of programmes: the list of a day, the search, a programme's figures over time with their basis."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tdcs.documents.reading.rows import read_rows

pytestmark = pytest.mark.django_db


def _text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return _as_read(str(answer.content.decode()))


def _as_read(page: str) -> str:
    """Blanks as a browser shows them: one for many."""
    return " ".join(page.split())


def test_the_list_is_of_a_day(officer: Client) -> None:
    page = _text(officer.get(reverse("programmes:list")))
    assert "14 chương trình cho vay vào ngày 23/11/2026" in page
    assert "7,9248%/năm" in page and "200.000.000" in page
    assert "không cho vay vào ngày này" in page  # the programmes of the phase that ended in 2025
    past = _text(officer.get(reverse("programmes:list"), {"on": "2025-12-31"}))
    assert "31/12/2025" in past and "7,9248%/năm" not in past
    assert "0 chương trình" in _text(officer.get(reverse("programmes:list"), {"on": "1999-01-01"}))


def test_the_search_ignores_accents(officer: Client) -> None:
    page = _text(officer.get(reverse("programmes:list"), {"q": "nuoc sach"}))
    assert "Cho vay nước sạch và vệ sinh môi trường nông thôn" in page
    assert "Cho vay hộ nghèo" not in page
    nothing = _text(officer.get(reverse("programmes:list"), {"q": "xyz"}))
    assert "Không có chương trình nào khớp" in nothing


def test_the_list_as_a_workbook(officer: Client) -> None:
    answer = officer.get(reverse("programmes:list"), {"export": "xlsx", "on": "2026-11-23"})
    rows = [row.cells for row in read_rows(answer.content)]
    (poor,) = [row for row in rows if "HN" in row]
    assert "Cho vay hộ nghèo" in poor and "62400" in [str(cell) for cell in poor]


def test_a_programme_shows_its_figures_over_time(officer: Client) -> None:
    address = reverse("programmes:programme", args=["GQVL"])
    page = _text(officer.get(address))
    assert "7,92%/năm (120% lãi suất hộ nghèo)" in page
    assert "<b>7,9248%/năm (127% lãi suất hộ nghèo)</b>" in page
    assert "338/2025/NĐ-CP" in page and "Chính sách hỗ trợ tạo việc làm" in page
    assert "01/09/2015 – trước 08/11/2019" in page
    assert "theo trang công khai" in page and "chưa kiểm chứng" in page
    assert "Báo Dân trí 26/12/2025 – NĐ 338/2025" in page
    assert "Người lao động cần việc làm" in page and "người khuyết tật" in page
    assert "chuyển nợ quá hạn ngày hôm sau" in page
    past = _text(officer.get(address, {"on": "2025-12-31"}))
    assert "<b>7,488%/năm (120% lãi suất hộ nghèo)</b>" in past
    assert "Chuyển nợ quá hạn sau hạn trả cuối cùng" in past


def test_a_programme_that_does_not_lend_says_so(officer: Client) -> None:
    page = _text(officer.get(reverse("programmes:programme", args=["DTTS"])))
    assert "Không cho vay vào ngày 23/11/2026" in page and "đang áp dụng" not in page
    student = _text(officer.get(reverse("programmes:programme", args=["HSSV"])))
    assert "và trong hộ phải có" in student
    difficult = _text(officer.get(reverse("programmes:programme", args=["SXKDVKK"])))
    assert "trừ hộ đã có chương trình riêng" in difficult


def test_a_programme_as_a_workbook(officer: Client) -> None:
    answer = officer.get(reverse("programmes:programme", args=["HN"]), {"export": "xlsx"})
    cells = [str(cell) for row in read_rows(answer.content) for cell in row.cells]
    assert "Lãi suất" in cells and "66000" in cells and "chưa kiểm chứng" in cells


def test_who_is_not_let_in(client: Client, officer: Client) -> None:
    assert officer.get(reverse("programmes:programme", args=["XYZ"])).status_code == 404
    client.logout()
    assert client.get(reverse("programmes:list")).status_code == 302
