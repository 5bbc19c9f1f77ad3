"""The document as a reader opens it: its tables read back are the indicators, its charts are pictures, LibreOffice takes it as it is."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from plans_cast import Cast
from scheme_choice import NAME, chosen

from tdcs.cli.main import main
from tdcs.documents.official import to_docx, to_pdf
from tdcs.indicators import queries as indicators
from tdcs.plans.models import Plan
from tdcs.scheme import services
from tdcs.scheme.composing.document import beside_of, document
from tdcs.scheme.models import Scheme, SchemeVersion

pytestmark = pytest.mark.django_db
TODAY, BASE = date(2026, 11, 23), date(2026, 10, 31)


@pytest.fixture
def version(written: Scheme, cast: Cast) -> SchemeVersion:
    return services.compose(scheme=written, by=cast.planner, on=TODAY)


def opened(version: SchemeVersion) -> Any:
    return docx.Document(io.BytesIO(to_docx(document(version))))


def table_of(opened: Any, *heads: str) -> list[list[str]]:
    """The rows of the table whose first row begins so."""
    for table in opened.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if tuple(rows[0][: len(heads)]) == heads:
            return rows
    raise AssertionError(heads)


def printed(value: int | None, unit: str) -> str:
    """A figure of the JSON as a document writes it: other arithmetic than the document's own."""
    if value is None:
        return "–"
    if unit == "ppm":
        share = (Decimal(value) / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{share}%".replace(".", ",")
    amount = (Decimal(value) / (10**6 if unit == "dong" else 1)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{amount:,}".replace(",", ".")


def test_the_table_of_results_is_what_the_command_says(version: SchemeVersion) -> None:
    rows = table_of(opened(version), "Chỉ tiêu")
    days = [date(2024, 12, 31), date(2025, 12, 31), BASE]
    assert rows[0][1:] == [f"{day:%d/%m/%Y}" for day in days]
    names = {one.name: code for code, one in indicators.catalogue().items()}
    found = {
        names[row[0].removesuffix(" (triệu đồng)").removesuffix(" (%)")]: row[1:]
        for row in rows[1:]
    }
    assert len(found) > 15
    for place, day in enumerate(days):
        codes = ",".join(found)
        asked = ["indicators", "--on", day.isoformat(), "--codes", codes, "--json"]
        answer = CliRunner().invoke(main, asked)
        assert answer.exit_code == 0, answer.output
        for row in json.loads(answer.output):
            assert found[row["code"]][place] == printed(row["value"], row["unit"]), row


def test_programmes_and_communes_are_what_the_command_says(version: SchemeVersion) -> None:
    file = opened(version)
    for key, heads, place in (
        ("programme", ("TT", "Chương trình", "Ngày 31/10/2026"), 2),
        ("commune", ("TT", "Xã, phường", "Nhu cầu vay (lượt)"), 4),
    ):
        asked = [
            "indicators",
            "--on",
            BASE.isoformat(),
            "--by",
            key,
            "--codes",
            "outstanding",
            "--json",
        ]
        told = json.loads(CliRunner().invoke(main, asked).output)
        wanted = {row[f"{key}_name"]: printed(row["value"], "dong") for row in told if row["value"]}
        rows = [row for row in table_of(file, *heads) if row[0].isdigit()]
        assert {row[1]: row[place] for row in rows} == wanted


def test_the_years_of_the_document_are_the_scenarios(
    version: SchemeVersion, plan: Plan, cast: Cast
) -> None:
    def closing(made: SchemeVersion) -> list[str]:
        rows = table_of(opened(made), "Nội dung", "2026")
        return next(row for row in rows if row[0] == "Dư nợ cuối năm")[1:6]

    years = version.content["figures"]["years"]
    assert closing(version) == [printed(year["closing"], "dong") for year in years]
    scheme = version.scheme
    kept = services.change_scheme(
        scheme=scheme,
        draft=chosen(plan, scenario="slower"),
        revision=scheme.revision,
        by=cast.planner,
        on=TODAY,
    )
    slower = services.compose(scheme=kept, by=cast.planner, on=TODAY)
    assert closing(slower) != closing(version)


def test_a_changed_figure_is_marked_and_listed(
    version: SchemeVersion, plan: Plan, cast: Cast
) -> None:
    assert "w:fill" not in opened(version).element.xml
    scheme = version.scheme
    kept = services.change_scheme(
        scheme=scheme,
        draft=chosen(plan, commune_share=400_000),
        revision=scheme.revision,
        by=cast.planner,
        on=TODAY,
    )
    second = services.compose(scheme=kept, by=cast.planner, on=TODAY)
    file = opened(second)
    beside = beside_of(second)
    assert beside is not None
    named = [one.words for one in beside.changes if one.kind in ("results", "years")]
    rows = table_of(file, "TT", "Số liệu")
    assert [row[1].rsplit(" (", 1)[0] for row in rows[1:]] == named
    assert "Ngân sách cấp xã bổ sung, năm 2030" in named
    marked = [
        cell.text
        for table in file.tables
        for row in table.rows
        for cell in row.cells
        if "w:fill" in cell._tc.xml
    ]
    years = second.content["figures"]["years"]
    assert printed(years[4]["communes_added"], "dong") in marked
    assert printed(years[4]["closing"], "dong") not in marked
    words = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert "SO VỚI BẢN SỐ 1" in words.upper()
    assert to_pdf(document(second)).startswith(b"%PDF")


def test_it_has_the_form_of_an_official_document(version: SchemeVersion) -> None:
    file = opened(version)
    words = [paragraph.text for paragraph in file.paragraphs if paragraph.text.strip()]
    heads = [
        text
        for text in words
        if text.split(".")[0] in {"I", "II", "III", "IV", "V", "VI", "VII", "VIII"}
    ]
    assert [text.split(". ")[0] for text in heads] == [
        "I",
        "II",
        "III",
        "IV",
        "V",
        "VI",
        "VII",
        "VIII",
    ]
    assert "ĐỀ ÁN" in words
    assert "Căn cứ Chỉ thị số 39-CT/TW ngày 30/10/2024 về nâng cao hiệu quả" in "\n".join(words)
    assert any(text.startswith("Căn cứ Kế hoạch số 77/KH-UBND") for text in words)
    assert "- Một ý của phần này;" in words
    assert any(text.endswith("./.") for text in words)
    head = "\n".join(
        cell.text for table in file.tables[:1] for row in table.rows for cell in row.cells
    )
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head
    assert "ĐA-" in head
    # Three charts, each with words for who does not see it.
    pictures = file.element.xpath("//wp:docPr/@descr")
    assert len(pictures) == 3
    assert "tỷ đồng" in pictures[0]
    # Every table of figures repeats its head.
    for table in file.tables:
        if table.style is not None and table.style.name == "BangSoLieu":
            assert "w:tblHeader" in table.rows[0]._tr.xml


def test_the_same_version_gives_the_same_bytes(version: SchemeVersion) -> None:
    assert to_docx(document(version)) == to_docx(document(SchemeVersion.objects.get(pk=version.pk)))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_every_table_is_there(
    tmp_path: Path, version: SchemeVersion
) -> None:
    import pypdfium2

    file = tmp_path / "de-an.docx"
    file.write_bytes(to_docx(document(version)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pdf = pypdfium2.PdfDocument(tmp_path / "de-an.pdf")
    try:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()
    words = " ".join(" ".join(pages).split())
    for table in range(1, 6):
        assert f"Bảng {table}." in words
    for chart in range(1, 4):
        assert f"Biểu đồ {chart}." in words
    for annex in ("Phụ lục I", "Phụ lục II", "Phụ lục III"):
        assert annex in words
    assert NAME.split(" giai đoạn")[0] in words
