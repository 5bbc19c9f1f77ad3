"""Reads a plan's document: who does what by when. Pure: no Django, no database, quick to start.

>>> read_plan(Path("ke-hoach.docx").read_bytes()).tasks
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import Line, read
from tdcs.plans.reading import annex, header
from tdcs.plans.reading.assignments import Parts, gather, is_agency, make_task
from tdcs.plans.reading.duties import read_duties
from tdcs.plans.reading.errors import NotAPlan
from tdcs.plans.reading.model import PlanReading, ReadDuty, ReadTask
from tdcs.plans.reading.signature import read_recipients, read_signature
from tdcs.plans.reading.structure import Item, items, paragraphs, unwrapped
from tdcs.plans.reading.timing import timing_inside, year_of

__all__ = ["NotAPlan", "PlanReading", "read_plan"]

# Sections that say why, for whom, with what money, but give nobody a task.
_ASIDE: Final = re.compile(
    r"\bmuc dich\b|\byeu cau\b|\bmuc tieu\b|\bquan diem\b|\bpham vi\b|\bdoi tuong\b|\bkinh phi\b|\bcan cu\b"
    r"|\bnguon von thuc hien\b|\bthuc trang\b|\bdanh gia\b"
)
_CARRY_OUT: Final = re.compile(
    r"\bto chuc thuc hien\b|\bto chuc trien khai\b|\btrach nhiem\b|\bphan cong\b"
)
_WORK: Final = re.compile(
    r"\bnhiem vu\b|\bgiai phap\b|\bnoi dung\b|\bke hoach thuc hien\b|\bhoat dong\b"
)


def read_plan(source: bytes | Path) -> PlanReading:
    """Read a plan. Raises NotAPlan or a refusal of tdcs.documents.errors."""
    document = read(source if isinstance(source, bytes) else _bounded(source))
    lines = list(document.lines)
    if header.is_other_document(lines):
        raise NotAPlan
    head = header.read_header(lines)
    year = year_of(head.title, head.issued_on)
    signer, signer_title, sign_at = read_signature(lines)
    body_lines = _body(lines, head.end, sign_at)
    whole = document.kind == "docx" or unwrapped(body_lines)
    roots = items(paragraphs(body_lines, whole=whole))
    tasks, duties = _tasks_and_duties(roots, year)
    for number, table in enumerate(document.tables, 1):
        if not any(task.lead or task.perform for task in tasks):
            rows = annex.read_annex(table, number, year)
            tasks = [*[t for t in tasks if t.path.startswith("PL")], *rows] if rows else tasks
        elif any(task.path.startswith("PL") for task in tasks):
            tasks.extend(annex.read_annex(table, number, year))
    if not tasks or not (head.type_word or any(task.lead or task.perform for task in tasks)):
        raise NotAPlan
    return PlanReading(
        number=head.number,
        issued_on=head.issued_on.isoformat() if head.issued_on else "",
        issuer=head.issuer,
        signer=signer,
        signer_title=signer_title,
        title=_title(head),
        legal_bases=header.read_bases(_preamble(lines, head, roots)),
        sections=tuple((item.path, item.text) for item in roots),
        tasks=tuple(_unique(tasks)),
        duties=tuple(duties),
        recipients=read_recipients(lines),
        warnings=tuple(_warnings(head, signer, tasks)),
        lines=tuple(line.text for line in lines),
    )


def _bounded(path: Path) -> bytes:
    """Read at most one byte more than allowed: a huge file is refused without being read."""
    from tdcs.documents.errors import FileTooLarge
    from tdcs.documents.reading import MAX_BYTES

    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileTooLarge(size=size // 2**20, limit=MAX_BYTES // 2**20)
    return path.read_bytes()


def _body(lines: list[Line], start: int, sign_at: int) -> list[Line]:
    """Lines after the title, without the recipients and the signature."""
    end = sign_at if sign_at > start else len(lines)
    body = lines[start:end]
    cut = next(
        (i for i, line in enumerate(body) if fold(line.text).startswith("noi nhan")), len(body)
    )
    # The signature may stand before the tasks: what an annex holds follows it.
    after = body[cut:] + (lines[sign_at:] if sign_at > start else [])
    opens = re.compile(r"^(?:phu luc|[ivx]+\. )")
    more = next((i for i, line in enumerate(after) if opens.match(fold(line.text))), len(after))
    return body[:cut] + after[more:]


def _preamble(lines: list[Line], head: header.Header, roots: list[Item]) -> list[Line]:
    first = min((item.lines[0] for item in roots), default=0)
    opening = [line for line in lines[head.end :] if line.number < first]
    inside = [
        Line(note.text, note.lines[0])
        for root in roots[:1]
        for item in root.walk()
        for note in item.notes
        if fold(note.text).startswith("can cu ")
    ]
    titles = [Line(head.title, 0)] if head.title else []
    return [*titles, *opening, *inside]


def _title(head: header.Header) -> str:
    return squash(head.title)


def _tasks_and_duties(
    roots: list[Item], year: int
) -> tuple[list[ReadTask], list[ReadDuty]]:
    carry_out = [root for root in roots if _is_carry_out(root)]
    working = [root for root in roots if root not in carry_out and not _is_aside(root)]
    leaves = [(leaf, parts) for root in working for leaf, parts in _leaves(root, year)]
    labelled = [(leaf, parts) for leaf, parts in leaves if parts.labelled]
    late = [pair for root in carry_out for pair in _leaves(root, year) if pair[1].labelled]
    if labelled or late:
        chosen = [pair for pair in leaves if pair[1].labelled or _is_work(pair[0])] + late
        tasks = [make_task(leaf.path, parts, _section(leaf)) for leaf, parts in chosen]
        return tasks, _duties([r for r in carry_out if not late], year)
    agencies = [task for root in carry_out or roots for task in _by_agency(root, year)]
    if agencies:
        return agencies, _duties(carry_out, year, skip_agencies=True)
    bare = [make_task(leaf.path, parts, _section(leaf)) for leaf, parts in leaves if _is_work(leaf)]
    return bare, _duties(carry_out, year)


def _is_carry_out(root: Item) -> bool:
    key = fold(root.text[:120])
    return bool(_CARRY_OUT.search(key)) and not re.search(r"\bnhiem vu\b.*\bgiai phap\b", key)


def _is_aside(root: Item) -> bool:
    key = fold(root.text[:120])
    return bool(_ASIDE.search(key)) and not _WORK.search(key)


def _is_work(leaf: Item) -> bool:
    top = leaf
    while top.parent is not None:
        top = top.parent
    return bool(_WORK.search(fold(top.text[:160]))) or top is leaf


def _leaves(item: Item, year: int) -> list[tuple[Item, Parts]]:
    """The items that are tasks: those without items below, or with labels of their own above them."""
    own = gather(item, year, deep=False)
    if not item.children:
        return (
            [(item, own)] if item.kind not in ("part", "capital", "roman") or own.labelled else []
        )
    if own.labelled:
        return [(item, gather(item, year, deep=True))]
    return [pair for child in item.children for pair in _leaves(child, year)]


def _section(leaf: Item) -> tuple[str, str]:
    above = leaf.parent or leaf
    return above.path, above.text


def _by_agency(root: Item, year: int) -> list[ReadTask]:
    """ "1. Sở Tài chính: a) …; b) …": the heading's units lead each point below it."""
    made: list[ReadTask] = []
    for item in root.walk():
        units = is_agency(item.text)
        if not units:
            continue
        _, _, said = item.text.partition(":")
        points = [(child.path, gather(child, year, deep=True)) for child in item.children]
        if not points:
            notes = [note for note in item.notes if note.text.strip()]
            points = [
                (f"{item.path}.{number}", Parts(text=[note.text], lines=list(note.lines)))
                for number, note in enumerate(notes, 1)
            ]
        if said.strip() or not points:
            points.insert(
                0, (item.path, Parts(text=[said.strip() or item.text], lines=list(item.lines)))
            )
        for path, parts in points:
            if not parts.timed:
                parts.timing = timing_inside(" ".join(parts.text), year=year)
                parts.timed = parts.timing.kind != "unknown"
            parts.units["lead"] = [*units, *(u for u in parts.units["lead"] if u not in units)]
            made.append(make_task(path, parts, (item.path, item.text)))
    return made


