"""Pages of the legal library: the search, the day, one text with what rests on it, its links from figures."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from pdf_pages import nothing_is_cut, pages_of

pytestmark = pytest.mark.django_db


def _text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return " ".join(str(answer.content.decode()).split())


def test_the_search_ignores_accents_and_finds_numbers(officer: Client) -> None:
    address = reverse("programmes:library")
    page = _text(officer.get(address, {"q": "chuan ngheo"}))
    assert "07/2021/NĐ-CP" in page and "30/2020/NĐ-CP" not in page
    assert "338/2025/NĐ-CP" in _text(officer.get(address, {"q": "338/2025"}))
    assert "Không có văn bản nào" in _text(officer.get(address, {"q": "xyz"}))


def test_a_text_is_in_force_on_the_day_of_the_frame(officer: Client) -> None:
    address = reverse("programmes:library")
    asked = {"q": "61/2015", "standing": "in_force"}
    assert "61/2015/NĐ-CP" in _text(officer.get(address, {**asked, "on": "2025-12-31"}))
    assert "Không có văn bản nào" in _text(officer.get(address, {**asked, "on": "2026-01-01"}))


def test_one_text_shows_its_days_its_changes_and_what_rests_on_it(officer: Client) -> None:
    page = _text(officer.get(reverse("programmes:document", args=["ND-100-2024"])))
    assert "100/2024/NĐ-CP" in page and "Đang có hiệu lực" in page
    assert reverse("programmes:document", args=["ND-261-2025"]) in page
    assert reverse("programmes:document", args=["ND-100-2015"]) in page
    assert "Điều 76" in page and "Người thu nhập thấp về nhà ở" in page
    unread = _text(officer.get(reverse("programmes:document", args=["CT-40-2014"])))
    assert "chưa được đối chiếu với bản gốc" in unread and "Hết hiệu lực" in unread
    assert officer.get(reverse("programmes:document", args=["KHONG-CO"])).status_code == 404


def test_a_figure_leads_to_its_text(officer: Client) -> None:
    page = _text(officer.get(reverse("programmes:programme", args=["GQVL"])))
    assert f'href="{reverse("programmes:document", args=["ND-338-2025"])}"' in page


def test_the_link_escapes_what_stands_around_it() -> None:
    made = engines["django"].from_string("{{ w|cited }}").render({"w": '<b>"Điều 1", 12/QĐ-HĐQT'})
    assert made == (
        "&lt;b&gt;&quot;Điều 1&quot;, "
        '<a class="cite" href="/chuong-trinh/van-ban/QD-12-2019-HDQT/">12/QĐ-HĐQT</a>'
    )


def test_the_list_leaves_as_pdf(officer: Client) -> None:
    answer = officer.get(reverse("programmes:library"), {"export": "pdf", "q": "nghi dinh"})
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "no-store"
    pages = pages_of(answer.content)
    nothing_is_cut(pages, ["Số, ký hiệu", "Tình trạng", "Nguồn"], ["30/2020/NĐ-CP"])
    assert pages[0].holds("Danh mục văn bản được viện dẫn") and pages[0].holds("Người in:")


def test_a_list_too_long_for_paper_says_so_above_itself(officer: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("tdcs.documents.paper.MOST_ROWS", 3)
    answer = officer.get(reverse("programmes:library"), {"export": "pdf", "on": "2026-11-23"})
    assert answer.status_code == 302 and answer["Location"].endswith("?on=2026-11-23")
    assert "bản PDF để in chỉ nhận đến 3 dòng" in _text(officer.get(answer["Location"]))
