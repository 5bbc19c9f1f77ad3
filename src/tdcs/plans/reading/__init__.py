"""Reads a plan's document: who does what by when. Pure: no Django, no database, quick to start.

>>> read_plan(Path("ke-hoach.docx").read_bytes()).tasks
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import ReadDocument, TextLine, read
from tdcs.documents.reading.language import require_vietnamese
from tdcs.plans.reading import annex, header
from tdcs.plans.reading.errors import NotAPlan, TwoPlans
from tdcs.plans.reading.facts import header_facts, less_sure
from tdcs.plans.reading.lessons import Lessons
from tdcs.plans.reading.model import PlanReading, ReadTask
from tdcs.plans.reading.signature import read_recipients, read_signature
from tdcs.plans.reading.structure import Item, items, paragraphs, unwrapped
from tdcs.plans.reading.tasks import tasks_and_duties
from tdcs.plans.reading.timing import year_of
from tdcs.plans.reading.union import united
from tdcs.plans.reading.unread import behind_signature, unread

__all__ = ["NotAPlan", "PlanReading", "read_plan"]


def read_plan(
    source: bytes | Path,
    reading: Callable[[bytes], ReadDocument] = read,
    lessons: Callable[[str], Lessons] = lambda _issuer: Lessons(),
) -> PlanReading:
    """Read a plan. ``reading`` gives the lines of its file, ``lessons`` what was corrected before for an issuer.

    Raises NotAPlan or a refusal of tdcs.documents.errors.
    """
    given = reading(source if isinstance(source, bytes) else _bounded(source))
    require_vietnamese(given)
    lines = list(given.lines)
    if header.has_two_heads(lines):
        raise TwoPlans
    if header.is_other_document(lines):
        raise NotAPlan
    head = header.read_header(lines)
    year = year_of(head.title, head.issued_on)
    taught = lessons(head.issuer)
    document = taught.rewritten(given)
    lines = list(document.lines)
    signer, signer_title, sign_at = read_signature(lines)
    body_lines = _body(lines, head.end, sign_at)
    whole = document.kind == "docx" or unwrapped(body_lines)
    roots = items(paragraphs(body_lines, whole=whole))
    annexes = [
        annex.read_annex(table, number, year) for number, table in enumerate(document.tables, 1)
    ]
    rows = [task for made in annexes for task in made]
    body, duties = tasks_and_duties(roots, year, annexed=bool(rows))
    tasks = [taught.corrected(task, year) for task in united(body, rows)]
    if not head.type_word and not rows and header.is_letter(lines) and not _shares_work(tasks):
        raise NotAPlan
    used = {number for number, made in enumerate(annexes, 1) if made}
    aside = unread(roots, tasks, duties, document.tables, used)
    aside += behind_signature(lines, body_lines, sign_at)
    if not tasks or not (head.type_word or any(task.lead or task.perform for task in tasks)):
        raise NotAPlan
    scanned = document.kind == "scan"
    if scanned:
        aside.insert(0, RECOGNISED)
        tasks = [replace(task, facts=less_sure(task.facts)) for task in tasks]
    facts = header_facts(lines, _header_words(head, signer))
    return PlanReading(
        number=head.number,
        issued_on=head.issued_on.isoformat() if head.issued_on else "",
        issuer=head.issuer,
        signer=signer,
        signer_title=signer_title,
        title=_title(head),
        legal_bases=header.read_bases(_preamble(lines, head, roots)),
        sections=tuple((item.path, item.text) for item in roots),
        tasks=tuple(tasks),
        duties=tuple(duties),
        recipients=read_recipients(lines),
        warnings=(*_warnings(head, signer, tasks), *aside),
        aside=tuple(aside),
        facts=less_sure(facts) if scanned else facts,
        **_blocks(given),
    )


RECOGNISED: Final = (
    "Bản quét được đọc bằng nhận dạng chữ: đối chiếu từng số, ngày và tên với ảnh trang."
)
_FEWEST: Final = 3


def _shares_work(tasks: list[ReadTask]) -> bool:
    """Several units have work of their own: a letter that does so gives tasks, one that answers or asks does not."""
    led = [task for task in tasks if task.lead or task.perform]
    return len(led) >= _FEWEST and len({task.lead or task.perform for task in led}) > 1


def _bounded(path: Path) -> bytes:
    """Read at most one byte more than allowed: a huge file is refused without being read."""
    from tdcs.documents.errors import FileTooLarge
    from tdcs.documents.reading import MAX_BYTES

    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileTooLarge(size=size // 2**20, limit=MAX_BYTES // 2**20)
    return path.read_bytes()


def _body(lines: list[TextLine], start: int, sign_at: int) -> list[TextLine]:
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


def _preamble(lines: list[TextLine], head: header.Header, roots: list[Item]) -> list[TextLine]:
    first = min((item.lines[0] for item in roots), default=0)
    opening = [line for line in lines[head.end :] if line.number < first]
    inside = [
        TextLine(note.text, note.lines[0])
        for root in roots[:1]
        for item in root.walk()
        for note in item.notes
        if fold(note.text).startswith("can cu ")
    ]
    titles = [TextLine(head.title, 0)] if head.title else []
    return [*titles, *opening, *inside]


def _header_words(head: header.Header, signer: str) -> dict[str, tuple[str, ...]]:
    day = head.issued_on
    return {
        "number": (head.number,),
        "issued_on": (str(day.day), str(day.year)) if day else (),
        "issuer": (head.issuer,),
        "title": (head.title[:40],),
        "signer": (signer,),
    }


def _blocks(document: ReadDocument) -> dict[str, Any]:
    """Words and page of each block by its number; a table's words are its rows."""
    last = max((block.number for block in document.blocks), default=0)
    words, pages = [""] * last, [1] * last
    for block in document.blocks:
        at = block.number - 1
        said = block.text if isinstance(block, TextLine) else "\n".join(map(" | ".join, block.rows))
        words[at] = f"{words[at]} {said}".strip() if isinstance(block, TextLine) else said
        pages[at] = block.page
    return {
        "kind": document.kind,
        "lines": tuple(words),
        "pages": tuple(pages),
        "tables": document.tables,
    }


def _title(head: header.Header) -> str:
    return squash(head.title)


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
