"""The rows of a collection sheet as strings: sixty lines of twenty values, asked for at each session and after each sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tdcs.documents.numbers import grouped
from tdcs.http.language import said

if TYPE_CHECKING:
    from tdcs.loans.views.collecting import Row

# Column → its label, and what a screen reader says of a field of it.
_LABELS: Final = {
    "interest": gettext_noop("Thu lãi"),
    "principal": gettext_noop("Thu gốc"),
    "savings": gettext_noop("Gửi tiết kiệm"),
}
_SPOKEN: Final = {
    "interest": gettext_noop("Thu lãi của %(n)s, khế ước %(k)s"),
    "principal": gettext_noop("Thu gốc của %(n)s, khế ước %(k)s"),
    "savings": gettext_noop("Tiền gửi của %(n)s"),
}
_NONE: Final = "–"


class Words:
    """The words of the rows in the reader's language, looked up once for a page."""

    def __init__(self) -> None:
        self.balance, self.interest = escape(_("Dư nợ")), escape(_("Lãi phải thu"))
        self.principal, self.overdue = escape(_("Gốc đến hạn")), escape(_("quá hạn"))
        self.total, self.savings = escape(_("Cộng")), escape(_("Tiền gửi"))
        self.frozen = escape(_("khoanh nợ"))
        self.labels = {name: escape(_(words)) for name, words in _LABELS.items()}
        self.spoken = {name: _(words) for name, words in _SPOKEN.items()}
        # One address looked up for all rows.
        self.address = reverse("loans:loan", args=[0])


def body(rows: Sequence[Row], may_collect: bool) -> SafeString:
    """A table row for each loan, with fields to type into for who takes money in."""
    words = Words()
    return mark_safe("".join(_row(row, words, may_collect) for row in rows))  # noqa: S308


def _row(row: Row, words: Words, may_collect: bool) -> str:
    line = row.line
    due = grouped(line.principal_due) if line.principal_due else _NONE
    if line.overdue:
        due += f'<br><span class="st late">{words.overdue} {grouped(line.overdue)}</span>'
    cells = [
        _who(row, words),
        _cell(words.balance, grouped(line.balance)),
        _cell(words.interest, grouped(line.interest_due)),
        _cell(words.principal, due),
    ]
    if may_collect:
        cells += [_field(row, words, *cell) for cell in row.cells]
        total = grouped(row.total) if row.total else ""
        cells.append(_cell(words.total, f"<output data-row>{total}</output>"))
    else:
        cells.append(_cell(words.savings, grouped(line.savings) if line.account else _NONE))
    bad = ' class="bad"' if row.faults else ""
    return f'<tr id="row-{line.loan}"{bad}>{"".join(cells)}</tr>\n'


def _who(row: Row, words: Words) -> str:
    line = row.line
    address = words.address.replace("/0/", f"/{line.loan}/")
    frozen = f' <span class="st done">{words.frozen}</span>' if line.frozen else ""
    faults = "".join(f'<div class="fault">{escape(fault)}</div>' for fault in row.faults)
    return (
        f'<td class="who"><b><a href="{address}">{escape(line.name)}</a></b>'
        f' <span class="small soft">{escape(said(line.programme))} · {escape(line.number)}</span>'
        f"{frozen}{faults}</td>"
    )


def _field(row: Row, words: Words, column: str, typed: str, wrong: str) -> str:
    """A field of a loan: what was typed, what may be filled in, and whether it is wrong."""
    line = row.line
    if column == "savings" and not line.account and not typed:
        inside = f'<span class="soft small">{_NONE}</span>'
    else:
        due = {"interest": line.interest_due, "principal": line.principal_due}.get(column, 0)
        spoken = words.spoken[column] % {"n": line.name, "k": line.number}
        invalid = ' aria-invalid="true"' if wrong else ""
        inside = (
            f'<input type="text" name="{column}-{line.loan}" value="{escape(typed)}" inputmode="numeric" maxlength="20"'
            f' data-money data-column="{column}" data-due="{due}" aria-label="{escape(spoken)}"{invalid}>'
        )
    return f'<td class="in" data-l="{words.labels[column]}">{inside}</td>'


def _cell(label: str, value: str) -> str:
    return f'<td class="num" data-l="{label}">{value}</td>'
