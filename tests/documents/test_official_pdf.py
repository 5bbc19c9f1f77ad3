"""The PDF says what the .docx says, and no words of a unit are ever code."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date
from typing import Any

import pypdfium2
import pytest
from docx_rereading import read_tables, reopened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from official_samples import decision, reminder, report, unit_table

from tdcs.documents.columns import Column
from tdcs.documents.official import (
    Annex,
    Article,
    Bullets,
    Chart,
    Heading,
    OfficialDocument,
    Paragraph,
    Run,
    Series,
    Signature,
    Table,
    to_docx,
    to_pdf,
)
from tdcs.documents.official.layout import lay_out

HOSTILE = [
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"; #panic("no")',
    '"] #eval("1+1") [',
    "$ x^2 $ *đậm* _nghiêng_ `mã` = Tiêu đề <nhãn> @trích // chú thích /* */",
    "\\u{41} \\ {{7*7}} ${jndi:ldap} #sys.inputs",
    "]]> <w:p/> &amp; \" ' --- … ~",
]


def pages(content: bytes) -> list[str]:
    with closing(pypdfium2.PdfDocument(content)) as pdf:
        found = []
        for page in pdf:
            text = page.get_textpage()
            found.append(text.get_text_bounded().replace("\r\n", "\n"))
            text.close()
            page.close()
        return found


def squashed(words: str) -> str:
    return re.sub(r"\s+", "", words)


@pytest.fixture(scope="module")
def printed() -> list[str]:
    return pages(to_pdf(report()))


def test_it_is_a4_and_turned_where_asked() -> None:
    with closing(pypdfium2.PdfDocument(to_pdf(report()))) as pdf:
        sizes = {
            tuple(round(side / 72 * 25.4) for side in pdf.get_page_size(n)) for n in range(len(pdf))
        }
    assert sizes == {(210, 297), (297, 210)}


def test_every_figure_of_the_docx_stands_in_the_pdf(printed: list[str]) -> None:
    everything = squashed("".join(printed))
    for table in read_tables(to_docx(report())):
        for row in table:
            for cell in row:
                assert squashed(cell) in everything


def test_pages_are_numbered_from_the_second_and_each_annex_anew(printed: list[str]) -> None:
    first_lines = [page.splitlines()[0].strip() for page in printed]
    numbered = [int(line) if line.isdigit() else 1 for line in first_lines]
    starts = [n for n, page in enumerate(printed) if "Phụ lục I" in page[:40]]
    assert numbered[0] == 1
    assert numbered[1 : starts[0]] == list(range(2, starts[0] + 1))
    assert all(numbered[start] == 1 for start in starts)
    assert numbered[starts[0] + 1] == 2


def test_the_head_of_a_long_table_is_repeated() -> None:
    printed = pages(to_pdf(report(body=[unit_table(120)], annexes=())))
    with_rows = [page for page in printed if "xã Suối Mơ" in page]
    assert len(with_rows) > 2
    assert all("Kết quả" in page and "Tỷ lệ" in page for page in with_rows)
    assert "Tổng cộng" in printed[-1]


def test_the_signature_never_stands_alone_on_a_page() -> None:
    for count in range(22, 40):
        body = [Paragraph(f"Nội dung {n}.") for n in range(count)]
        last = pages(to_pdf(report(body=body, annexes=())))[-1]
        assert "Trần Thị Mơ" in last and f"Nội dung {count - 1}./." in last


@pytest.mark.parametrize("make", [report, reminder, decision])
def test_the_same_document_gives_the_same_bytes(make: Any) -> None:
    assert to_pdf(make()) == to_pdf(make())


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_printed_as_they_stand(words: str) -> None:
    document = everywhere(words)
    printed = squashed("".join(pages(to_pdf(document))))
    wanted = squashed(words)
    assert printed.count(wanted) >= 6
    assert "root:" not in printed
    reopened(to_docx(document))


def everywhere(words: str) -> OfficialDocument:
    """A document whose every free field holds the same words."""
    table = Table(
        (Column(words), Column(words, group=words)), [(words, words)], caption=words, unit=words,
        totals=(words, words), note=words,
    )  # fmt: skip
    chart = Chart("hbar", words, [words], [Series(words, [1]), Series(words, [2])], unit=words)
    return report(
        issuer=words, parent_body=words, place=words, subject=words, symbol=words, number=words,
        type_name=words, addressees=[words, words], authority=words, legal_bases=[words], enacting=words,
        body=[Heading(1, words), Paragraph((words, Run(words, bold=True))), Bullets([words]),
              Article(words, title=words), table, chart],
        signature=Signature(words, words, [words]), recipients=[words], filing=words,
        annexes=[Annex(words, [Paragraph(words)])],
    )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_any_words_make_both_files(words: str) -> None:
    document = everywhere(words)
    reopened(to_docx(document))
    assert to_pdf(document).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bar", [0, 0]), ("bar", [-3, 5]), ("line", [None, None]), ("hbar", [10**12, 1]), ("bar", []),
        ("line", [0.001, 0.0004]), ("bar", [float("nan"), 1]),
    ],
)  # fmt: skip
def test_a_chart_of_strange_values_is_still_drawn(kind: Any, values: list[Any]) -> None:
    chart = Chart(kind, "Lạ", ["Một", "Hai"], [Series("Dãy", values)])
    for shown in (chart, Chart(kind, "Không nhóm", [], [])):
        document = report(body=[shown], annexes=())
        assert "Biểu đồ 1." in "".join(pages(to_pdf(document)))
        assert len(reopened(to_docx(document)).inline_shapes) == 1


def test_bars_begin_at_zero_and_end_on_a_round_figure() -> None:
    chart = Chart("bar", "x", ["a", "b"], [Series("s", [7, 23])])
    (part,) = lay_out(
        report(body=[chart], annexes=(), signature=None, recipients=(), filing="")
    ).parts
    drawing = next(node.drawing for node in part.nodes if hasattr(node, "drawing"))
    assert [tick.label for tick in drawing.ticks] == ["0", "5", "10", "15", "20", "25"]
    marks = [mark for mark in drawing.series[0].marks if mark]
    assert [mark.end for mark in marks] == [0.28, 0.92]
    assert {mark.start for mark in marks} == {0}


def test_a_chart_of_all_communes_goes_on_over_several_pages_on_one_axis() -> None:
    names = [f"Xã {n}" for n in range(95)]
    chart = Chart("hbar", "Mọi xã", names, [Series("Việc", list(range(95)))])
    document = report(body=[chart], annexes=())
    printed = "".join(pages(to_pdf(document)))
    assert all(name in printed for name in names)
    assert printed.count("(tiếp theo)") == 3
    assert len(reopened(to_docx(document)).inline_shapes) == 4


def test_the_file_says_what_it_is() -> None:
    with closing(pypdfium2.PdfDocument(to_pdf(report()))) as pdf:
        about = pdf.get_metadata_dict()
    assert about["Author"] == "Chi nhánh tỉnh Suối Mơ"
    assert about["CreationDate"].startswith("D:20260205")
    assert date(2026, 2, 5) == report().issued_on
