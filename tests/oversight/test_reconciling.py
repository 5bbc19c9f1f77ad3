"""Public reconciliation: its rhythm, the workbook out and back with every bad row at once, differences as cases."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lending_cast import lend, make_household
from oversight_cast import TODAY, Union
from test_inspecting import code_of
from test_inspection_pages import Sign, shown, words_of

from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.oversight.models import ReconciledLoan, ReconciliationCampaign, ReconciliationCase
from tdcs.oversight.rules.settings import reconciled_percent
from tdcs.oversight.services import reconciling
from tdcs.oversight.services.reconciling import SignedResult

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(union: Union) -> ReconciliationCampaign:
    """The office's campaign over two loans."""
    lend(union.bank, make_household(union.bank.group, "Phạm Văn Tám"), on=date(2026, 3, 2))
    return reconciling.open_campaign(
        office=union.bank.office, year=2026, by=union.bank.head, on=TODAY
    )


def told(line: ReconciledLoan, **more: Any) -> SignedResult:
    given = {
        "number": line.loan.number, "result": "01", "principal": line.bank_principal,
        "interest": line.bank_interest, "savings": line.bank_savings, "signed_on": TODAY,
    }  # fmt: skip
    return SignedResult(**(given | more))


def record(union: Union, campaign: ReconciliationCampaign, *rows: SignedResult) -> int:
    return reconciling.record_results(campaign=campaign, rows=rows, by=union.bank.head, on=TODAY)


def lines(campaign: ReconciliationCampaign) -> list[ReconciledLoan]:
    return list(campaign.lines.select_related("loan").order_by("loan__number"))


def test_all_every_three_years_and_a_share_between() -> None:
    assert reconciled_percent(2026, None) == 100
    assert [reconciled_percent(2026, year) for year in (2023, 2024, 2025)] == [100, 15, 15]


def test_a_campaign_says_what_the_bank_knows_on_its_day(
    union: Union, campaign: ReconciliationCampaign
) -> None:
    assert (campaign.percent, campaign.lines.count()) == (100, 2)
    assert {one.bank_principal for one in lines(campaign)} == {20_000_000, 50_000_000}
    assert {(one.result, one.before) for one in lines(campaign)} == {("00", "")}
    again = lambda by, office: code_of(  # noqa: E731
        lambda: reconciling.open_campaign(office=office, year=2026, by=by, on=TODAY)
    )
    assert again(union.bank.head, union.bank.office) == "campaign_there"
    assert again(union.clerk, union.bank.office) == "no_inspecting_body"
    assert again(union.clerk, union.body) == "no_inspecting_body"


def test_the_next_year_asks_a_share_and_remembers_the_results(
    union: Union, campaign: ReconciliationCampaign
) -> None:
    for one in lines(campaign):
        record(union, campaign, told(one, result="03"))
    later = date(2027, 3, 1)
    with clock.fixed_today(later):
        made = reconciling.open_campaign(
            office=union.bank.office, year=2027, by=union.bank.head, on=later
        )
    assert (made.percent, made.lines.count()) == (15, 1)
    assert made.lines.get().before == "03"


def test_every_bad_row_is_named_and_none_is_saved(
    union: Union, campaign: ReconciliationCampaign
) -> None:
    first, second = lines(campaign)
    bad = [
        told(first, row=2, result="99"),
        told(second, row=3, principal=1),
        told(first, row=4, number="0000"),
        told(second, row=5),
    ]
    with pytest.raises(Refusal) as said:
        record(union, campaign, *bad)
    words = said.value.sentence()
    assert (said.value.code, "4 dòng" in words) == ("results_wrong", True)
    for one in (
        "dòng 2",
        "không có trong danh mục",
        "chưa ghi loại chênh lệch",
        "dòng 4",
        "ghi hai lần",
    ):
        assert one in words, one
    english = said.value.sentence("en")
    for one in ("row 2 (", "0000: is not in this reconciliation", ": is written twice)"):
        assert one in english, one
    assert {one.result for one in lines(campaign)} == {"00"}


def test_what_a_row_must_say(union: Union, campaign: ReconciliationCampaign) -> None:
    one = lines(campaign)[0]
    refused = lambda **more: code_of(lambda: record(union, campaign, told(one, **more)))  # noqa: E731
    assert refused(signed_on=None) == "results_wrong"
    assert refused(signed_on=TODAY + timedelta(1)) == "results_wrong"
    assert refused(signed_on=TODAY - timedelta(1)) == "results_wrong"
    assert refused(savings=None) == "results_wrong"
    assert refused(result="04") == "results_wrong"
    assert refused(result="00") == "results_wrong"
    assert record(union, campaign, told(one)) == 1


