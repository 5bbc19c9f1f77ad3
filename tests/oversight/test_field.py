"""An inspection held with no network: its pack, its chained log, what the server makes of it, what waits for a person."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.urls import reverse
from lending_cast import key, lend, make_household, person
from offline_cast import Tablet
from oversight_cast import TODAY, Union, draft_of
from test_inspecting import GOOD, GROUP, PNG, code_of

from tdcs.core import clock
from tdcs.oversight.checks import CHECKS
from tdcs.oversight.models import (
    Finding,
    Inspection,
    InspectionLine,
    InspectionPack,
    InspectionPhoto,
    UploadedPhoto,
    Visit,
)
from tdcs.oversight.services import field_log, field_packs, findings, inspecting
from tdcs.oversight.services.findings import Proof
from tdcs.oversight.services.inspecting import Seen
from tdcs.transaction_points.models import Device

pytestmark = pytest.mark.django_db
DAY = "2026-11-23T08:30:00+07:00"


@pytest.fixture
def tablet() -> Tablet:
    return Tablet()


@pytest.fixture
def device(union: Union, tablet: Tablet) -> Device:
    return field_packs.register_device(
        name="Điện thoại hội", by=union.clerk, on=TODAY, **tablet.keys()
    )


@pytest.fixture
def prepared(union: Union) -> Inspection:
    return inspecting.prepare_inspection(draft=draft_of(union), by=union.clerk, on=TODAY)


@pytest.fixture
def header(union: Union, prepared: Inspection, device: Device) -> dict[str, Any]:
    """A pack that was taken this morning."""
    taken = field_packs.take_pack(inspection=prepared, device=device, by=union.clerk, on=TODAY)
    InspectionPack.objects.update(made_at=f"{TODAY}T00:00:00+07:00")
    return dict(taken["header"])


def write(
    tablet: Tablet, header: dict[str, Any], union: Union, kind: str, **data: Any
) -> dict[str, Any]:
    line = {
        "form": 1, "device": header["device"], "session": header["session"], "pack": header["pack"],
        "seq": len(tablet.lines) + 1,
        "previous": tablet.lines[-1]["hash"] if tablet.lines else "0" * 64,
        "kind": kind, "by": union.clerk.pk, "at": data.pop("at", DAY), "data": data,
    }  # fmt: skip
    return tablet.close(line)


def seen(union: Union, **more: Any) -> dict[str, Any]:
    given = {
        "loan": union.loan.pk, "balance": union.loan.balance, "result": "good", "answers": GOOD,
        "rightly": 20_000_000, "wrongly": 0, "words": "", "agrees": True, "confirmed_by": "Lê Thị Hoa",
    }  # fmt: skip
    return given | more


def finding(union: Union, **more: Any) -> dict[str, Any]:
    given = {
        "loan": 0, "item": "books", "severity": "", "words": "Thiếu biên lai", "cause": "Chưa lưu",
        "recommendation": "Bổ sung", "owner": union.bank.officer.pk, "due": str(TODAY + timedelta(10)),
    }  # fmt: skip
    return given | more


def hand_in(
    union: Union, row: Inspection, device: Device, lines: list[Any], on: date = TODAY
) -> dict[str, Any]:
    made = field_log.take_in(inspection=row, device=device, lines=lines, by=union.clerk, on=on)
    return {**made["statement"]}


def faults() -> list[str]:
    return [words for check in CHECKS.values() for words in check()]


def states() -> list[str]:
    return list(InspectionLine.objects.order_by("device_id", "seq").values_list("state", flat=True))


def test_the_pack_has_the_list_and_only_the_device_reads_it(
    union: Union, prepared: Inspection, device: Device, tablet: Tablet
) -> None:
    taken = field_packs.take_pack(inspection=prepared, device=device, by=union.clerk, on=TODAY)
    found = tablet.read(taken)
    assert [(one["loan"], one["balance"], one["by_day"]) for one in found["borrowers"]] == [
        (union.loan.pk, 20_000_000, "2026-12-03")
    ]
    assert [one["code"] for one in found["questions"]] == list(GROUP)
    assert [one["code"] for one in found["household_questions"]] == list(GOOD)
    assert union.bank.officer.pk in [one["id"] for one in found["owners"]]
    assert found["session"]["id"] == taken["header"]["session"] == f"kt-{prepared.pk}"
    assert "Lê Thị Hoa" not in json.dumps(taken, ensure_ascii=False)
    with pytest.raises(InvalidTag):
        Tablet().read(taken)


def test_who_gets_no_pack(union: Union, prepared: Inspection, device: Device) -> None:
    def take(by: Any = union.clerk, on_device: Device = device) -> str:
        return code_of(
            lambda: field_packs.take_pack(inspection=prepared, device=on_device, by=by, on=TODAY)
        )

    assert take(by=union.head) == "not_your_inspection"
    banks = field_packs.register_device(
        name="Máy PGD", by=union.bank.head, on=TODAY, **Tablet().keys()
    )
    assert take(on_device=banks) == "device_not_yours"
    finance = person("tai-chinh", "unit_clerk", union.bank.office)
    assert finance.may("oversight.plan")
    assert code_of(
        lambda: field_packs.revoke_device(device=device, why="Mất", by=finance, on=TODAY)
    ) == "device_not_yours"  # fmt: skip
    assert code_of(
        lambda: field_packs.revoke_device(device=device, why=" ", by=union.clerk, on=TODAY)
    ) == "oversight_reason_missing"  # fmt: skip
    field_packs.revoke_device(device=device, why="Mất máy", by=union.clerk, on=TODAY)
    device.refresh_from_db()
    assert take() == "device_not_yours"
    Inspection.objects.update(state="cancelled")
    prepared.refresh_from_db()
    assert take() == "oversight_step"


def whole_day(tablet: Tablet, header: dict[str, Any], union: Union, photo: str = "") -> None:
    """A group is inspected; what was undone on the device is in the log too."""
    write(tablet, header, union, "start", witnesses="Trưởng ấp 1")
    write(tablet, header, union, "visit", **seen(union, result="absent", answers={}))
    write(tablet, header, union, "visit", **seen(union))
    write(tablet, header, union, "finding", **finding(union, words="Ghi nhầm"))
    write(tablet, header, union, "void", seq=4)
    write(tablet, header, union, "answers", answers=GROUP | {"books": "no"})
    write(tablet, header, union, "finding", **finding(union))
    if photo:
        write(tablet, header, union, "photo", sha256=photo, title="Sổ của tổ", loan=0, latitude="12.9", longitude="108.1")  # fmt: skip
    write(tablet, header, union, "seal", conclusion="Tổ hoạt động tốt")


def test_a_day_counts_once_however_often_it_is_sent(
    union: Union, prepared: Inspection, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    sent = lambda: field_log.take_photo(  # noqa: E731
        inspection=prepared, device=device, content=PNG, by=union.clerk, on=TODAY
    )
    assert sent() == sent()
    whole_day(tablet, header, union, UploadedPhoto.objects.get().sha256)
    # In pieces, one of them twice because the answer was lost; nothing counts before the seal.
    said = hand_in(union, prepared, device, tablet.lines[:3])
    assert (said["seq"], said["hash"], said["sealed"]) == (3, tablet.lines[2]["hash"], False)
    hand_in(union, prepared, device, tablet.lines[:3])
    hand_in(union, prepared, device, tablet.lines[2:6])
    prepared.refresh_from_db()
    assert (prepared.state, Visit.objects.count()) == ("prepared", 0)
    for _again in range(3):
        said = hand_in(union, prepared, device, tablet.lines, on=TODAY + timedelta(2))
    assert said["states"] == {"applied": 7, "voided": 1, "noted": 1}
    assert states()[3:5] == ["voided", "noted"]
    prepared.refresh_from_db()
    assert (prepared.state, prepared.held_on, prepared.witnesses) == (
        "finished",
        TODAY,
        "Trưởng ấp 1",
    )
    visit = Visit.objects.get()
    assert (visit.result, visit.agrees, visit.confirmed_by, visit.by) == (
        "good", True, "Lê Thị Hoa", union.clerk,
    )  # fmt: skip
    assert Finding.objects.get().words == "Thiếu biên lai"
    # A photo from elsewhere is marked, never silent.
    assert InspectionPhoto.objects.get().elsewhere
    assert faults() == []
    one = Finding.objects.get()
    findings.answer(finding=one, proof=Proof("Đã bổ sung"), by=union.bank.officer, on=TODAY)
    assert (
        findings.close(finding=one, proof=Proof("Đã xem"), by=union.clerk, on=TODAY).state
        == "closed"
    )


def test_what_no_chain_takes(
    union: Union, prepared: Inspection, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    refused = lambda lines: code_of(lambda: hand_in(union, prepared, device, lines))  # noqa: E731
    first = write(tablet, header, union, "start", witnesses="")
    second = write(tablet, header, union, "visit", **seen(union))
    assert refused([second]) == "log_not_next"
    assert refused([{**first, "data": {"witnesses": "khác"}}]) == "log_not_next"
    assert refused([{**first, "signature": "00" * 64}]) == "log_not_signed"
    hand_in(union, prepared, device, [first, second])
    assert refused([{**first, "hash": "0" * 64}]) == "log_forked"
    other = inspecting.prepare_inspection(draft=draft_of(union), by=union.clerk, on=TODAY)
    assert code_of(lambda: hand_in(union, other, device, [first])) == "log_not_signed"
    strange = Tablet(sign=tablet.sign)
    line = write(strange, {**header, "pack": "x"}, union, "start")
    Inspection.objects.filter(pk=prepared.pk)
    InspectionLine.objects.all().delete()
    assert refused([line]) == "inspection_pack_unknown"
    by_another = Tablet(sign=tablet.sign)
    line = write(by_another, header, union, "start")
    line["by"] = union.head.pk
    by_another.lines.clear()
    assert refused([by_another.close({k: line[k] for k in line if k not in ("hash", "signature")})]) == "not_your_inspection"  # fmt: skip
    assert code_of(
        lambda: field_log.take_in(
            inspection=prepared, device=device, lines=[], by=union.head, on=TODAY
        )
    ) == "not_your_inspection"  # fmt: skip


def test_what_cannot_be_applied_waits_for_a_person(
    union: Union, prepared: Inspection, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    write(tablet, header, union, "start", witnesses="")
    write(tablet, header, union, "visit", **seen(union))
    write(tablet, header, union, "visit", **seen(union, loan=10**9))
    write(tablet, header, union, "visit", loan="x")
    write(tablet, header, union, "dance")
    write(tablet, header, union, "photo", sha256="0" * 64, title="", loan=0)
    write(tablet, header, union, "answers", answers=GROUP)
    write(tablet, header, union, "seal", conclusion="Tốt")
    # Somebody wrote another result on the page after the pack was taken.
    inspecting.start(inspection=prepared, witnesses="", by=union.clerk, on=TODAY, key=key())
    online = Seen(union.loan.pk, union.loan.balance, "absent")
    inspecting.record_visit(inspection=prepared, seen=online, by=union.clerk, on=TODAY, key=key())
    assert hand_in(union, prepared, device, tablet.lines)["states"] == {"applied": 2, "case": 6}
    problems = dict(InspectionLine.objects.values_list("seq", "problem"))
    assert [problems[seq] for seq in range(2, 7)] == [
        "visit_meanwhile", "subject_outside", "field_line_wrong", "field_line_wrong", "field_photo_missing",
    ]  # fmt: skip
    assert problems[8] == "cases_before_seal"
    assert Visit.objects.get().result == "absent"
    at = {one.seq: one for one in InspectionLine.objects.all()}

    def decide(work: Any, seq: int, words: str = "Đã xem", by: Any = union.clerk) -> Any:
        return work(line=at[seq], words=words, by=by, on=TODAY)

    apply, dismiss = field_log.apply_case, field_log.dismiss_case
    assert code_of(lambda: decide(apply, 2, " ")) == "oversight_reason_missing"
    assert code_of(lambda: decide(apply, 2, by=union.bank.head)) == "no_inspecting_body"
    assert code_of(lambda: decide(apply, 8)) == "cases_before_seal"
    assert code_of(lambda: decide(apply, 3)) == "subject_outside"
    assert decide(apply, 2).state == "applied"
    assert Visit.objects.get().result == "good"
    for seq in range(3, 7):
        assert decide(dismiss, seq).state == "resolved"
    assert code_of(lambda: decide(dismiss, 3)) == "field_case_decided"
    assert decide(apply, 8).state == "applied"
    prepared.refresh_from_db()
    assert prepared.state == "finished"
    assert faults() == []


def test_a_clock_that_is_off_is_marked(
    union: Union, prepared: Inspection, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    write(tablet, header, union, "start", witnesses="", at="2031-01-01T08:00:00+07:00")
    write(tablet, header, union, "answers", answers=GROUP, at="1999-01-01T08:00:00+07:00")
    write(tablet, header, union, "seal", conclusion="Tốt", at="hôm nay")
    later = TODAY + timedelta(1)
    hand_in(union, prepared, device, tablet.lines, on=later)
    rows = list(InspectionLine.objects.order_by("seq").values_list("counted_on", "problem"))
    assert rows == [(later, "clock_off"), (TODAY, "clock_off"), (later, "clock_off")]
    prepared.refresh_from_db()
    assert (prepared.state, prepared.held_on) == ("finished", later)


def test_a_revoked_pack_is_a_case(
    union: Union, prepared: Inspection, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    held = InspectionPack.objects.get()
    assert code_of(
        lambda: field_packs.revoke_pack(pack=held, why="Mất", by=union.bank.head, on=TODAY)
    ) == "no_inspecting_body"  # fmt: skip
    field_packs.revoke_pack(pack=held, why="Mất máy", by=union.clerk, on=TODAY)
    whole_day(tablet, header, union)
    said = hand_in(union, prepared, device, tablet.lines)
    assert said["states"] == {"case": 6, "voided": 1, "noted": 1}
    assert Visit.objects.count() == 0


def test_a_balance_that_differs_is_no_good_result(union: Union, running: Inspection) -> None:
    def record(**more: Any) -> Visit:
        given = {"loan": union.loan.pk, "balance": 20_000_000, "result": "bad", "answers": GOOD}
        return inspecting.record_visit(
            inspection=running, seen=Seen(**(given | more)), by=union.clerk, on=TODAY, key=key()
        )

    assert code_of(lambda: record(agrees=False)) == "oversight_field_wrong"
    assert code_of(lambda: record(agrees=False, told_balance=-1)) == "oversight_field_wrong"
    assert code_of(
        lambda: record(agrees=False, told_balance=0, result="good")
    ) == "oversight_field_wrong"  # fmt: skip
    assert record(agrees=False, told_balance=0).told_balance == 0
    assert record(agrees=True, told_balance=5).told_balance is None


def test_the_inspectors_own_work_stays_refused(
    union: Union, prepared: Inspection, device: Device, tablet: Tablet, header: dict[str, Any]
) -> None:
    own = lend(union.bank, make_household(union.bank.group, "Phạm Thị Sáu"), on=TODAY, group=None)
    own.events.update(by=union.clerk)
    write(tablet, header, union, "start", witnesses="")
    write(tablet, header, union, "visit", **seen(union, loan=own.pk))
    write(tablet, header, union, "seal", conclusion="Tốt")
    hand_in(union, prepared, device, tablet.lines)
    assert InspectionLine.objects.get(seq=2).problem == "own_work"
    assert Visit.objects.count() == 0


def test_photos_that_no_device_may_send(
    union: Union, prepared: Inspection, device: Device, header: dict[str, Any], signed_in: Any
) -> None:
    send = lambda content, **more: code_of(  # noqa: E731
        lambda: field_log.take_photo(
            **({"inspection": prepared, "device": device, "content": content, "by": union.clerk, "on": TODAY} | more)
        )
    )  # fmt: skip
    assert send(PNG + bytes(2 * 2**20)) == "file_refused"
    assert send(b"%PDF-1.7") == "file_refused"
    assert send(PNG, by=union.head) == "not_your_inspection"
    strange = field_packs.register_device(name="Máy 2", by=union.clerk, on=TODAY, **Tablet().keys())
    assert send(PNG, device=strange) == "device_not_yours"
    client = signed_in(union.clerk)
    address = reverse("oversight:photo_bytes", args=[prepared.pk]) + f"?device={device.pk}"
    big = client.post(address, PNG + bytes(10 * 2**20), "image/png")
    assert (big.status_code, big.json()["code"]) == (409, "file_refused")
    assert "11 MB" in big.json()["message"]
    # More than any request may bring: not even this page is reached.
    big = client.post(address, PNG + bytes(64 * 2**20), "image/png")
    assert (big.status_code, big.json()["code"]) == (413, "body_too_large")
    assert client.post(address, PNG, "image/png").json()["sha256"]


def test_the_app_over_http(
    union: Union, prepared: Inspection, tablet: Tablet, signed_in: Any
) -> None:
    client, teller = signed_in(union.clerk), signed_in(union.bank.teller)
    page = client.get(reverse("oversight:app"))
    assert (page.status_code, "inspect.min.js" in page.content.decode()) == (200, True)
    assert union.clerk.full_name not in page.content.decode()
    worker = client.get(reverse("oversight:app_worker")).content.decode()
    kept = json.loads(worker[worker.index("{") : worker.index(";\n")])
    assert (kept["name"], kept["shell"]) == ("inspection-app", reverse("oversight:app"))
    for address in kept["files"]:
        assert address.startswith("/static/")
    body = json.dumps({"name": "Máy", **tablet.keys()})
    device = client.post(reverse("oversight:app_register"), body, "application/json").json()["id"]
    me = client.get(reverse("oversight:app_me")).json()
    assert [(one["id"], one["day"]) for one in me["sessions"]] == [
        (f"kt-{prepared.pk}", str(TODAY))
    ]
    asked = json.dumps({"device": device})
    taken = client.post(
        reverse("oversight:pack", args=[prepared.pk]), asked, "application/json"
    ).json()
    assert tablet.read(taken)["inspection"]["number"] == prepared.number
    line = write(tablet, taken["header"], union, "start", witnesses="")
    given = json.dumps({"device": device, "lines": [line]})
    said = client.post(reverse("oversight:log", args=[prepared.pk]), given, "application/json")
    assert said.json()["statement"]["seq"] == 1
    broken = client.post(reverse("oversight:log", args=[prepared.pk]), "[]", "application/json")
    assert broken.status_code == 400
    shown = client.get(reverse("oversight:devices")).content.decode()
    assert "Máy" in shown and prepared.number in shown
    for name, given in (("app", []), ("app_me", []), ("app_worker", []), ("devices", [])):
        assert teller.get(reverse(f"oversight:{name}", args=given)).status_code == 403
    for name in ("pack", "log", "photo_bytes", "revoke_device", "revoke_pack", "decide_field_case"):
        assert teller.post(reverse(f"oversight:{name}", args=[prepared.pk])).status_code == 403
    assert teller.post(reverse("oversight:app_register")).status_code == 403
    assert clock.today() == TODAY
