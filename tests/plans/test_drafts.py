"""What a person typed is kept for that person, shown again, and thrown away when it was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typed_forms import typed_of

from tdcs.core import clock
from tdcs.drafts import services
from tdcs.drafts.errors import DraftNotKept
from tdcs.drafts.models import Draft
from tdcs.drafts.queries import drafts_of
from tdcs.plans.models import Obligation, Plan
from tdcs.plans.services import progress
from tdcs.plans.services.progress import Progress

pytestmark = pytest.mark.django_db
WORDS = "Đã tuyên truyền ở 12 ấp,\n340 hộ dự & nghe."


def _own(plan: Plan, cast: Any) -> Obligation:
    unit = cast.la_nga.holding().organisation
    found = Obligation.objects.filter(
        plan=plan, year=2026, organisation=unit, task__isnull=False, directive=None
    )
    return found.order_by("pk")[0]


def _page(row: Obligation) -> str:
    return f"/ke-hoach/viec/{row.pk}/"


def _typed(client: Any, row: Obligation) -> dict[str, list[str]]:
    return typed_of(client.get(_page(row)).content.decode(), f"plans.result:{row.pk}")


def _send(client: Any, row: Obligation, address: str, **more: Any) -> Any:
    sent = {"words": WORDS, "percent": "35", "draft_form": f"plans.result:{row.pk}", **more}
    return client.post(address, sent, headers={"Referer": f"http://testserver{_page(row)}"})


@pytest.mark.parametrize("htmx", [False, True])
def test_adding_evidence_keeps_the_typed_result_on_success(
    plan: Plan, cast: Any, signed_in: Any, htmx: bool
) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    file = SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF")
    client.headers = {}
    sent = {
        "words": WORDS,
        "percent": "35",
        "draft_form": f"plans.result:{row.pk}",
        "draft_hold": "1",
        "file": file,
    }
    head = {"HX-Request": "true"} if htmx else {}
    answer = client.post(f"{_page(row)}minh-chung/", sent, headers=head)
    assert row.evidence.count() == 1
    if htmx:
        assert typed_of(answer.content.decode(), f"plans.result:{row.pk}")["words"] == [WORDS]
    assert _typed(client, row)["words"] == [WORDS]
    assert _typed(client, row)["percent"] == ["35"]
    # The record is as it was, and its own evidence is no change by somebody else.
    row.refresh_from_db()
    assert row.words == ""
    assert "đã đổi" not in client.get(_page(row)).content.decode()


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refused_file_keeps_the_typed_result(
    plan: Plan, cast: Any, signed_in: Any, htmx: bool
) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    sent = {
        "words": WORDS,
        "percent": "35",
        "draft_form": f"plans.result:{row.pk}",
        "draft_hold": "1",
        "file": SimpleUploadedFile("x.exe", b"MZ\x90\x00"),
        "title": "Biên bản họp ấp",
    }
    head = {"HX-Request": "true"} if htmx else {}
    answer = client.post(f"{_page(row)}minh-chung/", sent, headers=head).content.decode()
    assert not row.evidence.exists()
    assert typed_of(answer, f"plans.result:{row.pk}")["words"] == [WORDS]
    assert "Biên bản họp ấp" in answer
    assert _typed(client, row)["words"] == [WORDS]


def test_a_saved_result_leaves_no_draft(plan: Plan, cast: Any, signed_in: Any) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    _send(client, row, "/ban-nhap/giu/")
    assert Draft.objects.count() == 1
    _send(client, row, f"{_page(row)}lam/", verb="progress")
    assert Draft.objects.count() == 0
    row.refresh_from_db()
    assert row.words == WORDS.replace("\n", "\r\n") or row.words == WORDS


def test_a_draft_is_kept_without_scripts_and_says_since_when(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    answer = _send(client, row, "/ban-nhap/giu/")
    assert answer.status_code == 302
    assert answer["Location"].endswith(_page(row))
    page = client.get(_page(row)).content.decode()
    assert "Đã giữ lúc" in page
    assert "Bỏ bản nháp" in page
    assert _typed(client, row)["words"] == [WORDS]


def test_the_script_is_told_the_minute(plan: Plan, cast: Any, signed_in: Any) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    sent = {"words": WORDS, "draft_form": f"plans.result:{row.pk}"}
    answer = client.post("/ban-nhap/giu/", sent, headers={"X-Draft": "1"})
    assert answer.json() == {"at": f"{clock.now().astimezone(clock.ZONE):%H:%M}"}


def test_the_person_throws_a_draft_away(plan: Plan, cast: Any, signed_in: Any) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    _send(client, row, "/ban-nhap/giu/")
    _send(client, row, "/ban-nhap/bo/")
    assert not Draft.objects.exists()
    assert _typed(client, row)["words"] == [""]


def test_nobody_else_sees_a_draft(plan: Plan, cast: Any, signed_in: Any) -> None:
    row = _own(plan, cast)
    _send(signed_in(cast.la_nga), row, "/ban-nhap/giu/")
    # The planner opens the same form, keeps one and throws one away: neither touches the clerk's.
    client = signed_in(cast.planner)
    assert WORDS.splitlines()[0] not in client.get(_page(row)).content.decode()
    _send(client, row, "/ban-nhap/bo/")
    _send(client, row, "/ban-nhap/giu/", words="của người khác")
    assert drafts_of(cast.la_nga)[f"plans.result:{row.pk}"].fields["words"] == [WORDS]
    assert _typed(signed_in(cast.la_nga), row)["words"] == [WORDS]


def test_a_visitor_keeps_nothing(client: Any, plan: Plan, cast: Any) -> None:
    row = _own(plan, cast)
    assert _send(client, row, "/ban-nhap/giu/").status_code == 302
    assert not Draft.objects.exists()


def test_a_record_that_changed_meanwhile_says_so(plan: Plan, cast: Any, signed_in: Any) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    seen = typed_of(client.get(_page(row)).content.decode(), f"plans.result:{row.pk}", hidden=True)
    _send(client, row, "/ban-nhap/giu/", draft_seen=seen["draft_seen"][0])
    assert "đã đổi kể từ khi giữ nháp" not in client.get(_page(row)).content.decode()
    progress.report_progress(
        obligation=row,
        progress=Progress(percent=60, words="người cùng đơn vị"),
        by=cast.la_nga,
        on=clock.today(),
    )
    page = client.get(_page(row)).content.decode()
    assert "đã đổi kể từ khi giữ nháp" in page
    assert _typed(client, row)["words"] == [WORDS]


def test_drafts_are_pruned_after_the_days_that_are_set(
    plan: Plan, cast: Any, settings: Any
) -> None:
    settings.TDCS_DRAFT_DAYS = 7
    for form, days in (("plans.result:1", 6), ("plans.result:2", 8)):
        made = services.keep(by=cast.la_nga, form=form, fields={"words": ["x"]}, seen="")
        Draft.objects.filter(pk=made.pk).update(kept_at=clock.now() - timedelta(days=days))
    assert list(drafts_of(cast.la_nga)) == ["plans.result:1"]
    assert services.prune() == 1
    assert Draft.objects.get().form == "plans.result:1"


def test_what_authorises_and_identity_numbers_are_never_kept(cast: Any) -> None:
    sent = {
        "csrfmiddlewaretoken": ["t"],
        "password": ["p"],
        "identity_number": ["075090001234"],
        "key": ["k"],
        "words": ["còn"],
    }
    made = services.keep(by=cast.la_nga, form="plans.result:1", fields=sent, seen="")
    assert made.fields == {"words": ["còn"]}


def test_a_form_without_a_name_and_too_many_drafts_are_refused(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 2)
    for form in ("", "x", "Plans.Result:1", "plans.result:" + "1" * 101):
        with pytest.raises(DraftNotKept):
            services.keep(by=cast.la_nga, form=form, fields={}, seen="")
    for at in (1, 2, 2):
        services.keep(by=cast.la_nga, form=f"plans.result:{at}", fields={}, seen="")
    with pytest.raises(DraftNotKept):
        services.keep(by=cast.la_nga, form="plans.result:3", fields={}, seen="")


def test_saving_the_rows_of_a_units_plan_keeps_the_signature_typed_below(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    client = signed_in(cast.la_nga)
    made = client.post("/ke-hoach/ke-hoach-don-vi/lap/", {"year": "2026"})["Location"]
    form = f"plans.unit_plan:{made.rstrip('/').rpartition('/')[2]}"
    before = typed_of(client.get(made).content.decode(), form, hidden=True)
    sent = {name: values[0] for name, values in before.items()}
    sent |= {
        "title0": "Việc đã sửa",
        "signer": "Nguyễn Văn A",
        "number": "66/KH-UBND",
        "verb": "save",
    }
    client.post(made, sent)
    page = client.get(made).content.decode()
    assert typed_of(page, form)["signer"] == ["Nguyễn Văn A"]
    assert typed_of(page, form)["title0"] == ["Việc đã sửa"]
    assert "đã đổi kể từ" not in page


def test_a_report_returned_without_a_reason_keeps_what_was_typed(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    client = signed_in(cast.planner)
    sent = {
        "verb": "approve",
        "number": "15/QĐ-UBND",
        "words": "Đồng ý một phần",
        "draft_form": "plans.decide:",
    }
    page = "http://testserver/ke-hoach/kien-nghi/"
    client.post("/ke-hoach/kien-nghi/xet/", sent, headers={"Referer": page})
    typed = typed_of(client.get(page).content.decode(), "plans.decide:")
    assert (typed["number"], typed["words"]) == (["15/QĐ-UBND"], ["Đồng ý một phần"])


@pytest.mark.parametrize("htmx", [False, True])
def test_a_comment_that_was_sent_leaves_no_draft(
    plan: Plan, cast: Any, signed_in: Any, htmx: bool
) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    sent = {"words": "Hỏi chi nhánh", "draft_form": f"plans.comment:{row.pk}"}
    head = {"HX-Request": "true"} if htmx else {}
    client.post(f"{_page(row)}y-kien/", sent, headers=head)
    assert row.comments.count() == 1
    assert not Draft.objects.exists()
    # An empty one is refused, and what stood there stays.
    client.post(f"{_page(row)}y-kien/", sent | {"words": " "}, headers=head)
    assert row.comments.count() == 1


def test_a_figure_that_cannot_be_read_is_refused_and_stays(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    client, row = signed_in(cast.la_nga), _own(plan, cast)
    answer = _send(client, row, f"{_page(row)}lam/", verb="progress", figure="một trăm")
    assert "ghi bằng chữ số" in answer.content.decode()
    row.refresh_from_db()
    assert row.words == ""
    assert _typed(client, row)["words"] == [WORDS]
