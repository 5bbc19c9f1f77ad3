"""The consolidated report: its figures, its first words, its official form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from tdcs.core import clock
from tdcs.documents.official import (
    Bars,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    TableBlock,
)
from tdcs.documents.official.model import Block
from tdcs.organisations.queries import names_on
from tdcs.plans.composing.letters import branch_profile, framed
from tdcs.plans.errors import TotalsDisagree
from tdcs.plans.models import ConsolidatedReport, Plan, ReportSection, Task
from tdcs.plans.queries.obligations import GROUPS, Tally, frame, tallies, tally
from tdcs.plans.queries.reports import overview

_KEYS = ("total", "done", "done_late", "late", "open")


def percent(part: int, whole: int) -> str:
    """ "91,99%"; "–" of nothing."""
    if not whole:
        return "–"
    return f"{Decimal(part) * 100 / Decimal(whole):.2f}%".replace(".", ",")


def thousands(number: int) -> str:
    """1.234"""
    return f"{number:,}".replace(",", ".")


def take_figures(plan: Plan, year: int) -> dict[str, Any]:
    """Every count that the report prints, with the day it was taken; from the same frame as the matrix."""
    rows = frame(plan, year)
    tasks = rows.filter(pl.col("task").is_not_null())
    seen = overview(plan, year)
    names = names_on(clock.today(), rows["holder"].unique().to_list())
    sections = {
        path: title
        for path, title in Task.objects.filter(pk__in=tasks["task"].unique().to_list()).values_list(
            "section_path", "section_title"
        )
    }
    by_section = tallies(tasks, "section")
    by_group = tallies(tasks, "group")
    by_task = tallies(tasks, "task")
    titles = {
        t.pk: (t.path, t.title)
        for t in Task.objects.filter(pk__in=tasks["task"].unique().to_list()).order_by("position")
    }
    return {
        "taken_on": clock.today().isoformat(),
        "reports": {
            "expected": seen.expected,
            "handed_in": seen.handed_in,
            "accepted": seen.accepted,
            "late": seen.late,
        },
        "all": _count(tally(tasks)),
        "sections": [
            {"path": path, "title": sections[path], **_count(by_section[path])}
            for path in sorted(sections)
        ],
        "groups": [
            {"code": code, "title": title, **_count(by_group[code])}
            for code, title, *_ in GROUPS
            if code in by_group
        ],
        "tasks": [
            {"path": path, "title": title, **_count(by_task[key])}
            for key, (path, title) in titles.items()
        ],
        "units": [
            {
                "name": row.name,
                "group": row.group_title,
                "state": row.state,
                "submitted_on": row.submitted_on.isoformat() if row.submitted_on else "",
                "days_late": row.days_late or row.overdue_days,
                "working_days_late": row.working_days_late,
            }
            for row in seen.rows
        ],
        "holders": len(names),
    }


def _count(one: Tally) -> dict[str, int]:
    return {
        "total": one.total,
        "done": one.done,
        "done_late": one.counts.get("done_late", 0),
        "late": one.late,
        "open": one.total - one.done - one.late,
    }


def check_totals(figures: dict[str, Any]) -> None:
    """Each total equals its parts, by section, by group and by task. Raises TotalsDisagree."""
    for name in ("sections", "groups", "tasks"):
        for key in _KEYS:
            parts = sum(row[key] for row in figures[name])
            if parts != figures["all"][key]:
                raise TotalsDisagree(what=f"{name}.{key}: {parts} ≠ {figures['all'][key]}")
    if figures["reports"]["handed_in"] > figures["reports"]["expected"]:
        raise TotalsDisagree(what="reports")


def draft_sections(plan: Plan, year: int, figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(path, title, words) of each section as the system proposes it."""
    made = [("0", "Tình hình chung", _general(plan, year, figures))]
    for row in figures["sections"]:
        made.append((row["path"], row["title"], _section(plan, year, row)))
    for path, title, own in (
        ("A", "Khó khăn, vướng mắc", "A"),
        ("B", "Đề xuất, kiến nghị", "B"),
    ):
        made.append((path, title, _gathered(plan, year, own)))
    made.append(
        (
            "C",
            "Phương hướng, nhiệm vụ thời gian tới",
            f"Tiếp tục thực hiện các nhiệm vụ của Kế hoạch số {plan.number}; đôn đốc các đơn vị chưa hoàn thành; "
            f"chuẩn bị triển khai nhiệm vụ năm {year + 1}.",
        )
    )
    return made


