"""What a section is for: giving work, carrying it out, reporting, or only saying why and with what money."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.text import fold
from tdcs.plans.reading.grammar import subject
from tdcs.plans.reading.structure import Item

# Sections that say why, for whom, with what money, but give nobody a task.
_ASIDE: Final = re.compile(
    r"\bmuc dich\b|\byeu cau\b|\bmuc tieu\b|\bquan diem\b|\bpham vi\b|\bdoi tuong\b|\bkinh phi\b|\bcan cu\b"
    r"|\bnguon von thuc hien\b|\bthuc trang\b|\bdanh gia\b|\bsu can thiet\b|\bnguyen tac\b|\bchi tieu\b|\bdac diem\b|\btinh hinh\b"
)
_CARRY_OUT: Final = re.compile(
    r"\bto chuc thuc hien\b|\bto chuc trien khai\b|\btrach nhiem\b|\bphan cong\b|\btrien khai thuc hien\b|\bthuc hien ke hoach\b"
)
_WORK: Final = re.compile(
    r"\bnhiem vu\b|\bgiai phap\b|\bnoi dung\b|\bke hoach thuc hien\b|\bhoat dong\b|\bcong viec\b|\bcong tac\b|\btien do\b|\bviec\b"
)
_REPORTS: Final = re.compile(r"\bche do (?:thong tin|bao cao)|\bthong tin,? bao cao\b|^bao cao\b")
_HEADING: Final = 70
# Paragraphs that close a plan: they address everybody and give nobody a task.
_CLOSING: Final = re.compile(
    r"^(?:.{3,400}\bchiu trach nhiem thi hanh (?:quyet dinh|nghi quyet|chi thi) nay|tren day la|can cu (?:ke hoach|noi dung) (?:nay|tren)|ke hoach nay|noi nhan|van ban nay|yeu cau (?:cac|thu truong)\b.*\b(?:nghiem tuc|trien khai)"
    r"|trong qua trinh|qua trinh|nhan duoc|de nghi cac\b.*\b(?:nghiem tuc|phoi hop|quan tam)|uy ban nhan dan .{0,40}yeu cau)"
)


def _is_sentence(root: Item) -> bool:
    """A numbered sentence at the top ("6. Yêu cầu Giám đốc các sở …") is work, not the heading of a section."""
    if root.kind not in ("arabic", "letter", "decimal", "unit"):
        return False
    short = not root.children and root.text.endswith(".") and all(subject(root.text))
    return len(root.text) > _HEADING or short


def is_carry_out(root: Item) -> bool:
    key = fold(root.text[:120])
    return (
        not _is_sentence(root)
        and bool(_CARRY_OUT.search(key))
        and not re.search(r"\bnhiem vu\b.*\bgiai phap\b", key)
    )


def is_reporting(root: Item) -> bool:
    """A section about reports only: all it says are duties."""
    return root.kind in ("part", "capital", "roman", "arabic") and bool(
        _REPORTS.search(fold(root.text[:80]))
    )


def is_aside(root: Item) -> bool:
    key = fold(root.text[:120])
    return not _is_sentence(root) and bool(_ASIDE.search(key)) and not _WORK.search(key)


def is_work(leaf: Item) -> bool:
    top = top_of(leaf)
    return bool(_WORK.search(fold(top.text[:160]))) or top is leaf


def is_closing(text: str) -> bool:
    """ "Trên đây là Kế hoạch …", "Trong quá trình thực hiện …"."""
    return bool(_CLOSING.match(fold(text[:600])))


def top_of(item: Item) -> Item:
    while item.parent is not None:
        item = item.parent
    return item
