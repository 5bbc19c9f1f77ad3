"""The paragraphs that the branch would write from the figures; it edits them afterwards. Knows no Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from tdcs.documents import numbers
from tdcs.reporting.rules.figures import (
    Figures,
    Row,
    finished,
    late_units,
    late_work,
    share,
    taken_on,
)

GENERAL: Final = "TINH-HINH-CHUNG"

Excerpts = Mapping[str, Sequence[tuple[str, str]]]  # task path → (unit, what it told)


def general(figures: Figures, *, plan_number: str, year: int) -> str:
    """How many reported, how far the whole is, who is late, against the year before."""
    lines = [
        _reports(figures, year),
        _work(figures, plan_number),
        *_late_work(figures),
        *_late(figures),
    ]
    if figures.get("previous"):
        lines.append(_compared(figures))
    return "\n".join(lines)


def _reports(figures: Figures, year: int) -> str:
    row = figures["reports"]
    day = numbers.date_short(taken_on(figures))
    said = (
        f"Đến ngày {day}, {whole(row['handed_in'])}/{whole(row['expected'])} đơn vị đã nộp báo cáo năm {year}, "
        f"đạt {share(row['handed_in'], row['expected'])}; Chi nhánh đã tiếp nhận {whole(row['accepted'])} báo cáo."
    )
    if row["late_in"]:
        said += f" Có {whole(row['late_in'])} đơn vị nộp sau thời hạn quy định."
    waiting = row["expected"] - row["handed_in"]
    if waiting:
        said += f" Còn {whole(waiting)} đơn vị chưa nộp"
        said += f", trong đó {whole(row['overdue'])} đơn vị đã quá hạn." if row["overdue"] else "."
    return said


def _work(figures: Figures, plan_number: str) -> str:
    row = figures["all"]
    return (
        f"Theo Kế hoạch số {plan_number}, trong năm có {whole(row['total'])} lượt nhiệm vụ giao cho "
        f"{whole(figures['holders'])} đơn vị (gồm nhiệm vụ của Kế hoạch, nhiệm vụ chung và việc giao thêm). "
        f"Kết quả: hoàn thành {whole(finished(row))} lượt, đạt "
        f"{share(finished(row), row['total'])} (đúng hạn {whole(row['done'])} lượt, sau hạn "
        f"{whole(row['done_late'])} lượt); đang thực hiện trong hạn {whole(row['open'])} lượt; "
        + (
            f"quá hạn chưa hoàn thành {whole(row['late'])} lượt."
            if row["late"]
            else "không có lượt nào quá hạn."
        )
    )


def _late_work(figures: Figures) -> list[str]:
    """Whose tasks are overdue and not done, who has most first."""
    counts = Counter(row["unit"] for row in late_work(figures))
    if not counts:
        return []
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    named = "; ".join(f"{unit} ({whole(n)} lượt)" for unit, n in ranked[:5])
    more = f" và {whole(len(ranked) - 5)} đơn vị khác" if len(ranked) > 5 else ""
    return [
        f"{whole(counts.total())} lượt quá hạn chưa hoàn thành thuộc {whole(len(ranked))} đơn vị: {named}{more}"
        " (danh sách tại Phụ lục)."
    ]


def overall(figures: Figures) -> str:
    """Reports and work of all units in one sentence, for the head of the report."""
    reports, work = figures["reports"], figures["all"]
    said = (
        f"{whole(reports['handed_in'])}/{whole(reports['expected'])} đơn vị đã nộp báo cáo; hoàn thành "
        f"{whole(finished(work))}/{whole(work['total'])} lượt nhiệm vụ, đạt {share(finished(work), work['total'])}"
    )
    if work["late"]:
        said += f"; còn {whole(work['late'])} lượt quá hạn chưa hoàn thành"
    return f"{said}."


def _late(figures: Figures) -> list[str]:
    rows = late_units(figures)
    if not rows:
        return []
    named = "; ".join(f"{row['name']} ({row['days_late']} ngày)" for row in rows[:5])
    more = f" và {whole(len(rows) - 5)} đơn vị khác" if len(rows) > 5 else ""
    return [f"Nộp báo cáo chậm nhất: {named}{more}."]


def _compared(figures: Figures) -> str:
    """Against the year before; while the year runs, its own figure is no match for a whole year's."""
    now, before = figures["all"], figures["previous"]
    rate = share(finished(before["all"]), before["all"]["total"])
    if taken_on(figures).year <= before["year"] + 1 and taken_on(figures).month < 12:
        return f"Cả năm {before['year']}, tỷ lệ hoàn thành là {rate}."
    move = round(_rate(now) - _rate(before["all"]), 2)
    if move == 0:
        words = "bằng"
    else:
        points = numbers.decimal(abs(move), 2)
        words = f"{'tăng' if move > 0 else 'giảm'} {points} điểm phần trăm so với"
    return f"Tỷ lệ hoàn thành {words} năm {before['year']} ({rate})."