def _general(plan: Plan, year: int, figures: dict[str, Any]) -> str:
    reports, whole = figures["reports"], figures["all"]
    taken = "/".join(reversed(figures["taken_on"].split("-")))
    late = f"; {reports['late']} đơn vị nộp chậm hoặc quá hạn chưa nộp" if reports["late"] else ""
    return (
        f"Đến ngày {taken}, {thousands(reports['handed_in'])}/{thousands(reports['expected'])} đơn vị đã nộp báo cáo "
        f"năm {year}, đạt {percent(reports['handed_in'], reports['expected'])}{late}. Chi nhánh đã tiếp nhận "
        f"{thousands(reports['accepted'])} báo cáo.\n"
        f"Toàn tỉnh có {thousands(whole['total'])} lượt nhiệm vụ giao cho {thousands(figures['holders'])} đơn vị theo "
        f"Kế hoạch số {plan.number}; đã hoàn thành {thousands(whole['done'])} lượt, đạt "
        f"{percent(whole['done'], whole['total'])}; trong đó {thousands(whole['done_late'])} lượt hoàn thành sau hạn; "
        f"còn {thousands(whole['late'])} lượt quá hạn chưa hoàn thành và {thousands(whole['open'])} lượt đang thực hiện."
    )


def _section(plan: Plan, year: int, row: dict[str, Any]) -> str:
    said = (
        f"Đã hoàn thành {thousands(row['done'])}/{thousands(row['total'])} lượt nhiệm vụ, đạt "
        f"{percent(row['done'], row['total'])}."
    )
    if row["late"]:
        said += f" Còn {thousands(row['late'])} lượt quá hạn."
    picked = _excerpts(plan, year, row["path"])
    return said + ("\nMột số kết quả nổi bật:\n" + "\n".join(picked) if picked else "")


def _excerpts(plan: Plan, year: int, section: str, limit: int = 4) -> list[str]:
    """Results of accepted reports, one unit each, named; the longest say the most."""
    rows = ReportSection.objects.filter(
        report__plan=plan, report__year=year, report__state="accepted", task__section_path=section
    ).exclude(words="")
    found = list(rows.values_list("report__organisation", "path", "words")[:400])
    found.sort(key=lambda r: (-min(len(r[2]), 220), r[0]))
    names = names_on(clock.today(), {r[0] for r in found})
    picked: list[str] = []
    units: set[int] = set()
    for unit, path, words in found:
        if unit not in units and len(picked) < limit:
            units.add(unit)
            picked.append(f"+ {names[unit]} (mục {path}): {words.splitlines()[0][:260]}")
    return picked


def _gathered(plan: Plan, year: int, path: str, limit: int = 12) -> str:
    """Difficulties or proposals of accepted reports, the same words counted once with their units."""
    rows = ReportSection.objects.filter(
        report__plan=plan, report__year=year, report__state="accepted", path=path
    ).exclude(words="")
    counts: dict[str, int] = {}
    for words in rows.values_list("words", flat=True):
        for line in words.splitlines():
            said = line.strip(" -+.")
            if said and not said.lower().startswith("không có"):
                counts[said] = counts.get(said, 0) + 1
    top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
    return "\n".join(f"- {said} ({count} đơn vị nêu)." for said, count in top) or "Không có."


def consolidated_document(report: ConsolidatedReport) -> OfficialDocument:
    """The report as it leaves: sections, tables, charts, an annex of all units."""
    figures = report.figures
    body: list[Block] = []
    roman = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
    results = [s for s in report.sections.all() if s.path[:1] not in "0ABC"]
    others = {s.path: s for s in report.sections.all() if s.path[:1] in "0ABC"}
    body.append(Heading(f"{roman[0]}. TÌNH HÌNH CHUNG"))
    body += _words(others["0"].words)
    body += _tables(figures, report.year)
    body.append(Heading(f"{roman[1]}. KẾT QUẢ THEO TỪNG PHẦN CỦA KẾ HOẠCH"))
    for number, section in enumerate(results, 1):
        body.append(Heading(f"{number}. {section.title.rstrip('.:')}", 2))
        body += _words(section.words)
        body.append(_task_table(figures, section.path))
    for at, path in enumerate("ABC", 2):
        body.append(Heading(f"{roman[at]}. {others[path].title.upper()}"))
        body += _words(others[path].words)
    profile = branch_profile(report.issued_on or report.taken_on)
    plan = report.plan
    body.append(
        Paragraph(
            f"Trên đây là báo cáo kết quả thực hiện Kế hoạch số {plan.number} năm {report.year}; kính trình "
            f"{plan.issuer_words} xem xét, chỉ đạo./."
        )
    )
    body += _annex(figures, report.year)
    return framed(
        profile=profile,
        code="BC",
        number=report.number,
        issued_on=report.issued_on,
        type_name="Báo cáo",
        subject=f"Tổng hợp kết quả thực hiện Kế hoạch số {plan.number} ngày {plan.issued_on:%d/%m/%Y} năm {report.year}",
        body=tuple(body),
        signer=report.signer,
        signer_title=report.signer_title or "Giám đốc",
        addressees=(plan.issuer_words,),
        recipients=("Như trên", "Các sở, ban, ngành", "UBND cấp xã", "Lưu: VT, KH"),
        year=report.year,
    )


