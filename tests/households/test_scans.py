"""Scanned papers of a household: what is taken, kept once, handed out, taken back, and proved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from households_cast import TODAY, Cast, make_household

from tdcs.audit.models import AuditLine
from tdcs.documents.accepting import MAX_BYTES
from tdcs.documents.errors import FileChanged, FileRefused
from tdcs.households.checks import scans_are_as_received
from tdcs.households.errors import (
    DayOutside,
    FieldWrong,
    NotAllowed,
    OutsideYourArea,
    ReasonMissing,
    ScanGone,
)
from tdcs.households.models import Household, HouseholdScan
from tdcs.households.queries.scans import folder
from tdcs.households.services import scans
from tdcs.households.services.scans import Paper

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40


def paper(content: bytes = PDF, **other: Any) -> Paper:
    """An identity card of the spring, unless said otherwise."""
    said = {
        "kind": "identity",
        "title": "CCCD bà Hoa",
        "dated_on": date(2026, 3, 1),
        "filename": "anh.exe",
        **other,
    }
    return Paper(content=content, **said)


@pytest.fixture
def hoa(cast: Cast) -> Household:
    return make_household(code_hint="H-HOA", commune_area=cast.la_nga, head_name="Nguyễn Thị Hoa")


def add(row: Household, by: Any, content: bytes = PDF, **other: Any) -> HouseholdScan:
    return scans.add_scan(household=row, paper=paper(content, **other), by=by, on=TODAY)


@pytest.mark.parametrize(
    ("content", "ending"), [(PDF + b"1", ".pdf"), (PNG, ".png"), (JPEG, ".jpg")]
)
def test_the_content_says_what_a_scan_is(
    cast: Cast, hoa: Household, content: bytes, ending: str
) -> None:
    made = add(hoa, cast.clerk, content, filename="cccd.docx")
    assert (made.ending, made.size, made.by) == (ending, len(content), cast.clerk)
    kept = scans.read_scan(scan=made, by=cast.clerk, on=TODAY)
    assert kept.content == content and kept.name == f"CCCD bà Hoa{ending}"


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00", b"GIF89a" + b"0" * 20, b"<html>", b"PK\x03\x04broken", b" %PDF-1.7"],
)
def test_other_content_is_refused_whatever_its_name(
    cast: Cast, hoa: Household, content: bytes
) -> None:
    with pytest.raises(FileRefused):
        add(hoa, cast.clerk, content, filename="cccd.pdf")
    assert not hoa.scans.exists()


def test_twenty_megabytes_are_taken_and_one_byte_more_is_not(cast: Cast, hoa: Household) -> None:
    assert add(hoa, cast.clerk, PDF.ljust(MAX_BYTES, b"0")).size == MAX_BYTES
    with pytest.raises(FileRefused, match="quá 20 MB"):
        add(hoa, cast.clerk, PDF.ljust(MAX_BYTES + 1, b"0"))


def test_the_same_bytes_are_kept_once(cast: Cast, hoa: Household) -> None:
    other = make_household(commune_area=cast.la_nga, head_name="Bà Hai")
    content = PDF + b"once"
    first, again = add(hoa, cast.clerk, content), add(hoa, cast.clerk, content, title="Lần hai")
    assert first == again and hoa.scans.count() == 1
    assert add(other, cast.clerk, content).sha256 == first.sha256
    path = folder().path(first.sha256, ".pdf")
    assert path.read_bytes() == content and len(list(path.parent.glob("*.pdf"))) == 1
    written = AuditLine.objects.filter(action="households.add_scan").order_by("pk")
    assert [line.data["written"] for line in written] == [True, False]


def test_what_a_person_says_of_a_paper_must_fit(cast: Cast, hoa: Household) -> None:
    with pytest.raises(FieldWrong):
        add(hoa, cast.clerk, kind="loan")
    with pytest.raises(DayOutside):
        add(hoa, cast.clerk, dated_on=date(2026, 11, 24))
    assert add(hoa, cast.clerk, dated_on=TODAY, title=" ../x/Sổ\u202e hộ ").title == "Sổ hộ"


def test_who_may_keep_and_read(cast: Cast, hoa: Household) -> None:
    made = add(hoa, cast.officer)
    for who in (cast.other_clerk, cast.far_officer):
        with pytest.raises(OutsideYourArea):
            add(hoa, who)
        with pytest.raises(OutsideYourArea):
            scans.read_scan(scan=made, by=who, on=TODAY)
        with pytest.raises(OutsideYourArea):
            scans.take_scan_back(scan=made, why="x", by=who, on=TODAY)
    with pytest.raises(NotAllowed):
        scans.read_scan(scan=made, by=cast.planner, on=TODAY)
    with pytest.raises(NotAllowed):
        add(hoa, cast.chair)


def test_taken_back_is_marked_and_never_deleted(cast: Cast, hoa: Household) -> None:
    content = PDF + b"wrong paper"
    made = add(hoa, cast.clerk, content)
    with pytest.raises(ReasonMissing):
        scans.take_scan_back(scan=made, why="  ", by=cast.clerk, on=TODAY)
    scans.take_scan_back(scan=made, why="quét nhầm hộ", by=cast.clerk, on=TODAY)
    made.refresh_from_db()
    assert (made.removed_why, made.removed_by) == ("quét nhầm hộ", cast.clerk)
    assert folder().path(made.sha256, ".pdf").read_bytes() == content
    with pytest.raises(ScanGone):
        scans.read_scan(scan=made, by=cast.clerk, on=TODAY)
    with pytest.raises(ScanGone):
        scans.take_scan_back(scan=made, why="lần nữa", by=cast.clerk, on=TODAY)
    assert add(hoa, cast.clerk, content).pk != made.pk


def test_a_file_changed_on_disk_is_refused_by_name(cast: Cast, hoa: Household) -> None:
    content = PDF + b"changed later"
    made = add(hoa, cast.clerk, content)
    assert list(scans_are_as_received()) == []
    path = folder().path(made.sha256, ".pdf")
    path.write_bytes(content + b"!")
    with pytest.raises(FileChanged, match="CCCD bà Hoa"):
        scans.read_scan(scan=made, by=cast.clerk, on=TODAY)
    [found] = scans_are_as_received()
    assert "H-HOA" in found and "đã khác lúc nhận" in found
    path.unlink()
    with pytest.raises(FileChanged, match="không còn trên đĩa"):
        scans.read_scan(scan=made, by=cast.clerk, on=TODAY)
    assert "không còn trên đĩa" in next(scans_are_as_received())
    assert not AuditLine.objects.filter(action="households.read_scan").exists()
    noted = AuditLine.objects.filter(action="households.file_changed").order_by("id")
    assert [line.why for line in noted] == ["đã khác lúc nhận", "không còn trên đĩa"]
    assert {(line.actor, line.data["sha256"]) for line in noted} == {(cast.clerk, made.sha256)}
    add(make_household(commune_area=cast.la_nga, head_name="Bà Ba"), cast.clerk, content)
    assert scans.read_scan(scan=made, by=cast.clerk, on=TODAY).content == content


def test_papers_on_the_page(cast: Cast, hoa: Household, signed_in: Any) -> None:
    client, page = signed_in(cast.clerk), reverse("households:household", args=[hoa.pk])
    sent = {"kind": "residence", "title": "Giấy cư trú", "dated_on": "2026-05-02"}
    address = reverse("households:add_scan", args=[hoa.pk])
    answer = client.post(
        address, {**sent, "file": SimpleUploadedFile("x.txt", PNG + b"page")}, follow=True
    )
    shown = answer.content.decode()
    assert "Đã lưu giấy tờ." in shown and "Giấy cư trú" in shown and "Xác nhận cư trú" in shown
    made = hoa.scans.get()
    read = reverse("households:read_scan", args=[hoa.pk, made.pk])
    assert client.get(read).status_code == 405
    answer = client.post(read)
    assert b"".join(answer.streaming_content) == PNG + b"page"
    assert answer["Cache-Control"] == "no-store" and "attachment" in answer["Content-Disposition"]
    line = AuditLine.objects.get(action="households.read_scan")
    assert (line.actor, line.data["title"]) == (cast.clerk, "Giấy cư trú")
    nothing = client.post(address, sent, follow=True).content.decode()
    assert "chưa chọn tệp" in nothing and hoa.scans.count() == 1
    back = reverse("households:take_scan_back", args=[hoa.pk, made.pk])
    assert "Chưa nêu lý do." in client.post(back, follow=True).content.decode()
    assert "đã gỡ" in client.post(back, {"why": "nhầm"}, follow=True).content.decode()
    assert "Thêm giấy tờ quét" not in signed_in(cast.women).get(page).content.decode()
    assert signed_in(cast.other_clerk).post(read).status_code == 404
    assert signed_in(cast.planner).post(read).status_code == 403
