"""Pages of households: what each person meets, what is refused, what a form keeps."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from households_cast import TODAY, Cast, identity, make_household

from tdcs.audit.models import AuditLine
from tdcs.demand.queries import qualifying
from tdcs.documents.reading.rows import read_rows
from tdcs.households.models import CreditNeed, Household, NeedSurvey, PovertyReview
from tdcs.households.services import reviews
from tdcs.households.services.reviews import Measures

pytestmark = pytest.mark.django_db


def _text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


@pytest.fixture
def hoa(cast: Cast) -> Household:
    return make_household(
        code_hint="H-HOA",
        commune_area=cast.la_nga,
        hamlet="Ấp Đồn",
        head_name="Nguyễn Thị Hoa",
        identity_number="075012345612",
        members=[("Trần Văn Bình", "Chồng")],
    )


def test_the_list_shows_masked_numbers_and_keeps_its_filters(
    cast: Cast, hoa: Household, signed_in: Any
) -> None:
    make_household(commune_area=cast.other, head_name="Bà Xa")
    client = signed_in(cast.clerk)
    page = _text(client.get(reverse("households:list"), {"q": "nguyen hoa", "kind": "poor"}))
    assert "H-HOA" in page and "0750••••••12" in page and "075012345612" not in page
    assert "1 hộ trong địa bàn của bạn, ngày 23/11/2026" in page and "Bà Xa" not in page
    assert "Hộ nghèo" in page
    assert "Không có hộ nào khớp" in _text(client.get(reverse("households:list"), {"q": "xyz"}))
    past = _text(client.get(reverse("households:list"), {"day": "2025-12-31"}))
    assert "H-HOA" not in past and "31/12/2025" in past


def test_exports_stay_masked(cast: Cast, hoa: Household, signed_in: Any) -> None:
    answer = signed_in(cast.clerk).get(reverse("households:list"), {"export": "xlsx"})
    cells = [cell for row in read_rows(answer.content) for cell in row.cells]
    assert "0750••••••12" in cells and "075012345612" not in cells


@pytest.mark.parametrize("name", ["household", "grant", "move", "end", "split"])
def test_outside_the_scope_is_not_found(
    cast: Cast, hoa: Household, signed_in: Any, name: str
) -> None:
    address = reverse(f"households:{name}", args=[hoa.pk])
    assert signed_in(cast.clerk).get(address).status_code == 200
    assert signed_in(cast.other_clerk).get(address).status_code == 404
    assert signed_in(cast.far_officer).get(address).status_code == 404


def test_who_sees_without_keeping_changes_and_unmasks_nothing(
    cast: Cast, hoa: Household, signed_in: Any
) -> None:
    client = signed_in(cast.women)
    page = _text(client.get(reverse("households:household", args=[hoa.pk])))
    assert "Ghi diện thụ hưởng" not in page and "Hiện số định danh" not in page
    person = hoa.members.first().person_id
    for address in (
        reverse("households:unmask", args=[hoa.pk, person]),
        reverse("households:grant", args=[hoa.pk]),
    ):
        assert client.post(address).status_code == 404
    assert not AuditLine.objects.filter(action="households.unmask").exists()


def test_a_value_is_shown_once_and_the_trail_knows(
    cast: Cast, hoa: Household, signed_in: Any
) -> None:
    client = signed_in(cast.clerk)
    home = reverse("households:household", args=[hoa.pk])
    unmask = reverse("households:unmask", args=[hoa.pk, hoa.members.get(is_head=True).person_id])
    assert client.get(unmask).status_code == 405
    answer = client.post(unmask, {"what": "identity"})
    assert "075012345612" in _text(answer) and answer["Cache-Control"] == "no-store"
    assert "075012345612" not in _text(client.get(home))
    line = AuditLine.objects.get(action="households.unmask")
    assert line.actor == cast.clerk and line.subject_words == "H-HOA"
    assert client.post(unmask.replace("/hien/", "/hien/99")).status_code == 404
    assert signed_in(cast.planner).post(unmask).status_code == 403


def test_the_story_of_a_household(cast: Cast, hoa: Household, signed_in: Any) -> None:
    page = _text(signed_in(cast.clerk).get(reverse("households:household", args=[hoa.pk])))
    for words in (
        "Nguyễn Thị Hoa · H-HOA",
        "Ấp Đồn, xã La Ngà",
        "Trần Văn Bình",
        "Quyết định 01/QĐ-UBND ngày 01/01/2026, UBND xã La Ngà",
        "Chưa ghi nhu cầu nào.",
    ):
        assert words in page, words


def test_registering_by_form(cast: Cast, signed_in: Any) -> None:
    client, address = signed_in(cast.clerk), reverse("households:register")
    sent = {
        "full_name": "Lê Thị Lan",
        "identity_number": identity(),
        "born_on": "1990-02-03",
        "gender": "female",
        "phone": "",
        "area": cast.la_nga.pk,
        "hamlet": "Ấp 3",
        "line": "",
        "since": "2026-11-20",
    }
    wrong = _text(client.post(address, sent | {"born_on": "2026-11-24", "identity_number": "12"}))
    assert "Ngày sinh ở tương lai." in wrong and "Số định danh có đúng 12 chữ số." in wrong
    assert 'value="Lê Thị Lan"' in wrong and not Household.objects.exists()
    assert "xã Long Thành" not in wrong
    outside = _text(client.post(address, sent | {"area": cast.other.pk}))
    assert not Household.objects.exists() and "errorlist" in outside
    made = client.post(address, sent)
    home = Household.objects.get()
    assert made["Location"] == reverse("households:household", args=[home.pk])
    twice = _text(client.post(address, sent))
    assert f"Số định danh này đã có ở hộ {home.code}." in twice


def test_changes_by_forms(cast: Cast, hoa: Household, signed_in: Any) -> None:
    client = signed_in(cast.officer)

    def send(name: str, *more: int, **data: Any) -> Any:
        return client.post(reverse(f"households:{name}", args=[hoa.pk, *more]), data)

    person = {"full_name": "Trần Thị Út", "relation": "Con", "since": "2026-11-01"}
    assert send("add_member", **person).status_code == 302
    child = hoa.members.get(person__full_name="Trần Thị Út")
    granted = {
        "kind": "student",
        "person": child.person_id,
        "standard": "national",
        "since": "2026-11-01",
        "number": "7/XN-UBND",
        "decided_on": "2026-11-01",
        "decided_by": cast.ubnd.pk,
    }
    assert send("grant", **granted).status_code == 302
    assert "Hộ đã thuộc diện “Học sinh, sinh viên”" in _text(send("grant", **granted))
    spell = hoa.spells.get(kind="student")
    assert send("end_spell", spell.pk, last="2026-11-20", why="thôi học").status_code == 302
    assert (
        send(
            "change_head",
            member=hoa.members.get(relation="Chồng").pk,
            since="2026-11-10",
            old_relation="Vợ",
        ).status_code
        == 302
    )
    assert send("correct_person", child.person_id, full_name="Trần Thị Ut").status_code == 302
    assert send("end_membership", child.pk, last="2026-11-21", why="đi làm xa").status_code == 302
    spell.refresh_from_db()
    assert spell.ends_on == date(2026, 11, 20)
    assert send("move", area=cast.la_nga.pk, hamlet="Ấp 9", since="2026-11-22").status_code == 302
    assert "hộ không thể không có chủ hộ" not in _text(send("split", since="2026-11-22"))
    assert send("end", last="2026-11-23", why="trùng hộ").status_code == 302
    page = _text(client.get(reverse("households:household", args=[hoa.pk])))
    assert "hộ đã kết thúc" in page and "Ghi diện thụ hưởng" not in page


def _review(cast: Cast) -> PovertyReview:
    return reviews.open_review(area=cast.la_nga, year=2026, by=cast.clerk, on=TODAY)


def test_a_review_from_opening_to_approval_on_pages(
    cast: Cast, hoa: Household, signed_in: Any
) -> None:
    client = signed_in(cast.clerk)
    sent = client.post(reverse("households:open_review"), {"area": cast.la_nga.pk, "year": 2026})
    review = PovertyReview.objects.get()
    page = sent["Location"]
    assert "Chưa có kết quả" in _text(client.get(page))
    bad = "Mã hộ\tThu nhập\tSố chỉ số\nH-HOA\tmột triệu\t3\nH-MAI\t1000000\t3"
    answer = _text(client.post(reverse("households:import", args=[review.pk]), {"words": bad}))
    assert "2 dòng có lỗi, chưa lưu dòng nào." in answer and "“một triệu”" in answer
    good = io.BytesIO("Mã hộ,Thu nhập,Số chỉ số\nH-HOA,2300000,1\n".encode())
    good.name = "danh-sach.csv"
    assert (
        client.post(reverse("households:import", args=[review.pk]), {"file": good}).status_code
        == 302
    )
    assert "Thoát nghèo, cận nghèo 1" in _text(client.get(page, {"tab": "escaped"}))
    act = reverse("households:act_review", args=[review.pk])
    assert client.post(act, {"verb": "submit"}).status_code == 302
    approve = reverse("households:approve", args=[review.pk])
    assert client.get(approve).status_code == 403
    chair = signed_in(cast.chair)
    assert "1 hộ ra khỏi danh sách" in _text(chair.get(approve))
    sent = chair.post(approve, {"number": "456/QĐ-UBND", "decided_on": "2026-11-23"})
    assert sent.status_code == 302
    shown = _text(chair.get(page))
    assert "Quyết định 456/QĐ-UBND ngày 23/11/2026, áp dụng từ 01/01/2027" in shown
    assert set(hoa.spells.filter(ends_on=None).values_list("kind", flat=True)) == set()
    assert hoa.spells.get(kind="newly_escaped").ends_on == date(2030, 1, 1)


def test_the_list_and_the_decision_as_files(cast: Cast, hoa: Household, signed_in: Any) -> None:
    review = _review(cast)
    reviews.put_line(
        review=review,
        household=hoa,
        measures=Measures(income_per_head=1_200_000, deprivations=4),
        by=cast.clerk,
        on=TODAY,
    )
    client = signed_in(cast.clerk)

    def fetch(fmt: str) -> bytes:
        answer = client.get(reverse("households:export_review", args=[review.pk, fmt]))
        assert answer.status_code == 200, fmt
        return bytes(answer.content)

    cells = [cell for row in read_rows(fetch("xlsx")) for cell in row.cells]
    assert {"H-HOA", 1_200_000, "Hộ nghèo", "Giữ nguyên"} <= set(cells)
    assert "Thu nhập đầu người (đồng/tháng)" in [
        c for r in read_rows(fetch("mau")) for c in r.cells
    ]
    paper = docx.Document(io.BytesIO(fetch("docx")))
    words = "\n".join(p.text for p in paper.paragraphs)
    assert "Công nhận 1 hộ nghèo, 0 hộ cận nghèo của xã La Ngà" in words
    assert any(
        "Nguyễn Thị Hoa" in cell.text for t in paper.tables for row in t.rows for cell in row.cells
    )
    assert fetch("pdf").startswith(b"%PDF")
    assert (
        client.get(reverse("households:export_review", args=[review.pk, "exe"])).status_code == 404
    )


def test_a_review_of_another_commune_is_not_found(cast: Cast, signed_in: Any) -> None:
    review = _review(cast)
    client = signed_in(cast.other_clerk)
    for name in ("review", "import", "line"):
        assert client.get(reverse(f"households:{name}", args=[review.pk])).status_code == 404
    assert client.post(reverse("households:act_review", args=[review.pk])).status_code == 404
    women = signed_in(cast.women)
    assert women.get(reverse("households:review", args=[review.pk])).status_code == 200


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody qualifies, whatever the law says."""
    monkeypatch.setattr(qualifying, "qualifies", _everybody)


