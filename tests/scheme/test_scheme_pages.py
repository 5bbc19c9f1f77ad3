"""The pages of schemes: who reads, writes, approves; texts that are kept while they are typed; what changed; the files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from django.urls import reverse
from plans_cast import Cast, person
from scheme_choice import BASES, NAME, chosen

from tdcs.access.models import User
from tdcs.cli.main import main
from tdcs.drafts.models import Draft
from tdcs.plans.models import Plan
from tdcs.scheme import services
from tdcs.scheme.models import Scheme, SchemeVersion

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def page(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def typed(plan: Plan, **changed: Any) -> dict[str, Any]:
    usual = {
        "name": NAME,
        "first_year": "2026",
        "last_year": "2030",
        "plan": str(plan.pk),
        "scenario": "plan",
        "bases": BASES,
        "commune_share": "",
    }
    return usual | changed


def test_a_scheme_is_made_from_a_scenario(
    book: Any, plan: Plan, cast: Cast, signed_in: Any
) -> None:
    client = signed_in(cast.planner)
    assert "Chưa có đề án" in page(client, "/de-an/")
    form = page(client, "/de-an/moi/?scenario=slower")
    assert "39-CT/TW" in form
    assert '<option value="slower" selected>' in form
    answer = client.post("/de-an/moi/", typed(plan, commune_share="12,5"))
    made = Scheme.objects.get()
    assert answer["Location"] == f"/de-an/{made.pk}/"
    assert (made.commune_share, made.bases, made.by) == (125_000, BASES, cast.planner)
    assert made.texts.count() == 9
    shown = page(client, answer["Location"])
    assert "Còn thiếu trước khi trình" in shown
    assert "Dư nợ và nguồn vốn theo năm" in shown
    assert shown.count('<rect class="local"') == 5
    assert NAME in page(client, "/de-an/")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_year": "2031"}, "Giai đoạn 2026–2031 không lập đề án được"),
        ({"commune_share": "101"}, "Tỷ lệ từ 0 đến 100%"),
        ({"scenario": "khong-co"}, "không phải là một lựa chọn"),
        ({"name": ""}, "Trường này là bắt buộc"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    book: Any, plan: Plan, cast: Cast, signed_in: Any, changed: dict[str, str], words: str
) -> None:
    answer = signed_in(cast.planner).post("/de-an/moi/", typed(plan, **changed))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert Scheme.objects.count() == 0
    assert 'value="2026"' in shown
    assert (
        words in shown or "Select a valid choice" in shown or "errorlist" in shown or "err" in shown
    )


def test_without_a_closed_month_the_page_says_so_and_keeps_the_texts(
    scheme: Scheme, cast: Cast, signed_in: Any, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    shown = page(signed_in(cast.planner), reverse("scheme:scheme", args=[scheme.pk]))
    assert "Khóa sổ đến một ngày cuối tháng" in shown
    assert "Lập bản mới" not in shown
    assert "Sự cần thiết xây dựng đề án" in shown


def test_words_are_kept_while_typing_and_the_slower_is_told(
    scheme: Scheme, cast: Cast, signed_in: Any
) -> None:
    client = signed_in(cast.planner)
    text = scheme.texts.get(path="necessity")
    address = reverse("scheme:save_text", args=[text.pk])
    sent = {"words": "Vốn còn thiếu.", "revision": "1"}
    answer = client.post(address, sent, headers={"HX-Request": "true"})
    assert "Đã lưu lúc" in answer.content.decode()
    text.refresh_from_db()
    assert (text.words, text.revision) == ("Vốn còn thiếu.", 2)
    slower = client.post(address, sent | {"words": "Khác"}, headers={"HX-Request": "true"})
    assert "Vốn còn thiếu." in slower.content.decode()
    plain = client.post(address, sent | {"revision": "2", "words": "Mới"})
    assert plain["Location"] == f"/de-an/{scheme.pk}/#s{text.pk}"
    # What was typed and refused stays as the person's draft.
    marked = {"draft_form": f"report.section:{address}", "draft_seen": "x"}
    client.post(address, sent | marked | {"words": "Bị từ chối"})
    assert Draft.objects.get(by=cast.planner).fields["words"] == ["Bị từ chối"]
    assert "Bị từ chối" in page(client, f"/de-an/{scheme.pk}/")


def test_a_version_is_composed_submitted_approved_and_fetched(
    written: Scheme, cast: Cast, chief: User, signed_in: Any
) -> None:
    client = signed_in(cast.planner)
    answer = client.post(reverse("scheme:compose", args=[written.pk]))
    version = SchemeVersion.objects.get()
    assert answer["Location"] == f"/de-an/ban/{version.pk}/"
    again = client.post(reverse("scheme:compose", args=[written.pk]), follow=True)
    assert "Không có gì thay đổi so với bản số 1" in again.content.decode()
    shown = page(client, answer["Location"])
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in shown
    assert "Phụ lục III" in shown
    client.post(reverse("scheme:submit", args=[version.pk]), {"verb": "submit"})
    assert "Duyệt, ban hành" not in page(client, answer["Location"])
    client = signed_in(chief)
    assert "Duyệt, ban hành" in page(client, answer["Location"])
    decide = reverse("scheme:decide", args=[version.pk])
    wrong = client.post(decide, {"verb": "issue", "number": "1"}, follow=True)
    assert "Ngày ký" in wrong.content.decode()
    signed = {"verb": "issue", "number": "15/ĐA-NHCS", "issued_on": "2026-11-23", "signer": "Mẫu"}
    client.post(decide, signed)
    version.refresh_from_db()
    assert version.state == SchemeVersion.State.ISSUED
    shown = page(client, f"/de-an/{written.pk}/")
    assert "15/ĐA-NHCS" in shown
    assert "Số liệu và lời văn như bản số 1" in shown
    file = client.get(reverse("scheme:file", args=[version.pk, "docx"]))
    assert file["Content-Disposition"] == f'attachment; filename="de-an-{written.pk}-ban-1.docx"'
    assert client.get(reverse("scheme:file", args=[version.pk, "pdf"])).content[:4] == b"%PDF"
    assert client.get(reverse("scheme:file", args=[version.pk, "exe"])).status_code == 404
    letters = page(client, "/van-ban/?direction=out")
    assert "15/ĐA-NHCS" in letters


def test_the_page_says_what_changed_since_the_last_version(
    written: Scheme, plan: Plan, cast: Cast, signed_in: Any
) -> None:
    services.compose(scheme=written, by=cast.planner, on=TODAY)
    draft = chosen(plan, scenario="slower")
    services.change_scheme(
        scheme=written, draft=draft, revision=written.revision, by=cast.planner, on=TODAY
    )
    text = written.texts.get(path="limits")
    services.save_text(text=text, words="Khác.", revision=text.revision, by=cast.planner, on=TODAY)
    shown = page(signed_in(cast.planner), f"/de-an/{written.pk}/")
    assert "Thay đổi so với bản số 1" in shown
    assert "Dư nợ cuối năm, năm 2030" in shown
    assert "Tồn tại, hạn chế và nguyên nhân" in shown
    assert "số liệu theo chương trình, theo xã đã thay đổi" in shown


def test_only_the_right_roles(scheme: Scheme, cast: Cast, chief: User, signed_in: Any) -> None:
    version = services.compose(scheme=scheme, by=cast.planner, on=TODAY)
    text = scheme.texts.first()
    reads = ["/de-an/", f"/de-an/{scheme.pk}/", f"/de-an/ban/{version.pk}/"]
    writes = [
        ("/de-an/moi/", {}),
        (f"/de-an/{scheme.pk}/sua/", {}),
        (f"/de-an/{scheme.pk}/lap/", {}),
        (reverse("scheme:save_text", args=[text.pk]), {"words": "x", "revision": "1"}),
        (reverse("scheme:submit", args=[version.pk]), {"verb": "submit"}),
    ]
    decide = reverse("scheme:decide", args=[version.pk])
    teller = person("giao-dich", "teller", "nhcsxh-pgd@004606")
    for user in (cast.la_nga, teller):
        client = signed_in(user)
        assert {client.get(address).status_code for address in reads} == {403}
        assert {client.post(a, sent).status_code for a, sent in writes} == {403}
    for user in (chief, cast.auditor):
        client = signed_in(user)
        assert {client.get(address).status_code for address in reads} == {200}
        assert {client.post(a, sent).status_code for a, sent in writes} == {403}
        assert "Lập bản mới" not in page(client, f"/de-an/{scheme.pk}/")
    for user in (cast.planner, cast.auditor):
        assert signed_in(user).post(decide, {"verb": "return", "why": "x"}).status_code == 403
    assert signed_in(chief).post(decide, {"verb": "khac"}).status_code == 404
    assert signed_in(cast.planner).post(writes[-1][0], {"verb": "khac"}).status_code == 404


def test_other_years_are_chosen_on_a_page(
    scheme: Scheme, plan: Plan, cast: Cast, signed_in: Any
) -> None:
    client = signed_in(cast.planner)
    address = f"/de-an/{scheme.pk}/sua/"
    assert 'name="revision" value="1"' in page(client, address)
    client.post(address, typed(plan, last_year="2028", revision="1"))
    scheme.refresh_from_db()
    assert (scheme.last_year, scheme.revision) == (2028, 2)
    stale = client.post(address, typed(plan, last_year="2029", revision="1"))
    assert stale.status_code == 200
    scheme.refresh_from_db()
    assert scheme.last_year == 2028


def test_the_command_founds_composes_and_tells(book: Any, plan: Plan, tmp_path: Path) -> None:
    run = CliRunner()
    target = tmp_path / "de-an.docx"
    asked = ["scheme", "build", str(target), "--name", "Đề án thử", "--on", "2026-11-23", "--json"]
    answer = run.invoke(main, asked)
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert (told["version"], told["figures_on"]) == (1, "2026-10-31")
    assert len(told["digest"]) == 64
    assert "ĐỀ ÁN" in [one.text for one in docx.Document(str(target)).paragraphs]
    key = str(told["scheme"])
    figures = json.loads(run.invoke(main, ["scheme", "figures", key, "--on", "2026-11-23"]).output)
    assert [year["year"] for year in figures["years"]] == list(range(2026, 2031))
    assert (
        run.invoke(main, ["scheme", "changes", key, "--on", "2026-11-23", "--json"]).output
        == "[]\n"
    )
    pdf = tmp_path / "de-an.pdf"
    again = run.invoke(main, ["scheme", "build", str(pdf), "--scheme", key, "--on", "2026-11-23"])
    assert "bản số 1" in again.output
    assert pdf.read_bytes().startswith(b"%PDF")
    assert "Đề án thử" in run.invoke(main, ["scheme", "list"]).output
    assert json.loads(run.invoke(main, ["scheme", "list", "--json"]).output)[0]["state"] == "draft"


def test_the_command_refuses_in_one_line(book: Any, plan: Plan, tmp_path: Path) -> None:
    run = CliRunner()
    asked = [
        "scheme",
        "build",
        str(tmp_path / "x.docx"),
        "--name",
        "Thử",
        "--last",
        "2050",
        "--on",
        "2026-11-23",
        "--json",
    ]
    answer = run.invoke(main, asked)
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["error"]["code"] == "period_outside"
    assert not (tmp_path / "x.docx").exists()
    assert run.invoke(main, ["scheme", "build", str(tmp_path / "x.txt")]).exit_code == 2
    for asked in (
        ["figures", "999"],
        ["changes", "999"],
        ["build", str(tmp_path / "x.docx"), "--scheme", "999"],
    ):
        assert run.invoke(main, ["scheme", *asked]).exit_code == 2
