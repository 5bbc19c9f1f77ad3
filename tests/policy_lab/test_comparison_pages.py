"""The pages: a draft typed or sent, the comparison with its table, chart, workbook and report; who may; the command."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from lending_cast import person
from policy_world import BASIS, LAST, TODAY, World, draft
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.cli.main import main
from tdcs.core import clock
from tdcs.jobs.models import Job
from tdcs.organisations.models import Organisation
from tdcs.policy_lab import services
from tdcs.policy_lab.errors import ComparisonExists, NotItsMaker
from tdcs.policy_lab.models import Comparison
from tdcs.policy_lab.services import compare_soon, end_comparison, keep_comparison

pytestmark = pytest.mark.django_db
HOME = "/thu-nghiem-chinh-sach/"
RATE = "figure: NSVSMT.rate, from: 2027-01-01, ppm: 94000, reach: both"


def sign(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


@pytest.fixture(autouse=True)
def _today() -> object:
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture
def kept(world: World) -> Comparison:
    return keep_comparison(
        text=draft(RATE, name="Nước sạch thêm 1 điểm"), by=world.planner, on=TODAY
    )


def test_a_draft_is_typed_tried_and_shown(world: World) -> None:
    client = sign(world.planner)
    page = client.get(f"{HOME}du-thao/").content.decode()
    assert "NSVSMT.rate" in page
    assert "8,4%/năm" in page
    assert "QĐ-TTg" in page
    given = {
        "name": "Nước sạch thêm 1 điểm", "basis": BASIS, "from": "2027-01-01", "reach": "both",
        "v:NSVSMT.rate": "9,4",
    }  # fmt: skip
    answer = client.post(f"{HOME}du-thao/", given)
    made = Comparison.objects.get()
    assert answer["Location"] == f"{HOME}{made.pk}/"
    assert (made.by, made.day, made.made_on, made.basis) == (world.planner, LAST, TODAY, BASIS)
    told = client.get(answer["Location"]).content.decode()
    assert "9,4%/năm" in told
    assert "Lãi một năm của dư nợ hiện có tăng" in told
    assert "200.000 đồng" in told
    assert AuditLine.objects.filter(action="policy_lab.compare").count() == 1


def test_a_file_is_tried_and_every_fault_is_told(world: World) -> None:
    client = sign(world.planner)
    wrong = draft("figure: HN.rat, ppm: 1", "figure: HN.rate, ppm: -1")
    page = client.post(f"{HOME}du-thao/", {"file": SimpleUploadedFile("d.yaml", wrong)})
    told = page.content.decode()
    assert "HN.rat: trong luật không có giá trị này" in told
    assert "HN.rate: -1 không nằm trong khoảng" in told
    assert not Comparison.objects.exists()
    client.post(f"{HOME}du-thao/", {"file": SimpleUploadedFile("d.yaml", draft(RATE))})
    assert Comparison.objects.get().overlay.encode() == draft(RATE)


def test_what_is_no_number_is_refused_beside_the_field(world: World) -> None:
    given = {"name": "x", "basis": BASIS, "v:NSVSMT.rate": "chín", "v:HN.kinds": "poor, rich"}
    page = sign(world.planner).post(f"{HOME}du-thao/", given)
    assert "NSVSMT.rate: phải ghi bằng số nguyên" in page.content.decode()
    given["v:NSVSMT.rate"] = ""
    page = sign(world.planner).post(f"{HOME}du-thao/", given)
    assert "không có diện thụ hưởng “rich”" in page.content.decode()
    assert 'value="poor, rich"' in page.content.decode(), "what was typed stays"


def test_a_large_file_and_an_odd_key_are_no_errors(world: World) -> None:
    client = sign(world.planner)
    large = SimpleUploadedFile("d.yaml", b"#" * 200_000)
    page = client.post(f"{HOME}du-thao/", {"file": large}).content.decode()
    assert "quá 65536 byte" in page
    assert client.get(f"{HOME}du-thao/?from=²").status_code == 404


def test_a_kept_draft_begins_another(kept: Comparison, world: World) -> None:
    page = sign(world.planner).get(f"{HOME}du-thao/?from={kept.pk}").content.decode()
    assert 'value="9,4"' in page
    assert 'value="2027-01-01"' in page


def test_lines_are_chosen_and_leave_as_a_workbook(kept: Comparison, world: World) -> None:
    client = sign(world.planner)
    address = f"{HOME}{kept.pk}/"
    assert "La Ngà" in client.get(f"{address}?by=commune").content.decode()
    poor = client.get(f"{address}?by=status&programme=NSVSMT").content.decode()
    assert "Ngoài các diện trên" in poor
    none = client.get(f"{address}?programme=HN").content.decode()
    assert "Dự thảo không làm đổi số nào của sổ" in none
    book = client.get(f"{address}?export=xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    sums = next(row for row in rows if row[0] == "Cộng")
    assert (sums[1], sums[2], sums[7], sums[8]) == (5, 170_000_000, 1, 200_000)


def test_the_report_says_table_chart_and_assumptions(kept: Comparison, world: World) -> None:
    answer = sign(world.planner).get(f"{HOME}{kept.pk}/bao-cao.docx")
    document = Document(io.BytesIO(answer.content))
    words = "\n".join(p.text for p in document.paragraphs)
    assert "BÁO CÁO" in words
    assert "Nước sạch thêm 1 điểm" in words
    assert "tăng 200.000 đồng" in words
    assert "365 ngày" in words
    assert document.inline_shapes, "the chart"
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "9,4%/năm" in cells
    pdf = sign(world.planner).get(f"{HOME}{kept.pk}/bao-cao.pdf")
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_leaders_and_auditors_read(kept: Comparison, role: str) -> None:
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    client = sign(person("doc", role, branch))
    assert client.get(HOME).status_code == 200
    assert client.get(f"{HOME}{kept.pk}/").status_code == 200
    assert client.get(f"{HOME}{kept.pk}/du-thao.yaml").content == draft(RATE, name=kept.name)
    assert client.get(f"{HOME}du-thao/").status_code == 403
    assert client.post(f"{HOME}du-thao/", {"name": "x"}).status_code == 403
    assert client.post(f"{HOME}{kept.pk}/bo/").status_code == 403


@pytest.mark.parametrize("role", ["unit_clerk", "teller", "group_leader", "system_admin"])
def test_other_roles_are_refused(kept: Comparison, world: World, role: str) -> None:
    client = sign(person("khac", role, world.bank.office))
    for address in (
        "",
        f"{kept.pk}/",
        f"{kept.pk}/bao-cao.docx",
        f"{kept.pk}/du-thao.yaml",
        "du-thao/",
    ):
        assert client.get(HOME + address).status_code == 403, address


def test_its_maker_gives_it_up(kept: Comparison, world: World) -> None:
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    other = person("ke-hoach-2", "branch_planner", branch)
    with pytest.raises(NotItsMaker):
        end_comparison(comparison=kept, by=other, on=TODAY)
    with pytest.raises(ComparisonExists):
        keep_comparison(text=draft(RATE, name=kept.name), by=other, on=TODAY)
    client = sign(world.planner)
    client.post(f"{HOME}{kept.pk}/bo/")
    kept.refresh_from_db()
    assert kept.ended_on == TODAY
    assert client.get(f"{HOME}{kept.pk}/").status_code == 404
    assert "Chưa có dự thảo nào được thử." in client.get(HOME).content.decode()
    assert keep_comparison(text=draft(RATE, name=kept.name), by=other, on=TODAY).pk != kept.pk


def test_a_large_book_is_tried_beside_the_requests(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 4)
    job = compare_soon(text=draft(RATE), by=world.planner, on=TODAY)
    assert isinstance(job, Job)
    assert job.kind == services.CODE
    assert not Comparison.objects.exists()
    task = services.Task(by=world.planner, on=TODAY, params={}, content=draft(RATE))
    made = services.KIND.run(task)
    assert Comparison.objects.get().pk == made.subject
    monkeypatch.setattr(services, "AT_ONCE", 5)
    assert isinstance(
        compare_soon(text=draft(RATE, name="Vừa đủ"), by=world.planner, on=TODAY), Comparison
    )


def test_the_command_prints_the_comparison(world: World, tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_bytes(draft(RATE))
    asked = ["policy", "compare", str(file), "--on", TODAY.isoformat()]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    assert "Nước sạch" in told.output
    assert "200,000" in told.output
    found = json.loads(CliRunner().invoke(main, [*asked, "--json", "--by", "commune"]).stdout)
    assert (found["day"], found["at"]) == (LAST.isoformat(), "2027-01-01")
    assert found["total"]["loss"] == 200_000
    assert [line["name"] for line in found["lines"]] == ["xã La Ngà"]
    assert found["changes"][0]["before"] == "8,4%/năm"


def test_the_command_names_every_fault(tmp_path: Path, world: World) -> None:
    file = tmp_path / "draft.yaml"
    file.write_bytes(draft("figure: HN.rat, ppm: 1", "figure: HN.rate, months: 1"))
    told = CliRunner().invoke(main, ["policy", "compare", str(file), "--json"])
    assert told.exit_code == 1
    error = json.loads(told.stdout)["error"]
    assert error["code"] == "overlay_faulty"
    assert [fault["code"] for fault in error["faults"]] == ["unknown_value", "wrong_kind"]
    file.write_bytes(b"a: &a [*a]\n")
    told = CliRunner().invoke(main, ["policy", "compare", str(file)])
    assert told.exit_code == 1
    assert "aliases" in told.stderr
