"""The life of a template: brought, checked, tried, used for one record and for a list, changed, gone back, withdrawn."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lending_cast import head_of, key, lend, make_household
from made_docx import docx, words_of
from running_jobs import run_jobs
from word_scene import Scene, keep

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.households.errors import TooMuchSeen
from tdcs.word_templates import checks, errors, store
from tdcs.word_templates.models import WordTemplate
from tdcs.word_templates.queries.records import RecordFilters, find, keys_of
from tdcs.word_templates.services.changing import (
    GivenFile,
    add_version,
    bring_back,
    go_back,
    withdraw,
)
from tdcs.word_templates.services.filling import RecordList, fill_list, fill_one

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def upload(content: bytes, name: str = "mau.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, DOCX)


def sent(client: Client, name: str, *args: Any, **data: Any) -> str:
    answer = client.post(reverse(f"word_templates:{name}", args=args), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"word_templates:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_template_through_its_pages(scene: Scene, signed_in: Sign) -> None:
    branch = signed_in(scene.planner)
    page = sent(
        branch, "add", title="Giấy mời", kind="loan", key="add-1",
        file=upload(docx("Kính gửi {{ ten_kh }}", "Dư nợ {{ tong_duno }}")),
    )  # fmt: skip
    assert "đoạn 2" in page and "tong_duno" in page and "tong_du_no" in page
    assert not WordTemplate.objects.exists()
    page = sent(
        branch, "add", title="Giấy mời", kind="loan", key="add-2",
        file=upload(docx("Kính gửi {{ ten_kh }}", "Dư nợ {{ tong_du_no }} đồng")),
    )  # fmt: skip
    assert "Đã thêm mẫu “Giấy mời”" in page
    row = WordTemplate.objects.get()

    officer = signed_in(scene.officer)
    assert "Giấy mời" in shown(officer, "list", q="giay moi")
    assert "Giấy mời" not in shown(officer, "list", q="giay moi khong co")
    assert "Lê Thị Hoa" in shown(officer, "template", row.pk, q="le thi hoa")
    answer = officer.get(reverse("word_templates:fill", args=[row.pk, scene.loan.pk]))
    assert words_of(answer.content) == ["Kính gửi Lê Thị Hoa", "Dư nợ 20.000.000 đồng"]
    assert answer["Cache-Control"] == "no-store"
    page = officer.get(reverse("loans:loan", args=[scene.loan.pk])).content.decode()
    assert "Mẫu của chi nhánh" in page and "Giấy mời" in page

    page = sent(branch, "change", row.pk, why="Sửa lời", key="c-1", file=upload(docx("{{ sai }}")))
    assert "chỗ phải sửa" in page and row.versions.count() == 1
    page = sent(
        branch, "change", row.pk, why="Thêm lãi", key="c-2", file=upload(docx("Lãi {{ lai_ton }}"))
    )
    assert "Đã lưu phiên bản 2" in page and "Thêm lãi" in page
    page = sent(branch, "go_back", row.pk, version=1, why="Bản cũ rõ hơn", key="b-1")
    assert "Phiên bản 1 dùng lại thành phiên bản 3" in page and "như phiên bản 1" in page
    assert branch.get(reverse("word_templates:file", args=[row.pk, 2])).content[:2] == b"PK"
    tried = branch.get(
        reverse("word_templates:fill", args=[row.pk, scene.loan.pk]), {"phien-ban": 2}
    )
    assert words_of(tried.content)[0].startswith("Lãi ")

    assert "Đã rút mẫu" in sent(branch, "withdraw", row.pk, why="Có mẫu mới")
    assert "Giấy mời" not in shown(officer, "list")
    refused = officer.get(reverse("word_templates:fill", args=[row.pk, scene.loan.pk]), follow=True)
    assert "đã rút" in refused.content.decode()
    assert "dùng lại được" in sent(branch, "bring_back", row.pk, why="Vẫn cần")
    assert [line.action for line in AuditLine.objects.filter(action__startswith="word_templates")]


def test_the_list_of_tags_is_searched_without_accents(scene: Scene, signed_in: Sign) -> None:
    client = signed_in(scene.officer)
    page = shown(client, "tags", "loan", q="lai chua tra")
    assert "{{ lai_ton }}" in page and "{{ so_ku }}" not in page and "data-copy" in page
    client.cookies["django_language"] = "en"
    assert "Interest due" in shown(client, "tags", "group")
    assert client.get(reverse("word_templates:tags", args=["khac"])).status_code == 404


@pytest.mark.parametrize("who", ["leader", "teller", "officer"])
def test_only_the_branch_keeps_templates(scene: Scene, signed_in: Sign, who: str) -> None:
    row = keep(scene, "loan", docx("{{ ten_kh }}"))
    client = signed_in(getattr(scene, who))
    for name, args in (("add", []), ("change", [row.pk]), ("withdraw", [row.pk]), ("add_shipped", [])):  # fmt: skip
        answer = client.post(reverse(f"word_templates:{name}", args=args), {"why": "x"})
        assert answer.status_code == 403, name


def test_a_leader_of_a_group_fills_in_nothing(scene: Scene, signed_in: Sign) -> None:
    row = keep(scene, "loan", docx("{{ ten_kh }}"))
    client = signed_in(scene.leader)
    for name, args in (("list", []), ("template", [row.pk]), ("fill", [row.pk, scene.loan.pk])):
        assert client.get(reverse(f"word_templates:{name}", args=args)).status_code == 403


def test_records_out_of_scope_cannot_be_filled_in(scene: Scene, signed_in: Sign) -> None:
    """Another office sees the template, and no record of this one: neither on the page nor by its address nor in a list."""
    row = keep(scene, "loan", docx("{{ ten_kh }}"))
    client = signed_in(scene.other)
    assert "Lê Thị Hoa" not in shown(client, "template", row.pk)
    assert (
        client.get(reverse("word_templates:fill", args=[row.pk, scene.loan.pk])).status_code == 404
    )
    assert not keys_of(scene.other, "loan", RecordFilters(), clock.today())
    for records in ([scene.loan.pk], [scene.loan.pk + 1]):
        with pytest.raises(PermissionDenied):
            fill_list(template=row, records=RecordList(records), by=scene.other, on=clock.today())
    for kind in ("group", "inspection"):
        assert not find(scene.other, kind, "", clock.today())


def test_identity_numbers_are_masked_and_each_one_written_out_counts(
    scene: Scene, settings: Any
) -> None:
    settings.TDCS_UNMASK_LIMIT = 2
    on = clock.today()
    row = keep(scene, "loan", docx("{{ cmnd }} {{ ten_kh }}"))
    number = head_of(scene.loan.household).identity_number
    masked = words_of(fill_one(template=row, record=scene.loan.pk, by=scene.officer, on=on).content)
    assert number not in masked[0] and "••" in masked[0]
    for _ in range(2):
        made = fill_one(template=row, record=scene.loan.pk, full=True, by=scene.officer, on=on)
        assert words_of(made.content)[0].startswith(number)
    with pytest.raises(TooMuchSeen):
        fill_one(template=row, record=scene.loan.pk, full=True, by=scene.officer, on=on)
    with pytest.raises(PermissionDenied):
        fill_one(template=row, record=scene.loan.pk, full=True, by=scene.planner, on=on)
    lines = AuditLine.objects.filter(action="word_templates.fill").order_by("pk")
    assert [line.data["numbers"] for line in lines] == [0, 1, 1]
    assert number not in str([line.data for line in lines])


def test_a_whole_list_counts_every_number_before_any_is_written(
    scene: Scene, settings: Any
) -> None:
    settings.TDCS_UNMASK_LIMIT = 1
    bank = scene.union.bank
    lend(bank, make_household(bank.group, "Trần Thị Mai"), on=scene.loan.disbursed_on)
    row = keep(scene, "loan", docx("{{ cmnd }}"))
    keys = keys_of(scene.officer, "loan", RecordFilters(), clock.today())
    with pytest.raises(TooMuchSeen):
        fill_list(
            template=row, records=RecordList(keys, full=True), by=scene.officer, on=clock.today()
        )
    assert fill_list(
        template=row, records=RecordList(keys), by=scene.officer, on=clock.today()
    ).content


def test_a_whole_list_in_the_background(scene: Scene, signed_in: Sign) -> None:
    """As a zip with a file each, and as one document; of a filter that leaves nothing it is said."""
    bank = scene.union.bank
    second = lend(bank, make_household(bank.group, "Trần Thị Mai"), on=scene.loan.disbursed_on)
    row = keep(scene, "loan", docx("Gửi {{ ten_kh }}"))
    client = signed_in(scene.officer)
    sent(client, "fill_list", row.pk, form="zip")
    sent(client, "fill_list", row.pk, form="one")
    zipped, joined = run_jobs()
    assert (zipped.state, joined.state) == ("done", "done")
    content = client.get(reverse("jobs:fetch", args=[zipped.pk])).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert [name[5:-5] for name in names] == sorted([scene.loan.number, second.number])
        assert words_of(archive.read(names[0])) == ["Gửi Lê Thị Hoa"]
    whole = words_of(client.get(reverse("jobs:fetch", args=[joined.pk])).content)
    assert [one for one in whole if one.strip()] == ["Gửi Lê Thị Hoa", "Gửi Trần Thị Mai"]
    assert "Không có bản ghi nào khớp" in sent(client, "fill_list", row.pk, q="khong co ai")


def test_a_list_has_a_bound(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    row = keep(scene, "loan", docx("{{ ten_kh }}"))
    monkeypatch.setattr("tdcs.word_templates.services.filling.MOST_IN_ZIP", 1)
    with pytest.raises(errors.TooManyChosen):
        fill_list(
            template=row,
            records=RecordList([scene.loan.pk] * 2),
            by=scene.officer,
            on=clock.today(),
        )
    with pytest.raises(errors.NothingChosen):
        fill_list(template=row, records=RecordList([]), by=scene.officer, on=clock.today())


def test_what_keeping_refuses(scene: Scene) -> None:
    row = keep(scene, "loan", docx("a"), title="Mẫu A")
    given = {"template": row, "by": scene.planner, "on": clock.today()}
    with pytest.raises(errors.TemplateNameTaken):
        keep(scene, "loan", docx("b"), title="mẫu a")
    with pytest.raises(errors.TemplateNameMissing):
        keep(scene, "loan", docx("b"), title=" ")
    with pytest.raises(errors.TemplateNameMissing):
        keep(scene, "khac", docx("b"))
    with pytest.raises(errors.SameFile):
        add_version(file=GivenFile("a", store.get(row.versions.get().sha256, "a")), why="x", key=key(), **given)  # fmt: skip
    with pytest.raises(errors.TemplateWhyMissing):
        add_version(file=GivenFile("a", docx("c")), why=" ", key=key(), **given)
    with pytest.raises(errors.SameFile):
        go_back(version=row.versions.get(), why="x", key=key(), **given)
    with pytest.raises(errors.TemplateStateWrong):
        bring_back(why="x", **given)
    withdraw(why="x", **given)
    with pytest.raises(errors.TemplateStateWrong):
        add_version(file=GivenFile("a", docx("c")), why="x", key=key(), **given)
    with pytest.raises(errors.TemplateWithdrawn):
        fill_one(template=WordTemplate.objects.get(), record=scene.loan.pk, by=scene.officer, on=clock.today())  # fmt: skip


def test_a_file_changed_on_disk_is_found(scene: Scene) -> None:
    row = keep(scene, "loan", docx("a"))
    for check in checks.CHECKS.values():
        assert not list(check())
    store.folder().path(row.versions.get().sha256, ".docx").write_bytes(b"x")
    assert list(checks.files_are_as_received())
    row.versions.update(number=2)
    assert list(checks.versions_follow_one_another())