def _duties(
    roots: list[Item], year: int, *, skip_agencies: bool = False
) -> list[ReadDuty]:
    found: list[ReadDuty] = []
    for root in roots:
        for item in root.walk():
            if skip_agencies and _under_agency(item):
                continue
            if item is not root:
                text = " ".join(
                    [item.text, *(note.text for note in item.notes if note.kind == "bullet")]
                )
                found.extend(read_duties(item.path, text, tuple(item.lines), year))
            for number, note in enumerate((n for n in item.notes if n.kind == "plain"), 1):
                path = (
                    f"{root.path}.{len(root.children) + number}"
                    if item is not root
                    else f"{root.path}.{number}"
                )
                found.extend(read_duties(path, note.text, tuple(note.lines), year))
    return [duty for duty in found if duty.kind != "other" or duty.units]


def _under_agency(item: Item | None) -> bool:
    while item is not None:
        if is_agency(item.text):
            return True
        item = item.parent
    return False


def _unique(tasks: list[ReadTask]) -> list[ReadTask]:
    """Two items with one number (recognition) keep their own paths."""
    seen: dict[str, int] = {}
    made = []
    for task in tasks:
        seen[task.path] = seen.get(task.path, 0) + 1
        count = seen[task.path]
        made.append(task if count == 1 else replace(task, path=f"{task.path}({count})"))
    return made


def _warnings(head: header.Header, signer: str, tasks: list[ReadTask]) -> list[str]:
    said = []
    for missing, words in (
        (head.number, "Không tìm thấy số, ký hiệu văn bản."),
        (head.issued_on, "Không tìm thấy ngày ban hành."),
        (head.issuer, "Không tìm thấy cơ quan ban hành."),
        (signer, "Không tìm thấy người ký."),
    ):
        if not missing:
            said.append(words)
    untimed = [task.path for task in tasks if any("thời gian" in words for words in task.warnings)]
    if untimed:
        said.append(f"{len(untimed)} nhiệm vụ chưa nêu thời gian: {', '.join(untimed)}.")
    return said