def _everybody(needs: Any) -> Any:
    return needs.select("need", pl.lit(True).alias("qualified"), pl.lit("").alias("reason"))


def test_needs_and_access_on_pages(
    cast: Cast, hoa: Household, signed_in: Any, answers: None
) -> None:
    client: Client = signed_in(cast.clerk)
    client.post(
        reverse("households:open_survey"), {"area": cast.la_nga.pk, "year": 2026, "quarter": 4}
    )
    survey = NeedSurvey.objects.get()
    need = reverse("households:need", args=[survey.pk])
    sent = {"code": "h-hoa", "programme": "HN", "amount": "50.000.000", "purpose": "nuôi bò"}
    assert "ví dụ 50.000.000" in _text(client.post(need, sent | {"amount": "nhiều"}))
    assert client.post(need, sent).status_code == 302
    assert "Sửa nhu cầu đang có." in _text(client.post(need, sent))
    page = _text(client.get(reverse("households:survey", args=[survey.pk])))
    assert "50.000.000" in page and "Cho vay hộ nghèo" in page and "nuôi bò" in page
    seen = _text(client.get(reverse("households:access"), {"year": 2026}))
    assert "Tiếp cận vốn của người có nhu cầu năm" in seen and "0%" in seen
    far = _text(signed_in(cast.other_clerk).get(reverse("households:access"), {"year": 2026}))
    assert "Chưa ghi nhu cầu nào trong năm" in far
    client = signed_in(cast.clerk)
    act = reverse("households:act_survey", args=[survey.pk])
    assert (
        client.post(act, {"verb": "remove", "need": CreditNeed.objects.get().pk}).status_code == 302
    )
    assert not CreditNeed.objects.exists()
    client.post(act, {"verb": "close"})
    survey.refresh_from_db()
    assert survey.closed_on == TODAY


def test_other_rooms_have_their_section_on_the_page(
    cast: Cast, hoa: Household, signed_in: Any
) -> None:
    page = _text(signed_in(cast.clerk).get(reverse("households:household", args=[hoa.pk])))
    assert "Tổ TK&VV và tiền gửi" in page or "Tổ TK&amp;VV và tiền gửi" in page
    assert 'id="vay"' in page


def test_empty_pages(cast: Cast, signed_in: Any) -> None:
    client = signed_in(cast.planner)
    assert "Chưa có đợt rà soát nào" in _text(client.get(reverse("households:reviews")))
    assert "Chưa có đợt khảo sát nào" in _text(client.get(reverse("households:surveys")))
