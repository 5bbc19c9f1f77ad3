"""Small registers defined as data: one form, one list, one import for all of them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from plans_cast import Cast

from tdcs.audit.models import AuditLine
from tdcs.core import law
from tdcs.documents.reading.cells import day_of
from tdcs.documents.reading.rows import read_rows
from tdcs.organisations.models import Organisation
from tdcs.outreach.errors import (
    NotKeptByUnit,
    NotOwnUnit,
    ProofMissing,
    RecordChanged,
    RecordIncomplete,
    RecordThere,
    RecordWithdrawn,
    RegisterRowsRefused,
    SheetUnreadable,
    WhyMissing,
)
from tdcs.outreach.models import RegisterRecord
from tdcs.outreach.rules.registers import Register, read_values, registers, total
from tdcs.outreach.services import importing, records
from tdcs.outreach.services.records import Typed
from tdcs.plans.models import Plan, Task
from tdcs.plans.ports import RecordsAsked, evidence

TODAY = date(2026, 11, 23)
LINK = "https://bao.example.vn/tin-1"


def told(**other: Any) -> Typed:
    """A directive made known in La Ngà: everything that the register asks for."""
    given: dict[str, Any] = {
        "day": date(2026, 11, 20),
        "title": "Chỉ thị 39-CT/TW",
        "values": {"form": "hội nghị", "members": "45", "attended": "42"},
        "url": LINK,
    }
    return Typed(**(given | other))


@pytest.fixture
def dissemination() -> Register:
    return registers()["dissemination"]


def test_every_register_of_the_law_makes_sense_and_serves_some_task() -> None:
    found = registers()
    assert len(found) >= 15
    assert all(row.serves and row.measure for row in found.values())


@pytest.mark.parametrize(
    "change",
    [
        {"fields": [{"code": "a", "name": "A", "type": "letter"}]},
        {"fields": [{"code": "a", "name": "A", "type": "choice"}]},
        {"counts": [{"code": "n", "name": "N", "sum": "words"}]},
        {"ends": "words"},
        {"proof": "promise"},
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    entry = {
        "code": "x",
        "group": "g",
        "name": "n",
        "measure": "m",
        "title": "t",
        "serves": ["s"],
        "proof": "none",
        "fields": [{"code": "words", "name": "W", "type": "text"}],
    }
    with law.tried({"registers.yaml": [entry]}):
        assert list(registers()) == ["x"]
    with law.tried({"registers.yaml": [entry | change]}), pytest.raises(ValueError, match="x"):
        registers()


def test_values_are_read_and_everything_wrong_is_said(dissemination: Register) -> None:
    values, wrong = read_values(
        dissemination, {"form": "HỘI NGHỊ", "members": "1.250", "attended": 7}, TODAY
    )
    assert (values, wrong) == ({"form": "Hội nghị", "members": 1250, "attended": 7}, [])
    _, wrong = read_values(dissemination, {"form": "khác", "members": "bốn lăm"}, TODAY)
    assert [one.field for one in wrong] == [
        "Hình thức",
        "Số đảng viên, cán bộ phải quán triệt",
        "Số người đã quán triệt",
    ]
    assert day_of("3/2/2026") == day_of("2026-02-03") == date(2026, 2, 3)
    assert day_of("31/2/2026") is None
    assert total(dissemination, "attended", [{"attended": 4}, {"attended": 5}, {}]) == 9


def test_a_day_that_settles_may_not_lie_ahead() -> None:
    register = registers()["difficulties"]
    given = {"raised_by": "PGD", "owner": "UBND xã", "settled_on": date(2026, 11, 23)}
    assert read_values(register, given, TODAY)[1] == []
    _, wrong = read_values(register, given | {"settled_on": date(2026, 11, 24)}, TODAY)
    assert [str(one) for one in wrong] == ["Xử lý xong ngày: ngày chưa đến"]


def test_a_line_is_kept_with_its_trail_and_serves_the_plan(
    dissemination: Register, la_nga: Organisation, cast: Cast
) -> None:
    made = records.add_record(
        register=dissemination, organisation=la_nga, typed=told(), by=cast.la_nga, on=TODAY
    )
    assert made.values == {"form": "Hội nghị", "members": 45, "attended": 42}
    assert AuditLine.objects.filter(action="outreach.add_record").count() == 1
    kind = evidence.kinds()["outreach.dissemination"]
    rows = kind.rows(RecordsAsked(date(2026, 11, 20), date(2026, 11, 21)))
    assert rows.row(0)[:4] == (made.pk, la_nga.pk, date(2026, 11, 20), "Chỉ thị 39-CT/TW")
    # Half-open: the day after is not asked for.
    assert kind.rows(RecordsAsked(date(2026, 11, 21), date(2026, 12, 1))).height == 0

    with pytest.raises(WhyMissing):
        records.withdraw_record(record=made, why=" ", by=cast.la_nga, on=TODAY)
    records.withdraw_record(record=made, why="ghi nhầm", by=cast.la_nga, on=TODAY)
    assert kind.rows(RecordsAsked(date(2026, 1, 1), date(2027, 1, 1))).height == 0
    with pytest.raises(RecordWithdrawn):
        records.withdraw_record(record=made, why="lần nữa", by=cast.la_nga, on=TODAY)


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({"url": ""}, ProofMissing),
        ({"title": "  "}, RecordIncomplete),
        ({"day": None}, RecordIncomplete),
        ({"day": date(2026, 11, 24)}, RecordIncomplete),
        ({"url": "ftp://nope"}, RecordIncomplete),
        ({"values": {}}, RecordIncomplete),
    ],
)
def test_what_is_not_whole_is_refused(
    other: dict[str, Any],
    refused: type[Exception],
    dissemination: Register,
    la_nga: Organisation,
    cast: Cast,
) -> None:
    with pytest.raises(refused):
        records.add_record(
            register=dissemination,
            organisation=la_nga,
            typed=told(**other),
            by=cast.la_nga,
            on=TODAY,
        )
    assert not RegisterRecord.objects.exists()


def test_only_the_own_unit_is_written_for_and_only_registers_it_keeps(
    dissemination: Register, la_nga: Organisation, cast: Cast
) -> None:
    deed = {"organisation": la_nga, "typed": told(), "on": TODAY}
    with pytest.raises(NotOwnUnit):
        records.add_record(register=dissemination, by=cast.other_commune, **deed)
    with pytest.raises(NotKeptByUnit):
        records.add_record(register=registers()["welfare"], by=cast.la_nga, **deed)
    records.add_record(register=dissemination, by=cast.planner, **deed)
    with pytest.raises(RecordThere):
        records.add_record(register=dissemination, by=cast.la_nga, **deed)


def test_who_was_slower_is_told(dissemination: Register, la_nga: Organisation, cast: Cast) -> None:
    made = records.add_record(
        register=dissemination, organisation=la_nga, typed=told(), by=cast.la_nga, on=TODAY
    )
    change = {"record": made, "typed": told(title="Chỉ thị 39"), "by": cast.la_nga, "on": TODAY}
    assert records.change_record(revision=1, **change).title == "Chỉ thị 39"
    with pytest.raises(RecordChanged):
        records.change_record(revision=1, **change)


def test_a_model_of_good_lending_names_loans_that_exist(la_nga: Organisation, cast: Cast) -> None:
    typed = Typed(
        day=TODAY,
        title="Nuôi dê sinh sản",
        values={"place": "Ấp 1", "households": 4, "loans": "KU-1; KU-2"},
        url=LINK,
    )
    with pytest.raises(RecordIncomplete, match="KU-1, KU-2"):
        records.add_record(
            register=registers()["good_models"],
            organisation=la_nga,
            typed=typed,
            by=cast.la_nga,
            on=TODAY,
        )


def _book(*lines: tuple[Any, ...]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for at, line in enumerate(lines):
        sheet.write_row(at, 0, line)
    book.close()
    return buffer.getvalue()


HEAD = (
    "Số người đã quán triệt",
    "Ngày",
    "Văn bản được quán triệt",
    "Hình thức",
    "Số đảng viên, cán bộ phải quán triệt *",
    "Liên kết minh chứng",
    "Đơn vị",
)


def test_a_workbook_comes_in_whole_in_any_order_of_columns_and_once(
    dissemination: Register, cast: Cast
) -> None:
    good = read_rows(
        _book(
            ("Sổ quán triệt",),
            HEAD,
            (42, "20/11/2026", "Chỉ thị 39", "Hội nghị", 45, LINK, ""),
            (40, date(2026, 11, 21), "Kết luận 06", "Trực tuyến", 45, LINK, "UBND xã La Ngà"),
        )
    )
    deed = {"register": dissemination, "by": cast.la_nga, "on": TODAY}
    assert importing.import_records(rows=good, **deed) == 2
    assert set(RegisterRecord.objects.values_list("on", flat=True)) == {
        date(2026, 11, 20),
        date(2026, 11, 21),
    }
    with pytest.raises(RegisterRowsRefused) as again:
        importing.import_records(rows=good, **deed)
    assert len(again.value.rows) == 2
    assert RegisterRecord.objects.count() == 2


def test_every_bad_row_is_named_and_none_is_saved(dissemination: Register, cast: Cast) -> None:
    rows = read_rows(
        _book(
            HEAD,
            (42, "20/11/2026", "Chỉ thị 39", "Hội nghị", 45, LINK, ""),
            (42, "20-13-2026", "Chỉ thị 40", "Hội nghị", 45, LINK, ""),
            ("x", "20/11/2026", "", "Họp", 45, LINK, ""),
            (42, "20/11/2026", "Chỉ thị 41", "Hội nghị", 45, "", ""),
            (42, "20/11/2026", "Chỉ thị 42", "Hội nghị", 45, LINK, "UBND xã Định Quán"),
        )
    )
    with pytest.raises(RegisterRowsRefused) as refused:
        importing.import_records(register=dissemination, rows=rows, by=cast.la_nga, on=TODAY)
    assert [number for number, _ in refused.value.reasons()] == [3, 4, 5, 6]
    told = refused.value.reasons()[1][1]
    assert "Hình thức" in told and "chưa ghi" in told
    english = refused.value.reasons("en")
    assert english[0][1].startswith("The record cannot be kept: ")
    assert english[3] == (6, "there is no unit “UBND xã Định Quán” within your reach")
    assert not RegisterRecord.objects.exists()
    with pytest.raises(SheetUnreadable, match="Văn bản được quán triệt"):
        rows = read_rows(_book(("Ngày", "Khác"), ("20/11/2026", "x")))
        importing.import_records(register=dissemination, rows=rows, by=cast.la_nga, on=TODAY)


def test_the_template_is_read_back(dissemination: Register, cast: Cast) -> None:
    rows = read_rows(importing.template(dissemination))
    with pytest.raises(SheetUnreadable, match="không có dòng nào"):
        importing.import_records(register=dissemination, rows=rows, by=cast.la_nga, on=TODAY)


def test_a_new_register_is_data_only(
    plan: Plan, la_nga: Organisation, cast: Cast, signed_in: Any
) -> None:
    """Page, form, list, export, evidence, a proposal for a task: no line of code."""
    entry = {
        "code": "orchards",
        "group": "Mô hình",
        "name": "Vườn cây mẫu",
        "measure": "vườn mẫu",
        "title": "Tên vườn",
        "serves": ["gắn khuyến nông"],
        "proof": "none",
        "fields": [{"code": "trees", "name": "Số cây", "type": "count", "required": True}],
        "counts": [{"code": "trees", "name": "Tổng số cây", "sum": "trees"}],
    }
    with law.tried({"registers.yaml": [entry]}):
        client = signed_in(cast.la_nga)
        sent = {"title": "Vườn bưởi", "on": "2026-11-20", "unit": la_nga.pk, "v_trees": "120"}
        assert client.post("/phong-trao/so/orchards/ghi/", sent).status_code == 302
        assert "Vườn bưởi" in client.get("/phong-trao/so/orchards/").content.decode()
        assert "120" in client.get("/phong-trao/so/orchards/?export=csv").content.decode()
        page = signed_in(cast.planner).get("/ke-hoach/do-phu/", {"plan": plan.pk})
        assert "Vườn cây mẫu" in page.content.decode()
        assert evidence.kinds()["outreach.orchards"].measure == "vườn mẫu"
    assert Task.objects.filter(version__plan=plan, path="II.2.b").exists()


def test_pages_of_a_register(
    dissemination: Register, la_nga: Organisation, cast: Cast, signed_in: Any
) -> None:
    client = signed_in(cast.la_nga)
    assert client.get("/phong-trao/").status_code == 200
    file = SimpleUploadedFile("anh.pdf", b"%PDF-1.4 minh chung")
    sent = {
        "title": "Nghị quyết 12",
        "on": "2026-11-20",
        "unit": la_nga.pk,
        "v_form": "Hội nghị",
        "v_members": "45",
        "v_attended": "44",
        "file": file,
    }
    answer = client.post("/phong-trao/so/dissemination/ghi/", sent)
    row = RegisterRecord.objects.get()
    assert answer.status_code == 302 and row.sha256
    page = client.get(f"/phong-trao/dong/{row.pk}/").content.decode()
    assert "Nghị quyết 12" in page and "Tải tệp minh chứng" in page
    assert client.get(f"/phong-trao/dong/{row.pk}/tep/").status_code == 200
    listed = client.get("/phong-trao/so/dissemination/", {"q": "nghi quyet"}).content.decode()
    assert "Nghị quyết 12" in listed
    assert (
        "Nghị quyết 12" not in client.get("/phong-trao/so/dissemination/?q=khac").content.decode()
    )
    assert client.get("/phong-trao/so/no-such/").status_code == 404
    change = {key: value for key, value in sent.items() if key != "file"}
    change |= {"title": "Nghị quyết 13", "revision": row.revision}
    assert client.post(f"/phong-trao/dong/{row.pk}/sua/", change).status_code == 302
    bad = client.post(
        "/phong-trao/so/dissemination/nhap/",
        {"file": SimpleUploadedFile("b.xlsx", _book(HEAD, (1, "x", "", "", "", "", "")))},
    )
    assert bad.status_code == 422 and "chưa ghi dòng nào" in bad.content.decode()
    assert client.get("/phong-trao/so/dissemination/mau/").status_code == 200
    # Another commune does not see it; an administrator may not open registers at all; a leader reads and does not write.
    assert signed_in(cast.other_commune).get(f"/phong-trao/dong/{row.pk}/").status_code == 404
    assert signed_in(cast.admin).get("/phong-trao/").status_code == 403
    assert signed_in(cast.leader).get(f"/phong-trao/dong/{row.pk}/").status_code == 200
    assert signed_in(cast.leader).post("/phong-trao/so/dissemination/ghi/", sent).status_code == 403
    assert signed_in(cast.auditor).post(f"/phong-trao/dong/{row.pk}/go/").status_code == 403
    answer = signed_in(cast.la_nga).post(f"/phong-trao/dong/{row.pk}/go/", {"why": "ghi nhầm"})
    assert answer.status_code == 302