def test_a_difference_is_a_case_examined_by_one_decided_by_another(
    union: Union, campaign: ReconciliationCampaign
) -> None:
    first, second = lines(campaign)
    less = told(
        first, principal=first.bank_principal - 5_000_000, kind="unbooked", words="Có biên lai"
    )
    gone = SignedResult(second.loan.number, "04", words="Đi làm ăn xa")
    record(union, campaign, less, gone)
    kinds = {row.line_id: row.kind for row in ReconciliationCase.objects.all()}
    assert kinds == {first.pk: "unbooked", second.pk: "absent"}
    case, head, director = first_case(first), union.bank.head, union.bank.director
    move = lambda verb, by, words="Đã xem biên lai": reconciling.move_case(  # noqa: E731
        case=case, verb=verb, words=words, by=by, on=TODAY
    )
    assert code_of(lambda: move("decide", director)) == "oversight_step"
    assert code_of(lambda: move("examine", union.clerk)) == "no_inspecting_body"
    assert code_of(lambda: move("examine", head, " ")) == "oversight_reason_missing"
    move("examine", director)
    assert code_of(lambda: move("decide", director)) == "decided_by_examiner"
    assert move("decide", head).state == "decided"
    assert [one.verb for one in case.steps.order_by("pk")] == ["raise", "examine", "decide"]


def first_case(line: ReconciledLoan) -> ReconciliationCase:
    return ReconciliationCase.objects.get(line=line)


def test_a_campaign_ends_when_every_loan_has_its_result(
    union: Union, campaign: ReconciliationCampaign
) -> None:
    close = lambda: reconciling.close_campaign(  # noqa: E731
        campaign=campaign, by=union.bank.head, on=TODAY
    )
    assert code_of(close) == "campaign_unfinished"
    record(union, campaign, *(told(one) for one in lines(campaign)))
    assert close().state == "closed"
    assert code_of(close) == "oversight_step"
    assert code_of(lambda: record(union, campaign, told(lines(campaign)[0]))) == "oversight_step"


def test_the_workbook_goes_out_and_comes_back(
    union: Union, campaign: ReconciliationCampaign, signed_in: Sign
) -> None:
    client = signed_in(union.bank.head)
    page = reverse("oversight:campaign", args=[campaign.pk])
    book = openpyxl.load_workbook(io.BytesIO(client.get(page, {"format": "xlsx"}).content))
    rows = book.active
    head = next(row for row in rows.iter_rows() if any(cell.value == "Số khế ước" for cell in row))
    place = {cell.value: cell.column for cell in head}
    filled = [
        row[0].row
        for row in rows.iter_rows(min_row=head[0].row + 1)
        if str(row[place["Số khế ước"] - 1].value).isdecimal()
    ]
    assert len(filled) == 2
    for at, number in enumerate(filled):
        bank = rows.cell(number, place["Gốc Ngân hàng"]).value
        rows.cell(number, place["Gốc người vay"]).value = bank - (1_000_000 if at else 0)
        for name in ("Lãi", "Tiền gửi"):
            value = rows.cell(number, place[f"{name} Ngân hàng"]).value
            rows.cell(number, place[f"{name} người vay"]).value = value
        rows.cell(number, place["Mã kết quả"]).value = "01"
        rows.cell(number, place["Ngày ký"]).value = "23/11/2026"

    def send() -> str:
        out = io.BytesIO()
        book.save(out)
        sent = SimpleUploadedFile("doi-chieu.xlsx", out.getvalue())
        address = reverse("oversight:take_results", args=[campaign.pk])
        return client.post(address, {"file": sent}, follow=True).content.decode()

    assert "chưa ghi loại chênh lệch" in send()
    rows.cell(filled[1], place["Loại chênh lệch"]).value = "Vay hộ, vay ké"
    assert "Đã ghi kết quả 2 khoản vay" in send()
    assert ReconciliationCase.objects.get().kind == "behalf"
    assert "chênh lệch" in shown(client, "campaign", campaign.pk)
    paper = client.get(reverse("oversight:sign_list", args=[campaign.pk, "docx"])).content
    assert "Phạm Văn Tám" in words_of(paper)


def test_one_borrower_through_the_page(
    union: Union, campaign: ReconciliationCampaign, signed_in: Sign
) -> None:
    line = lines(campaign)[0]
    client = signed_in(union.bank.head)
    given = {
        "result": "01",
        "interest": str(line.bank_interest),
        "savings": "0",
        "signed_on": str(TODAY),
    }
    address = reverse("oversight:record_result", args=[line.pk])
    client.post(address, given | {"principal": "1.000.000", "kind": "taken"})
    assert "Chiếm dụng" in shown(client, "line", line.pk)
    assert "Mở đợt" in shown(client, "campaigns")
    client.post(reverse("oversight:examine_case", args=[line.pk]), {"words": "Đã gặp tổ trưởng"})
    assert "Đã gặp tổ trưởng" in shown(signed_in(union.bank.director), "line", line.pk)
    other = lines(campaign)[1]
    gone = given | {"principal": "1", "result": "04"}
    client.post(reverse("oversight:record_result", args=[other.pk]), gone)
    assert "Không gặp được" in shown(client, "line", other.pk)
    teller = signed_in(union.bank.teller)
    assert teller.post(address, given).status_code == 403
    stranger = signed_in(union.clerk)
    assert stranger.get(reverse("oversight:line", args=[line.pk])).status_code == 404
    assert replace(told(line), row=1).row == 1
