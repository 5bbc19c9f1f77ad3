"""What a reading left aside, said aloud: items and agencies of working sections without a task, tables not used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import Table, TextLine
from tdcs.plans.reading.grammar import is_agency
from tdcs.plans.reading.model import ReadDuty, ReadTask
from tdcs.plans.reading.sections import is_aside, is_carry_out, is_closing, is_work
from tdcs.plans.reading.structure import Item, classify
from tdcs.plans.reading.tasks import is_pointer

_NUMBERED: Final = frozenset({"roman", "capital", "arabic", "decimal", "named", "letter", "part"})
_SHOWN: Final = 70
_MOST: Final = 30


def unread(
    roots: list[Item],
    tasks: list[ReadTask],
    duties: list[ReadDuty],
    tables: Iterable[Table],
    used_tables: set[int],
) -> list[str]:
    """One sentence for each piece of the document that became neither task nor duty."""
    used = {number for task in tasks for number in task.lines}
    used |= {number for duty in duties for number in duty.lines}
    said: list[str] = []
    for root in roots:
        if is_carry_out(root) or not is_aside(root):
            said.extend(_items(root, used, rows=bool(used_tables)))
    if used_tables:
        said.extend(_outside_annex(roots, tasks, used))
    for number, table in enumerate(tables, 1):
        if number not in used_tables and len(table.rows) > 1:
            head = " | ".join(dict.fromkeys(cell for cell in table.rows[0] if cell))
            said.append(f"Bảng {number} không giao việc nên không được dùng: “{_short(head)}”.")
    more = len(said) - _MOST
    return [*said[:_MOST], *([f"Và {more} chỗ khác chưa đọc thành nhiệm vụ."] if more > 0 else [])]


def _items(root: Item, used: set[int], *, rows: bool) -> list[str]:
    said = []
    for item in root.walk():
        below = {number for one in item.walk() for number in one.lines}
        below |= {number for one in item.walk() for note in one.notes for number in note.lines}
        if used & below or is_closing(item.text) or is_pointer(item.text):
            continue
        if is_agency(item.text) and not item.children:
            said.append(f"Mục {item.path} nêu “{_short(item.text)}” nhưng không đọc được việc nào.")
        elif (
            not item.children
            and item.kind in ("arabic", "decimal", "named", "letter", "dash")
            and not rows
        ):
            said.append(f"Mục {item.path} chưa đọc thành nhiệm vụ: “{_short(item.text)}”.")
    return said


def _outside_annex(roots: list[Item], tasks: list[ReadTask], used: set[int]) -> list[str]:
    """An annex assigns the work: points of the body that it does not repeat, in one sentence."""
    keys = [_key(task.text) for task in tasks]
    left = [
        item.path
        for root in roots
        if is_work(root) and not is_aside(root) and not is_carry_out(root)
        for item in root.walk()
        if not item.children
        and item.kind in ("arabic", "decimal", "named", "letter", "dash")
        and not used & set(item.lines)
        and not is_pointer(item.text)
        and not _repeated(_key(item.text), keys)
    ]
    if not left:
        return []
    shown = ", ".join(left[:_MOST]) + ("…" if len(left) > _MOST else "")
    return [f"Phụ lục giao việc; các điểm của phần thân không có trong phụ lục: {shown}."]


def _repeated(key: str, keys: list[str]) -> bool:
    return any(key[:60] in other or other in key for other in keys)


def behind_signature(lines: list[TextLine], body: list[TextLine], sign_at: int) -> list[str]:
    """Numbered lines behind the signature that are no annex: said, for they may be an annex without its heading."""
    read = {line.number for line in body}
    left = [
        line
        for line in lines[sign_at + 1 :]
        if line.number not in read and classify(squash(line.text)[:200])[0] in _NUMBERED
    ]
    if not left:
        return []
    return [f"Sau chữ ký còn {len(left)} dòng đánh số chưa đọc: “{_short(left[0].text)}”."]


def _key(words: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(words[:2000]))


def _short(words: str) -> str:
    flat = squash(words)
    return flat if len(flat) <= _SHOWN else flat[:_SHOWN].rstrip() + "…"
