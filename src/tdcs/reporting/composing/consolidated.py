"""The branch's consolidated report as an official document, made from kept figures. Knows no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.core import clock
from tdcs.documents import numbers
from tdcs.documents.columns import Cell, Column
from tdcs.documents.official import (
    Annex,
    Block,
    Chart,
    Heading,
    OfficialDocument,
    Paragraph,
    Run,
    Series,
    Table,
    paragraphs,
)
from tdcs.plans.composing.framing import Letterhead, Paper, PlanName, Signing, framed
from tdcs.plans.composing.letterheads import branch, issuer_name, letterhead, plan_name
from tdcs.plans.models import ConsolidatedReport
from tdcs.reporting.composing.credit import credit_annexes, credit_blocks
from tdcs.reporting.rules.credit import CREDIT, summary
from tdcs.reporting.rules.figures import (
    Figures,
    Row,
    finished,
    late_units,
    late_work,
    mismatches,
    per_cent,
    taken_on,
)
from tdcs.reporting.rules.prefill import CLOSING, Draft
from tdcs.reporting.rules.sentences import GENERAL, overall

REPORT_STATES: Final = {
    "accepted": "Đã tiếp nhận",
    "submitted": "Đã nộp",
    "returned": "Trả lại để bổ sung",
    "draft": "Đang soạn",
    "none": "Chưa lập",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsolidatedContent:
    """What the consolidated report says."""

    plan: PlanName
    addressee: str
    year: int
    figures: Figures
    sections: Sequence[Draft]


def consolidated(
    head: Letterhead, signing: Signing, *, content: ConsolidatedContent
) -> OfficialDocument:
    """BÁO CÁO tổng hợp: general part with tables and charts, a chapter a section, annexes of units."""
    words = {one.path: one for one in content.sections}
    body: list[Block] = [
        Paragraph(
            f"Thực hiện nhiệm vụ được giao tại {content.plan}, {head.issuer} tổng hợp kết quả thực hiện "
            f"năm {content.year} như sau (số liệu đến ngày {taken_on(content.figures):%d/%m/%Y}):"
        ),
        *_overall(content.figures),
        *_credit(content.figures, words.get(CREDIT)),
        Heading(1, "Tình hình triển khai thực hiện Kế hoạch"),
        *paragraphs(words[GENERAL].words if GENERAL in words else ""),
        *_general_tables(content.figures, content.year),
        Heading(1, "Kết quả thực hiện theo từng nhóm nhiệm vụ"),
    ]
    for one in content.sections:
        if one.path not in (GENERAL, CREDIT, *CLOSING):
            body += [Heading(2, one.title.rstrip(" .:;")), *paragraphs(one.words)]
            body += _task_table(content.figures, one.path, one.title)
    for one in content.sections:
        if one.path in CLOSING:
            body += [Heading(1, one.title), *(paragraphs(one.words) or (Paragraph("Không có."),))]
    body.append(
        Paragraph(
            f"Trên đây là báo cáo tổng hợp kết quả thực hiện Kế hoạch số {content.plan.number} năm {content.year}, {head.issuer} "
            f"kính trình {content.addressee} xem xét, chỉ đạo"
        )
    )
    return framed(
        head,
        signing,
        paper=Paper(
            code="BC",
            type_name="Báo cáo",
            subject=f"Tổng hợp kết quả thực hiện {content.plan}, năm {content.year}",
            body=body,
            addressees=(content.addressee,),
            recipients=("Như trên", "Các đơn vị thực hiện Kế hoạch", "Ban Giám đốc"),
            filing="VT, KHNV",
            annexes=(
                *_annexes(content.figures, content.year),
                *credit_annexes(content.figures.get("credit", {})),
            ),
        ),
    )


def _overall(figures: Figures) -> list[Block]:
    """What a reader of the first page only must know: the targets, and what the units did."""
    said = [summary(figures.get("credit", {})), overall(figures)]
    return [
        Paragraph((Run("Đánh giá chung: ", bold=True), words) if at == 0 else words)
        for at, words in enumerate(filter(None, said))
    ]


def _credit(figures: Figures, section: Draft | None) -> list[Block]:
    """The targets and the book; a report drafted before it held them has none."""
    if section is None:
        return []
    return [
        Heading(1, section.title),
        *paragraphs(section.words),
        *credit_blocks(figures.get("credit", {})),
    ]


_COUNTS: Final = (
    Column("Số lượt giao", "integer", 1.6),
    Column("Đúng hạn", "integer", 1.6, group="Hoàn thành"),
    Column("Sau hạn", "integer", 1.5, group="Hoàn thành"),
    Column("Tỷ lệ (%)", "decimal", 1.7, decimals=2, group="Hoàn thành"),
    Column("Trong hạn", "integer", 1.5, group="Chưa hoàn thành"),
    Column("Quá hạn", "integer", 1.5, group="Chưa hoàn thành"),
)


def _counts(row: Row) -> tuple[Cell, ...]:
    rate = per_cent(finished(row), row["total"])
    return (row["total"], row["done"], row["done_late"], rate, row["open"], row["late"])


def _general_tables(figures: Figures, year: int) -> list[Block]:
    note = _note(figures)
    return [
        _reports_table(figures, year),
        Table(
            (Column("Phần", "text", 1.4), Column("Nhóm nhiệm vụ", "text", 5.6), *_COUNTS),
            [(row["path"], row["title"], *_counts(row)) for row in figures["sections"]],
            caption=f"Kết quả theo nhóm nhiệm vụ của Kế hoạch, năm {year}",
            unit="lượt nhiệm vụ",
            totals=("", "Tổng cộng", *_counts(figures["all"])),
            note=note,
        ),
        _chart(figures, "sections", [_section_name(row) for row in figures["sections"]], year),
        Table(
            (Column("Khối đơn vị", "text", 5), Column("Số đơn vị", "integer", 1.4), *_COUNTS),
            [(row["title"], row["units"], *_counts(row)) for row in figures["groups"]],
            caption=f"Kết quả theo khối đơn vị, năm {year}",
            unit="lượt nhiệm vụ",
            totals=("Tổng cộng", figures["holders"], *_counts(figures["all"])),
        ),
        _chart(figures, "groups", [row["title"] for row in figures["groups"]], year),
    ]


def _section_name(row: Row) -> str:
    return {"III": "Nhiệm vụ chung", "G": "Việc giao thêm"}.get(row["path"], f"Phần {row['path']}")


def _note(figures: Figures) -> str:
    """A total that its parts do not give is marked, not hidden."""
    wrong = mismatches(figures)
    if wrong:
        return "Lưu ý: số liệu chưa khớp giữa tổng và các phần: " + "; ".join(wrong) + "."
    return f"Số liệu lấy từ hệ thống ngày {taken_on(figures):%d/%m/%Y}; tổng đã đối chiếu với các phần."


def _reports_table(figures: Figures, year: int) -> Table:
    columns = (
        Column("Khối đơn vị", "text", 5),
        Column("Phải nộp", "integer", 1.5),
        Column("Đã nộp", "integer", 1.5),
        Column("Tỷ lệ (%)", "decimal", 1.7, decimals=2),
        Column("Nộp sau hạn", "integer", 1.6),
        Column("Chưa nộp", "integer", 1.5),
        Column("Quá hạn chưa nộp", "integer", 1.9),
    )

    def cells(row: Row) -> tuple[Cell, ...]:
        return (
            row["expected"],
            row["handed_in"],
            per_cent(row["handed_in"], row["expected"]),
            row["late_in"],
            row["expected"] - row["handed_in"],
            row["overdue"],
        )

    rows = [
        (row["title"], *cells(row["reports"]))
        for row in figures["groups"]
        if row["reports"]["expected"]
    ]
    return Table(
        columns,
        rows,
        caption=f"Tình hình nộp báo cáo năm {year}",
        unit="báo cáo",
        totals=("Tổng cộng", *cells(figures["reports"])),
    )


def _chart(figures: Figures, name: str, labels: Sequence[str], year: int) -> Chart:
    """Shares done, this year beside the last; the message is the weakest row."""
    rows = figures[name]
    now = [per_cent(finished(row), row["total"]) for row in rows]
    series = [Series(f"Năm {year}", [float(v) if v is not None else None for v in now])]
    previous = figures.get("previous")
    if previous:
        before = {row["key"]: row for row in previous[name]}
        kept = [before.get(row["key"]) for row in rows]
        values = [per_cent(finished(row), row["total"]) if row else None for row in kept]
        shown = [float(v) if v is not None else None for v in values]
        series.insert(0, Series(f"Năm {previous['year']}", shown))
    return Chart(
        kind="hbar",
        title=_message(name, labels, now),
        categories=labels,
        series=series,
        unit="%",
        decimals=numbers.PERCENT_PLACES,
    )


def _message(name: str, labels: Sequence[str], values: Sequence[object]) -> str:
    what = "nhóm nhiệm vụ" if name == "sections" else "khối đơn vị"
    known = [
        (value, label) for value, label in zip(values, labels, strict=True) if value is not None
    ]
    if len(known) < 2 or min(known)[0] == max(known)[0]:
        return f"Tỷ lệ hoàn thành theo {what}"
    return f"Tỷ lệ hoàn thành theo {what}: cao nhất {max(known)[1]}, thấp nhất {min(known)[1]}"


def _task_table(figures: Figures, section: str, title: str) -> list[Block]:
    rows = [row for row in figures["tasks"] if row["section"] == section]
    if not rows:
        return []
    whole = next(row for row in figures["sections"] if row["path"] == section)
    return [
        Table(
            (Column("Mục", "text", 1.6), Column("Nhiệm vụ", "text", 5.4), *_COUNTS),
            [(row["path"], row["title"], *_counts(row)) for row in rows],
            caption=f"Kết quả từng nhiệm vụ phần {section}",
            unit="lượt nhiệm vụ",
            totals=("", "Cộng", *_counts(whole)),
        )
    ]


def _annexes(figures: Figures, year: int) -> tuple[Annex, ...]:
    late, undone = late_units(figures), late_work(figures)
    annexes = [_all_units(figures, year)]
    if undone:
        annexes.insert(0, _undone(undone, year))
    if late:
        annexes.insert(0, _late_units(late, year))
    return tuple(annexes)


# So many rows of an annex; a year that begins with everything overdue would fill a book.
_LISTED: Final = 300


def _undone(rows: Sequence[Row], year: int) -> Annex:
    """Whose task is overdue and not done: what a leader asks next."""
    columns = (
        Column("TT", "ordinal", 1),
        Column("Đơn vị", "text", 5),
        Column("Mục", "text", 1.6),
        Column("Nhiệm vụ", "text", 5),
        Column("Hạn", "date", 2.4),
        Column("Quá hạn (ngày)", "integer", 1.8),
    )
    lines = [
        (at, row["unit"], row["path"], row["title"], _day(row["due_on"]), row["days_late"])
        for at, row in enumerate(rows[:_LISTED], 1)
    ]
    note = (
        f"Nêu {_LISTED} lượt quá hạn lâu nhất trong {numbers.whole(len(rows))} lượt."
        if len(rows) > _LISTED
        else ""
    )
    return Annex(
        f"Nhiệm vụ quá hạn chưa hoàn thành năm {year}", (Table(columns, lines, note=note),)
    )


def _late_units(rows: Sequence[Row], year: int) -> Annex:
    columns = (
        Column("TT", "ordinal", 1),
        Column("Đơn vị", "text", 6),
        Column("Tình trạng", "text", 3),
        Column("Ngày nộp", "date", 2.4),
        Column("Ngày", "integer", 1.6, group="Chậm"),
        Column("Ngày làm việc", "integer", 1.8, group="Chậm"),
    )
    lines = [
        (
            at,
            row["name"],
            REPORT_STATES[row["state"]],
            _day(row["submitted_on"]),
            row["days_late"],
            row["working_days_late"],
        )
        for at, row in enumerate(rows, 1)
    ]
    return Annex(
        f"Đơn vị nộp báo cáo năm {year} chậm hoặc quá hạn chưa nộp", (Table(columns, lines),)
    )


def _all_units(figures: Figures, year: int) -> Annex:
    columns = (
        Column("TT", "ordinal", 1),
        Column("Đơn vị", "text", 6),
        Column("Báo cáo", "text", 2.6),
        Column("Ngày nộp", "date", 2.2),
        Column("Số ngày chậm", "integer", 1.5),
        *_COUNTS,
    )
    lines = [
        (
            at,
            row["name"],
            REPORT_STATES[row["state"]],
            _day(row["submitted_on"]),
            row["days_late"] or None,
            *_counts(row["work"]),
        )
        for at, row in enumerate(figures["units"], 1)
    ]
    table = Table(columns, lines, note="Đơn vị xếp theo khối, rồi theo tên.")
    return Annex(f"Tổng hợp kết quả của từng đơn vị năm {year}", (table,), landscape=True)


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


def document(report: ConsolidatedReport) -> OfficialDocument:
    """The report as it would leave now, from its kept figures and words."""
    plan = report.plan
    day = report.issued_on or clock.today()
    return consolidated(
        letterhead(branch(plan, day), day),
        Signing(report.number, report.issued_on, report.signer, report.signer_title, day.year),
        content=ConsolidatedContent(
            plan=plan_name(plan),
            addressee=issuer_name(plan, day),
            year=report.year,
            figures=report.figures,
            sections=[Draft(s.path, s.title, s.words) for s in report.sections.all()],
        ),
    )
