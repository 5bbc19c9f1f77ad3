"""What a reading left aside, said aloud: items and agencies of working sections without a task, tables not used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tdcs.core.text import squash
from tdcs.documents.reading import Table
from tdcs.plans.reading.grammar import is_agency
from tdcs.plans.reading.model import ReadDuty, ReadTask
from tdcs.plans.reading.sections import is_aside, is_carry_out, is_closing
from tdcs.plans.reading.structure import Item
from tdcs.plans.reading.tasks import is_pointer

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


def _short(words: str) -> str:
    flat = squash(words)
    return flat if len(flat) <= _SHOWN else flat[:_SHOWN].rstrip() + "…"
