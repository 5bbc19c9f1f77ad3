"""The instalments and the days behind the interest of a loan's page as strings, their words looked up once for a page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n

from tdcs.documents.numbers import exact, grouped
from tdcs.loans.queries.folded_days import Stretch
from tdcs.loans.queries.loan_timeline import Part

# What an instalment is → colour of its mark, and its words.
MARKS: Final = {
    "paid": ("done", n("Đã trả")),
    "late": ("late", n("Quá hạn")),
    "frozen": ("soon", n("Đang khoanh")),
    "rolled": ("soon", n("Dồn vào kỳ sau")),
    "next": ("in_progress", n("Kỳ tới")),
    "later": ("", n("Chưa đến hạn")),
}
_LABELS: Final = (
    n("Kỳ"),
    n("Hạn hợp đồng"),
    n("Hạn đang áp dụng"),
    n("Ngày giao dịch xã"),
    n("Gốc phải trả"),
    n("Đã trả"),
    n("Còn lại"),
    n("Tình trạng"),
)

_NUMBER: Final = ' class="num"'


def instalments(parts: Sequence[Part]) -> SafeString:
    """A ``<tr>`` for each instalment."""
    labels = [escape(_(label)) for label in _LABELS]
    states = {
        mark: f'<span class="st {colour}">{escape(_(words))}</span>'
        for mark, (colour, words) in MARKS.items()
    }
    words = escape(_("đã dời"))
    moved = f'<span class="st soon">{words}</span>'
    rows = (_row(part, labels, states[part.mark], moved) for part in parts)
    return mark_safe("".join(rows))  # noqa: S308  words escaped above, numbers and days


def _row(part: Part, labels: Sequence[str], state: str, moved: str) -> str:
    due = f"{part.due_on:%d/%m/%Y}"
    cells = (
        (str(part.number), True),
        (f"{part.contract_due_on:%d/%m/%Y}", False),
        (due if part.due_on == part.contract_due_on else f"<b>{due}</b> {moved}", False),
        (f"{part.session_on:%d/%m/%Y}", False),
        (grouped(part.principal), True),
        (grouped(part.paid), True),
        (grouped(part.left), True),
        (state, False),
    )
    told = (
        f'<td{_NUMBER if number else ""} data-l="{label}">{value}</td>'
        for label, (value, number) in zip(labels, cells, strict=True)
    )
    return f"<tr>{''.join(told)}</tr>\n"


def stretch_rows(stretches: Sequence[Stretch]) -> SafeString:
    """A ``<tr>`` for each stretch of equal days: its days, what bore interest, the rate, the interest."""
    return mark_safe("".join(map(_stretch, stretches)))  # noqa: S308  numbers and days


def _stretch(one: Stretch) -> str:
    figures = (
        grouped(one.days),
        grouped(one.in_time),
        grouped(one.overdue),
        grouped(one.frozen),
        escape(one.rate),
        exact(one.interest),
    )
    cells = "".join(f"<td{_NUMBER}>{figure}</td>" for figure in figures)
    return f'<tr><td class="nowrap">{one.first:%d/%m/%Y} – {one.final:%d/%m/%Y}</td>{cells}</tr>\n'