def _words(text: str) -> list[Block]:
    return [Paragraph(line) for line in text.splitlines() if line.strip()]


def _numbers(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        thousands(row["total"]),
        thousands(row["done"]),
        percent(row["done"], row["total"]),
        thousands(row["late"]),
        thousands(row["open"]),
    )


_HEAD = ("Số lượt", "Hoàn thành", "Tỷ lệ", "Quá hạn", "Đang thực hiện")


def _tables(figures: dict[str, Any], year: int) -> list[Block]:
    whole = ("Tổng cộng", *_numbers(figures["all"]))
    by_section = tuple((f"{r['path']}. {r['title']}", *_numbers(r)) for r in figures["sections"])
    by_group = tuple((r["title"], *_numbers(r)) for r in figures["groups"])
    right = frozenset(range(1, 6))
    widths = (7, 2, 2, 2, 2, 2)
    return [
        TableBlock(
            ("Phần của kế hoạch", *_HEAD),
            (*by_section, whole),
            widths,
            f"Bảng 1. Kết quả theo phần của kế hoạch, năm {year}",
            right,
            True,
        ),
        _bars(
            f"Hình 1. Tỷ lệ hoàn thành theo phần, năm {year}",
            [(f"Phần {r['path']}", r) for r in figures["sections"]],
        ),
        TableBlock(
            ("Khối đơn vị", *_HEAD),
            (*by_group, whole),
            widths,
            f"Bảng 2. Kết quả theo khối đơn vị, năm {year}",
            right,
            True,
        ),
        _bars(
            f"Hình 2. Tỷ lệ hoàn thành theo khối đơn vị, năm {year}",
            [(r["title"], r) for r in figures["groups"]],
        ),
    ]


def _bars(caption: str, rows: list[tuple[str, dict[str, Any]]]) -> Bars:
    return Bars(
        caption,
        tuple(
            (
                label,
                1000 * row["done"] // row["total"] if row["total"] else 0,
                percent(row["done"], row["total"]),
            )
            for label, row in rows
        ),
        1000,
    )


def _task_table(figures: dict[str, Any], section: str) -> TableBlock:
    rows = tuple(
        (row["path"], row["title"], *_numbers(row)[:4])
        for row in figures["tasks"]
        if row["path"].rpartition(".")[0] == section or row["path"] == section
    )
    return TableBlock(
        ("Mục", "Nhiệm vụ", *_HEAD[:4]), rows, (2, 8, 2, 2, 2, 2), "", frozenset({2, 3, 4, 5})
    )


def _annex(figures: dict[str, Any], year: int) -> list[Block]:
    words = {
        "accepted": "Đã tiếp nhận",
        "submitted": "Đã nộp",
        "returned": "Trả lại",
        "draft": "Đang soạn",
        "none": "Chưa lập",
    }
    rows = tuple(
        (
            str(at),
            row["name"],
            words[row["state"]],
            "/".join(reversed(row["submitted_on"].split("-"))) if row["submitted_on"] else "",
            str(row["days_late"] or ""),
            str(row["working_days_late"] or ""),
        )
        for at, row in enumerate(figures["units"], 1)
    )
    return [
        PageBreak(f"PHỤ LỤC: TÌNH HÌNH NỘP BÁO CÁO NĂM {year}"),
        TableBlock(
            ("TT", "Đơn vị", "Tình trạng", "Ngày nộp", "Chậm (ngày)", "Chậm (ngày làm việc)"),
            rows,
            (1, 7, 3, 3, 2, 3),
            "",
            frozenset({4, 5}),
        ),
    ]