def _rate(row: Row) -> float:
    return 100 * finished(row) / row["total"] if row["total"] else 0.0


def section(row: Row, tasks: Sequence[Row], excerpts: Excerpts) -> str:
    """A section of the plan: its count, then each task with the results that say the most."""
    said = (
        f"Hoàn thành {whole(finished(row))}/{whole(row['total'])} lượt nhiệm vụ, đạt "
        f"{share(finished(row), row['total'])}"
    )
    said += f"; còn {whole(row['late'])} lượt quá hạn chưa hoàn thành." if row["late"] else "."
    lines = [said]
    for task in tasks:
        lines.append(_task(task))
        lines += [f"+ {unit}: {told}" for unit, told in excerpts.get(task["path"], ())]
    return "\n".join(lines)


def _task(row: Row) -> str:
    letter = f" (điểm {row['letter']})" if row.get("letter") else ""
    said = (
        f"- {row['title'].rstrip('.…')}{letter}: {whole(finished(row))}/{whole(row['total'])} đơn vị hoàn "
        f"thành, đạt {share(finished(row), row['total'])}"
    )
    return said + (f"; {whole(row['late'])} đơn vị quá hạn." if row["late"] else ".")


def gathered(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """What several units wrote, once, with their names; "Không có." of nothing."""
    return "\n".join(f"- {said.rstrip(' .;')} ({_units(units)})." for said, units in rows) or (
        "Không có."
    )


def _units(names: Sequence[str], shown: int = 3) -> str:
    if len(names) <= shown + 1:
        return ", ".join(names)
    return f"{', '.join(names[:shown])} và {whole(len(names) - shown)} đơn vị khác"


def outlook(figures: Figures, *, plan_number: str, year: int) -> str:
    """What the branch does next, from what is open."""
    row = figures["all"]
    lines = [
        f"- Tiếp tục tham mưu chỉ đạo, đôn đốc các đơn vị thực hiện Kế hoạch số {plan_number}.",
    ]
    if row["late"] or row["open"]:
        left = whole(row["late"] + row["open"])
        lines.append(
            f"- Đôn đốc hoàn thành {left} lượt nhiệm vụ còn lại của năm {year}, ưu tiên {whole(row['late'])} lượt "
            "đã quá hạn."
            if row["late"]
            else f"- Đôn đốc hoàn thành {left} lượt nhiệm vụ còn lại của năm {year}."
        )
    waiting = figures["reports"]["expected"] - figures["reports"]["handed_in"]
    if waiting:
        lines.append(f"- Đôn đốc {whole(waiting)} đơn vị chưa nộp báo cáo năm {year}.")
    lines.append(f"- Chuẩn bị các điều kiện triển khai nhiệm vụ năm {year + 1}.")
    return "\n".join(lines)


def whole(number: int) -> str:
    """1.234"""
    return numbers.whole(number)
