"""The instalments of a loan's page as strings: eight values each, of words looked up once for a page (as event_rows.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n

from tdcs.documents.numbers import grouped
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
