"""From files to extracts that count, and back: the same file twice, an older after a newer, another office's, an undo."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from changed_law import changed_files
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from extract_cast import loan, workbook
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.cli.extracts import import_
from tdcs.imports import services
from tdcs.imports.errors import (
    FilesNotReady,
    ImportEnded,
    LaterImportStands,
    NothingToCommit,
    NothingToImport,
    WhyMissing,
)
from tdcs.imports.models import Extract, ExtractImport
from tdcs.imports.queries.imports import changes_of, frame, matrix, sums_of
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.states import FileState, ImportState

ON = date(2026, 11, 23)
SEPTEMBER = date(2026, 9, 30)
_made = iter(range(10_000))


def _brought(by: User, *files: tuple[str, bytes]) -> ExtractImport:
    made = services.receive(files=files, by=by, on=ON, key=f"t-{next(_made)}")
    return services.read(imported=made, by=by, on=ON)


def _commit(made: ExtractImport, by: User, **other: Any) -> dict[str, int]:
    return services.commit(imported=made, by=by, on=ON, key=f"c-{next(_made)}", **other)


def _undo(made: ExtractImport, by: User, why: str = "nhầm tệp") -> dict[str, int]:
    return services.undo(imported=made, why=why, by=by, on=ON, key=f"u-{next(_made)}")


def _counts() -> list[tuple[str, date, int]]:
    rows = Extract.objects.filter(current=True).order_by("office_code", "day")
    return [(one.office_code, one.day, one.sums["balance"]) for one in rows]


OCTOBER = ("31-10-2026.xlsx", workbook(loan(1), loan(2)))
MORE = ("31-10-2026b.xlsx", workbook(loan(1), loan(2), loan(3)))


def test_nothing_counts_before_it_is_taken_and_undo_gives_back_what_was(planner: User) -> None:
    first = _brought(planner, OCTOBER)
    assert _counts() == []
    assert _commit(first, planner) == {"taken": 1, "replaced": 0, "left_out": 0}
    assert _counts() == [("004606", date(2026, 10, 31), 100_000_000)]
    second = _brought(planner, MORE)
    (change,) = changes_of(second)
    assert (change.same_day, change.moved) == (True, 50_000_000)
    assert "Định Quán" in change.office
    _commit(second, planner)
    assert _counts()[0][2] == 150_000_000
    assert len(frame("report_31", date(2026, 10, 31))) == 3
    with pytest.raises(LaterImportStands) as told:
        _undo(first, planner)
    assert str(second.pk) in told.value.sentence("vi")
    with pytest.raises(WhyMissing):
        _undo(second, planner, "  ")
    assert _undo(second, planner) == {"undone": 1, "restored": 1}
    assert _counts() == [("004606", date(2026, 10, 31), 100_000_000)]
    assert _undo(first, planner) == {"undone": 1, "restored": 0}
    assert _counts() == []
    with pytest.raises(ImportEnded):
        _commit(first, planner)
    actions = list(AuditLine.objects.filter(action__startswith="imports.").values_list("action", flat=True))  # fmt: skip
    assert actions.count("imports.undo") == 2
    assert {"imports.receive", "imports.read", "imports.commit"} <= set(actions)


def test_the_same_file_twice_changes_nothing(planner: User) -> None:
    _commit(_brought(planner, OCTOBER), planner)
    again = _brought(planner, ("ten khac 31-10-2026.xlsx", OCTOBER[1]))
    assert [one.state for one in again.files.all()] == [FileState.SAME]
    assert _commit(again, planner) == {"taken": 0, "replaced": 0, "left_out": 0}
    assert Extract.objects.filter(current=True).count() == 1


def test_two_files_of_one_office_and_day_in_one_import(planner: User) -> None:
    """The same figures count once; of other figures none is chosen by the machine, and the import can be undone."""
    copy = _brought(planner, OCTOBER, ("31-10-2026 (1).xlsx", OCTOBER[1]))
    assert [one.state for one in copy.files.order_by("pk")] == [FileState.READ, FileState.SAME]
    assert len(changes_of(copy)) == 1
    assert sums_of(changes_of(copy))["balance"] == 100_000_000
    assert _commit(copy, planner) == {"taken": 1, "replaced": 0, "left_out": 0}
    assert _undo(copy, planner) == {"undone": 1, "restored": 0}

    other = _brought(planner, OCTOBER, MORE)
    first, second = other.files.order_by("pk")
    assert (first.state, second.state) == (FileState.READ, FileState.TWICE)
    assert OCTOBER[0] in second.refusal["vi"] and "Định Quán" in second.refusal["vi"]
    with pytest.raises(FilesNotReady):
        _commit(other, planner)
    assert _commit(other, planner, leave_out=True) == {"taken": 1, "replaced": 0, "left_out": 1}
    assert _counts() == [("004606", date(2026, 10, 31), 100_000_000)]
    assert _undo(other, planner) == {"undone": 1, "restored": 0}
    assert _counts() == []


def test_an_offices_file_beside_the_branchs_merged_one(planner: User) -> None:
    vinh_cuu = loan(5, office="004607", office_name="PGD Vĩnh Cửu")
    merged = ("ca tinh 31-10-2026.xlsx", workbook(vinh_cuu, loan(1), loan(2)))
    made = _brought(planner, OCTOBER, merged)
    assert [one.state for one in made.files.order_by("pk")] == [FileState.READ, FileState.READ]
    assert sums_of(changes_of(made))["balance"] == 150_000_000
    assert _commit(made, planner) == {"taken": 2, "replaced": 0, "left_out": 0}
    assert [code for code, _, _ in _counts()] == ["004606", "004607"]
    assert _undo(made, planner) == {"undone": 2, "restored": 0}


def test_two_sheets_of_one_kind_are_not_read_by_halves(planner: User) -> None:
    book = load_workbook(io.BytesIO(OCTOBER[1]))
    book.copy_worksheet(book.worksheets[0]).title = "Trang sau"
    out = io.BytesIO()
    book.save(out)
    (file,) = _brought(planner, ("hai trang.xlsx", out.getvalue())).files.all()
    assert file.state == FileState.REFUSED
    assert "Trang sau" in file.refusal["vi"]


def test_a_folder_gives_every_file_to_the_command(planner: User, tmp_path: Path) -> None:
    inside = tmp_path / "Định Quán"
    inside.mkdir()
    (inside / OCTOBER[0]).write_bytes(OCTOBER[1])
    (inside / "so.csv").write_text("a;b\n", encoding="utf-8")
    (inside / "anh.png").write_bytes(b"x")
    given = CliRunner().invoke(import_, [str(tmp_path), "--on", ON.isoformat(), "--json"])
    assert given.exit_code == 0, given.output
    found = json.loads(given.stdout)
    assert {one["name"]: one["state"] for one in found["files"]} == {
        OCTOBER[0]: FileState.READ,
        "so.csv": FileState.UNKNOWN,
        "anh.png": FileState.ASIDE,
    }


def test_an_older_extract_after_a_newer_one_fills_its_own_month(planner: User) -> None:
    _commit(_brought(planner, OCTOBER), planner)
    older = _brought(planner, ("x.xlsx", workbook(loan(1, day=SEPTEMBER), day=SEPTEMBER)))
    (change,) = changes_of(older)
    assert change.newer is not None and change.newer.day == date(2026, 10, 31)
    assert change.before is None
    _commit(older, planner)
    assert [day for _, day, _ in _counts()] == [SEPTEMBER, date(2026, 10, 31)]


def test_a_file_that_fails_is_never_left_out_in_silence(planner: User) -> None:
    bad = workbook(loan(1), loan(2, in_time=1))
    foreign = workbook(loan(1, office="004820", office_name="PGD Gò Dầu"))
    counter = workbook(loan(1, office="004801", office_name="Hội sở CN tỉnh"))
    made = _brought(planner, OCTOBER, ("sai.xlsx", bad), ("la.xlsx", foreign), ("hs.xlsx", counter), ("rac.xlsx", b"abc"))  # fmt: skip
    assert {one.name: one.state for one in made.files.all()} == {
        OCTOBER[0]: FileState.READ,
        "sai.xlsx": FileState.FAULTY,
        "la.xlsx": FileState.FOREIGN,
        "hs.xlsx": FileState.FOREIGN,
        "rac.xlsx": FileState.REFUSED,
    }
    with pytest.raises(FilesNotReady) as told:
        _commit(made, planner)
    assert "sai.xlsx" in told.value.sentence("vi")
    assert _commit(made, planner, leave_out=True) == {"taken": 1, "replaced": 0, "left_out": 4}
    only_bad = _brought(planner, ("sai.xlsx", bad))
    with pytest.raises(NothingToCommit):
        _commit(only_bad, planner, leave_out=True)


def test_the_branchs_own_counter_is_the_branch(planner: User) -> None:
    made = _brought(planner, ("hs.xlsx", workbook(loan(1, office="004601", office_name="Hội sở CN tỉnh"))))  # fmt: skip
    _commit(made, planner)
    (one,) = Extract.objects.filter(current=True)
    assert one.office is not None and one.office.code == "nhcsxh-chi-nhanh@p75"


def test_an_office_brings_its_own_extracts_only(head: User, planner: User) -> None:
    other = workbook(loan(1, office="004607", office_name="PGD Vĩnh Cửu"))
    made = _brought(head, OCTOBER, ("vinh cuu.xlsx", other))
    assert [one.state for one in made.files.order_by("pk")] == [FileState.READ, FileState.FOREIGN]
    assert "phạm vi" in made.files.get(name="vinh cuu.xlsx").refusal["vi"]
    assert {line.name for line in matrix(head, "report_31", ON)} < {line.name for line in matrix(planner, "report_31", ON)}  # fmt: skip


def test_an_extract_is_old_after_the_days_that_its_kind_says(planner: User) -> None:
    _commit(_brought(planner, OCTOBER), planner)
    (brought,) = Extract.objects.all()

    def old(days: int) -> bool:
        lines = matrix(planner, "report_31", brought.day + timedelta(days=days))
        return next(line.old for line in lines if line.office == brought.office_id)

    def longer(data: Any) -> None:
        data["old_after"] = 60

    assert (old(35), old(36)) == (False, True)
    with changed_files({"extracts/report-31.yaml": longer}):
        assert (old(60), old(61)) == (False, True)
    assert layout_of("poverty_list").old_after > 366


def _zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def test_each_file_of_a_zip_is_named_and_an_empty_one_is_refused(planner: User) -> None:
    inner = _zip(**{"định quán.xlsx": workbook(loan(7, day=SEPTEMBER), day=SEPTEMBER)})
    content = _zip(
        **{
            "thang 10/a 31-10-2026.xlsx": OCTOBER[1],
            "doc.txt": b"x",
            "ghi chu.docx": b"PK",
            "__MACOSX/thang 10/._a 31-10-2026.xlsx": b"\0",
            "~$a 31-10-2026.xlsx": b"\0",
            "trong.zip": inner,
            "qua.zip": _zip(**{"b.zip": _zip(**{"c.zip": inner})}),
            "hong.zip": inner[:60],
        }
    )
    made = _brought(planner, ("tat ca.zip", content))
    assert {one.name: one.state for one in made.files.all()} == {
        "a 31-10-2026.xlsx": FileState.READ,
        "doc.txt": FileState.REFUSED,
        "ghi chu.docx": FileState.ASIDE,
        "._a 31-10-2026.xlsx": FileState.ASIDE,
        "~$a 31-10-2026.xlsx": FileState.ASIDE,
        "định quán.xlsx": FileState.READ,
        "b.zip": FileState.REFUSED,
        "hong.zip": FileState.REFUSED,
    }
    assert "hỏng" in made.files.get(name="hong.zip").refusal["vi"]
    assert "2 lớp" in made.files.get(name="b.zip").refusal["vi"]
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    with pytest.raises(NothingToImport):
        _brought(planner, ("rong.zip", empty.getvalue()))


def test_the_pages_walk_from_upload_to_undo(planner: User, client: Client) -> None:
    client.force_login(planner)
    files = [
        SimpleUploadedFile("a.xlsx", OCTOBER[1]),
        SimpleUploadedFile("b.xlsx", workbook(loan(5, office="004607", balance=-1))),
    ]
    sent = client.post("/sao-ke/nhan/", {"files": files, "key": "k-1"}, follow=True)
    assert sent.status_code == 200
    made = ExtractImport.objects.get()
    page = sent.content.decode()
    assert "100.000.000" in page and "dòng sai" in page
    wrong = made.files.get(state=FileState.FAULTY)
    got = client.get(f"/sao-ke/tep/{wrong.pk}/dong-sai/")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(got.content)).get_sheet_by_index(0).to_python()  # fmt: skip
    words = " ".join(str(cell) for line in lines for cell in line)
    assert "Lý do" in words and "Tổng dư nợ: số âm (-1)" in words
    refused = client.post(f"/sao-ke/{made.pk}/ghi-nhan/", {"key": "k-2"}, follow=True)
    assert "chưa ghi nhận được" in refused.content.decode()
    client.post(f"/sao-ke/{made.pk}/ghi-nhan/", {"key": "k-3", "leave_out": "1"})
    made.refresh_from_db()
    assert made.state == ImportState.COMMITTED
    shown = client.get("/sao-ke/").content.decode()
    assert f'href="/sao-ke/{made.pk}/"' in shown
    client.post(f"/sao-ke/{made.pk}/hoan-tac/", {"key": "k-4", "why": "thử"})
    assert _counts() == []
    dropped = _brought(planner, OCTOBER)
    client.post(f"/sao-ke/{dropped.pk}/bo/")
    dropped.refresh_from_db()
    assert dropped.state == ImportState.DROPPED
    assert client.get("/sao-ke/?kind=la").status_code == 404


def test_others_are_refused(teller: User, head: User, planner: User, client: Client) -> None:
    made = _brought(planner, ("x.xlsx", workbook(loan(1, office="004607", office_name="PGD Vĩnh Cửu"))))  # fmt: skip
    file = made.files.get()
    client.force_login(teller)
    assert client.get("/sao-ke/").status_code == 403
    assert client.get(f"/sao-ke/{made.pk}/").status_code == 403
    assert client.get(f"/sao-ke/tep/{file.pk}/dong-sai/").status_code == 403
    for address in ("nhan/", *(f"{made.pk}/{one}/" for one in ("ghi-nhan", "hoan-tac", "bo"))):
        assert client.post(f"/sao-ke/{address}").status_code == 403
    client.force_login(head)
    assert client.get(f"/sao-ke/{made.pk}/").status_code == 404
    assert client.post(f"/sao-ke/{made.pk}/ghi-nhan/").status_code == 404
