"""Columns of the big tables as a person chose them: on screen, in exports and on paper alike.

A table on a page names its columns in its head (``<th data-c="balance">``); a choice hides and orders them by these names, and
the columns of an export by the headings that belong to each. The columns by which a row is known stay, and stay first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n

from tdcs.access.models import User
from tdcs.access.queries import column_choices
from tdcs.documents.columns import Cell

# What stands before every column that may be chosen, when the page has it: boxes to tick.
TICK: Final = "tick"
# What stands after them: buttons of the row.
ACTS: Final = "acts"
_ROW: Final = re.compile(r"(<tr\b[^>]*>)(.*?)(</tr>)", re.S)
_CELL: Final = re.compile(r"<(t[hd])\b([^>]*)>(.*?)</\1>", re.S)
_KEY: Final = re.compile(r'\bdata-c="(\w+)"')
_SPAN: Final = re.compile(r'\s*\bcolspan="(\d+)"')


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its key, its words, the headings of exports that belong to it; fixed when rows are known by it."""

    key: str
    words: str
    headings: tuple[str, ...] = ()
    fixed: bool = False


def _columns(*rows: tuple[str, str, tuple[str, ...]], fixed: int = 1) -> tuple[TableColumn, ...]:
    return tuple(
        TableColumn(key, words, headings or (words,), at < fixed)
        for at, (key, words, headings) in enumerate(rows)
    )


