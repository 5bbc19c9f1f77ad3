"""The cells of the matrix as strings: a page holds thousands, a template for each would take seconds."""

from __future__ import annotations

from html import escape
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tdcs.documents.columns import Cell
from tdcs.plans.models import ObligationState
from tdcs.plans.queries.matrix import Column, Matrix
from tdcs.plans.queries.obligations import GROUP_TITLES, Tally

SHAPES: Final = {"done": "●", "done_late": "◒", "late": "▲", "soon": "◔", "on_time": "○"}
WORDS: Final = {
    "late": "Quá hạn",
    "soon": "Sắp đến hạn",
    "on_time": "Đúng tiến độ",
    "done": "Đã xong",
    "done_late": "Xong, quá hạn",
}


def body(matrix: Matrix, address: str) -> SafeString:
    """Table rows: a line for each group with its counts, then its units. ``address``: of the unit's page."""
    cells = _cells(matrix)
    blank = "<td></td>"
    out: list[str] = []
    group = ""
    for unit, of_group in matrix.units:
        if of_group != group:
            group = of_group
            out.append(_group_line(matrix, group))
        own = cells.get(unit, {})
        tally = matrix.by_unit[unit]
        late = ' class="bad"' if tally.late else ""
        out.append(
            f'<tr><th class="u" scope="row"><a href="{address.replace("/0/", f"/{unit}/")}">'
            f"{escape(matrix.names[unit])}</a></th><td{late}>{tally.done}/{tally.total}</td>"
        )
        out.extend(own.get(column.key, blank) for column in matrix.columns)
        out.append("</tr>")
    return mark_safe("".join(out))  # noqa: S308


def foot(matrix: Matrix) -> SafeString:
    """The totals row: done of all, for every column."""
    sum_ = _("Cộng")
    out = [f'<th class="u" scope="row">{sum_}</th><td>{_count(matrix.total)}</td>']
    out += [_total(matrix.by_column.get(column.key)) for column in matrix.columns]
    return mark_safe(f'<tr class="sum">{"".join(out)}</tr>')  # noqa: S308


def _group_line(matrix: Matrix, group: str) -> str:
    line = [
        f'<tr class="grp"><th class="u" scope="row">{escape(_(GROUP_TITLES[group]))}</th>'
        f"<td>{_count(matrix.by_group[group])}</td>"
    ]
    line += [_total(matrix.by_cell.get((group, column.key))) for column in matrix.columns]
    line.append("</tr>")
    return "".join(line)


def _total(tally: Tally | None) -> str:
    return f"<td>{_count(tally)}</td>" if tally else "<td></td>"


def _count(tally: Tally) -> str:
    if not tally.total:
        return ""
    words = _("Quá hạn")
    late = f'<b class="late" title="{words}">▲{tally.late}</b>' if tally.late else ""
    return f"{tally.done}/{tally.total}{late}"


def _cells(matrix: Matrix) -> dict[int, dict[str, str]]:
    shown = {unit for unit, _group in matrix.units}
    base = reverse("plans:obligation", args=[0])[:-2]
    words = {code: _(word) for code, word in WORDS.items()}
    waiting = _("chờ duyệt")
    cells: dict[int, dict[str, str]] = {}
    for key, unit, column, standing, state, percent in matrix.rows.select(
        "id", "holder", "column", "standing", "state", "percent"
    ).iter_rows():
        if unit not in shown:
            continue
        said, mark, wait = words[standing], SHAPES[standing], ""
        if state == ObligationState.SUBMITTED:
            said, wait = f"{said}, {waiting}", " wait"
        elif percent and standing[:4] != "done":
            mark = f"{mark}{percent}" if standing == "late" else f"{percent}%"
        elif state == ObligationState.RETURNED:
            mark = "↩"
        cells.setdefault(unit, {})[column] = (
            f'<td><a class="{standing}{wait}" href="{base}{key}/" title="{said}">{mark}</a></td>'
        )
    return cells


def wide(matrix: Matrix, *, brief: bool = False) -> tuple[list[str], list[list[Cell]]]:
    """The matrix as a sheet: every unit of the filters, not only this page's; ``brief``: short heads and cells, for paper."""
    said: dict[int, dict[str, str]] = {}
    words = {code: _(word) for code, word in WORDS.items()}
    for unit, column, standing, percent in matrix.rows.select(
        "holder", "column", "standing", "percent"
    ).iter_rows():
        part = f" {percent}%" if percent and not standing.startswith("done") else ""
        said.setdefault(unit, {})[column] = (
            part.strip() if brief and part else words[standing] + part
        )
    header = [_("Khối"), _("Đơn vị"), _("Đã xong"), _("Tổng số"), _("Quá hạn")]
    header += [column.path if brief else _heading(column) for column in matrix.columns]
    lines: list[list[Cell]] = []
    for unit, group in matrix.ordered:
        tally = matrix.by_unit[unit]
        line: list[Cell] = [_(GROUP_TITLES[group]), matrix.names[unit]]
        line += [tally.done, tally.total, tally.late]
        line += [said[unit].get(column.key) for column in matrix.columns]
        lines.append(line)
    total = matrix.total
    lines.append([_("Cộng"), "", total.done, total.total, total.late])
    return header, lines


def legend(matrix: Matrix) -> str:
    """What the short heads stand for."""
    return "; ".join(_heading(column) for column in matrix.columns)


def _heading(column: Column) -> str:
    return f"{column.path} {column.title}"