TABLES: Final[dict[str, tuple[TableColumn, ...]]] = {
    "loans": _columns(
        ("number", n("Số khế ước"), ("Số khế ước", "Ngày giải ngân")),
        ("borrower", n("Người vay"), ("Mã hộ", "Người vay")),
        ("place", n("Nơi ở"), ("Xã, phường", "Ấp, khu phố")),
        ("group", n("Tổ"), ("Mã tổ", "Tổ")),
        ("programme", n("Chương trình"), ("Chương trình", "Nguồn vốn")),
        ("balance", n("Dư nợ"), ("Đã giải ngân (đồng)", "Dư nợ (đồng)")),
        ("overdue", n("Quá hạn"), ("Quá hạn (đồng)",)),
        ("interest", n("Lãi thu được"), ("Lãi thu được (đồng)",)),
        ("state", n("Tình trạng"), ("Hạn cuối", "Tình trạng")),
    ),
    "groups": _columns(
        ("code", n("Mã tổ"), ()),
        ("name", n("Tên tổ"), ()),
        ("leader", n("Tổ trưởng"), ()),
        ("commune", n("Xã, phường"), ()),
        ("hamlet", n("Ấp, khu phố"), ()),
        ("mass", n("Hội, đoàn thể"), ()),
        ("office", n("Phòng giao dịch"), ()),
        ("officer", n("Cán bộ phụ trách"), ()),
        ("session", n("Ngày giao dịch"), ()),
        ("members", n("Tổ viên"), ()),
        ("savings", n("Tiền gửi (đồng)"), ()),
        ("loans", n("Khoản vay"), ()),
        ("balance", n("Dư nợ (đồng)"), ()),
        ("overdue", n("Quá hạn (%)"), ("Quá hạn (đồng)", "Quá hạn (%)")),
        ("rating", n("Xếp loại"), ("Xếp loại", "Điểm", "Tháng")),
        fixed=2,
    ),
    "members": _columns(
        ("name", n("Họ và tên"), ()),
        ("code", n("Mã hộ"), ()),
        ("since", n("Vào tổ"), ()),
        ("balance", n("Dư nợ (đồng)"), ()),
        ("overdue", n("Quá hạn (đồng)"), ()),
        ("interest", n("Lãi phải thu (đồng)"), ()),
        ("due", n("Kỳ trả tới"), ("Kỳ trả tới", "Gốc kỳ tới (đồng)")),
        ("accounts", n("Sổ tiền gửi"), ()),
        ("savings", n("Tiền gửi (đồng)"), ()),
    ),
    "obligations": _columns(
        ("unit", n("Đơn vị"), ("Khối", "Đơn vị")),
        ("standing", n("Tình trạng"), ("Tình trạng", "Tiến độ (%)", "Hạn", "Quá hạn (ngày)")),
        ("figure", n("Số liệu"), ()),
        ("words", n("Kết quả"), ()),
        ("evidence", n("Minh chứng"), ("Số minh chứng",)),
        ("reported", n("Ngày báo cáo"), ()),
    ),
    "reports": _columns(
        ("unit", n("Đơn vị"), ("Đơn vị", "Kế hoạch")),
        ("kind", n("Khối"), ()),
        ("state", n("Trạng thái"), ("Trạng thái", "Hạn")),
        ("handed_in", n("Ngày nộp"), ()),
        ("days", n("Chậm (ngày)"), ()),
        ("working_days", n("Ngày làm việc"), ("Chậm (ngày làm việc)",)),
    ),
    "households": _columns(
        ("code", n("Mã hộ"), ()),
        ("head", n("Chủ hộ"), ()),
        ("identity", n("Số định danh"), ()),
        ("commune", n("Xã, phường"), ()),
        ("hamlet", n("Ấp, khu phố"), ()),
        ("people", n("Nhân khẩu"), ()),
        ("kinds", n("Diện"), ()),
        fixed=2,
    ),
    "letters": _columns(
        ("subject", n("Trích yếu"), ("Loại", "Trích yếu")),
        ("direction", n("Chiều"), ()),
        ("sequence", n("Thứ tự"), ("Số thứ tự",)),
        ("registered", n("Ngày vào sổ"), ()),
        ("number", n("Số, ký hiệu; ngày"), ("Số, ký hiệu", "Ngày văn bản")),
        ("between", n("Nơi gửi → nơi nhận"), ("Nơi gửi", "Nơi nhận")),
        ("state", n("Tình trạng"), ("Xác nhận nhận", "Hạn trả lời", "Trả lời bằng")),
    ),
    "users": _columns(
        ("name", n("Họ và tên"), ()),
        ("username", n("Tên đăng nhập"), ()),
        ("role", n("Vai trò"), ()),
        ("unit", n("Đơn vị"), ()),
    ),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns of one table in the person's order, and which of them are left out."""

    columns: tuple[TableColumn, ...]
    hidden: frozenset[str]
    changed: bool

    @property
    def shown(self) -> tuple[str, ...]:
        """Keys of what is seen, in order."""
        return tuple(one.key for one in self.columns if one.key not in self.hidden)


def arranged(
    table: str, order: Iterable[str] = (), hidden: Iterable[str] = (), *, changed: bool = False
) -> Chosen:
    """A choice as it holds: fixed columns first and seen, unknown keys gone, columns that are new at their own place."""
    own = TABLES[table]
    place = {key: at for at, key in enumerate(order)}
    # A column that the choice does not know follows the one before which it stands by default.
    rank: dict[str, tuple[int, int]] = {}
    last = -1
    for at, one in enumerate(own):
        last = place.get(one.key, last)
        rank[one.key] = (-1 if one.fixed else last, at)
    columns = sorted(own, key=lambda one: (not one.fixed, rank[one.key]))
    may_hide = {one.key for one in own if not one.fixed}
    return Chosen(tuple(columns), frozenset(hidden) & may_hide, changed)


def chosen_by(request: HttpRequest, table: str) -> Chosen:
    """What the person of the request chose for the table; one query for all tables of a page."""
    held = getattr(request, "columns_chosen", None)
    if held is None:
        held = column_choices(request.user) if isinstance(request.user, User) else {}
        request.columns_chosen = held  # type: ignore[attr-defined]
    row = held.get(table)
    return arranged(table, row.order, row.hidden, changed=True) if row else arranged(table)


def as_chosen(
    request: HttpRequest, table: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> tuple[list[str], list[list[Cell]]]:
    """Header and rows of an export as the person chose the table's columns; a heading of no column stays, at the end."""
    chosen = chosen_by(request, table)
    lines = [[*row, *[None] * (len(header) - len(row))] for row in rows]
    if not chosen.changed:
        return list(header), lines
    of = {
        words: one.key
        for one in chosen.columns
        for name in one.headings
        for words in (name, _(name))
    }
    keys = [of.get(words, "") for words in header]
    places = [at for key in chosen.shown for at, own in enumerate(keys) if own == key]
    places += [at for at, key in enumerate(keys) if not key]
    return [header[at] for at in places], [[row[at] for at in places] for row in lines]


def rearranged(html: str, chosen: Chosen) -> str:
    """A table's rows with the chosen cells in the chosen order; cells over several columns are told apart first."""
    if not chosen.changed:
        return html
    head = _ROW.search(html)
    if head is None:
        return html
    keys = [
        ((found := _KEY.search(cell[2])) and found[1]) or "" for cell in _CELL.finditer(head[2])
    ]
    places = _places(keys, chosen)
    return _ROW.sub(_row_as(places, len(keys)), html)


def _places(keys: list[str], chosen: Chosen) -> list[int]:
    known = {one.key for one in chosen.columns}
    before = [at for at, key in enumerate(keys) if key == TICK]
    after = [at for at, key in enumerate(keys) if key not in known and key != TICK]
    return [*before, *(keys.index(key) for key in chosen.shown if key in keys), *after]


def _row_as(places: list[int], width: int) -> Callable[[re.Match[str]], str]:
    def row(found: re.Match[str]) -> str:
        cells: list[str] = []
        for cell in _CELL.finditer(found[2]):
            span = _SPAN.search(cell[2])
            wide = int(span[1]) if span else 1
            if span and wide >= width:
                # The row that says that there is none goes over whatever is seen.
                words = cell[0].replace(span[0], f' colspan="{len(places)}"', 1)
                return f"{found[1]}{words}{found[3]}"
            cells.append(cell[0].replace(span[0], "", 1) if span else cell[0])
            cells += ["<td></td>"] * (wide - 1)
        if len(cells) != width:
            return found[0]
        return f"{found[1]}{''.join(cells[at] for at in places)}{found[3]}"

    return row
