"""The events of a loan's story as strings: forty of ten values on a page, which everybody who meets a borrower opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tdcs.core import clock
from tdcs.documents.numbers import grouped
from tdcs.http.language import said
from tdcs.loans.models import LoanEvent
from tdcs.loans.queries.loan_timeline import Run, TimelineRow
from tdcs.loans.states import EventKind
from tdcs.programmes.citing import cited


@dataclass(frozen=True, slots=True)
class Shown:
    """What the reader may do with an event, and the class of each kind's mark."""

    marks: Mapping[str, str]
    may_reverse: bool
    may_ledger: bool


class Words:
    """The words of the events in the reader's language and the addresses, looked up once for a page."""

    def __init__(self) -> None:
        self.entry, self.after = escape(_("bút toán")), escape(_("dư nợ sau đó"))
        self.basis, self.undone = escape(_("căn cứ")), escape(_("đã đảo"))
        self.reverse = escape(_("Đảo"))
        self.kinds = {
            kind: escape(said(str(name)))
            for kind, name in LoanEvent._meta.get_field("kind").flatchoices
        }
        self.reverse_page = reverse("loans:reverse", args=[0])
        self.entry_page = reverse("ledger:entry", args=[0])


def listed(runs: Sequence[Run], shown: Shown) -> list[tuple[Run, SafeString]]:
    """Each run with its events, the newest first, as ``<li>``."""
    words = Words()
    return [
        (run, mark_safe("".join(_event(row, shown, words) for row in run.events)))  # noqa: S308
        for run in runs
    ]


def _event(row: TimelineRow, shown: Shown, words: Words) -> str:
    event = row.event
    kind: str = words.kinds[event.kind]
    mark = shown.marks.get(event.kind, "")
    amount = ""
    if _moves_money(event):
        figure = grouped(event.amount or 0)
        amount = f"<s>{figure}</s>" if row.struck else f"<b>{figure}</b>"
        amount = f'<span class="num">{amount}</span>'
    name = f"<s>{kind}</s>" if row.struck else kind
    about = f'<div class="small">{escape(row.words)}</div>' if row.words else ""
    return (
        f'<li class="{mark}{" struck" if row.struck else ""}" id="su-kien-{event.pk}">'
        f'<div class="bar"><span><b>{name}</b> · {event.on:%d/%m/%Y}</span>{amount}</div>{about}'
        f'<div class="small soft">{_written(row, shown, words)}</div>{_undoing(row, shown, words)}</li>\n'
    )


def _written(row: TimelineRow, shown: Shown, words: Words) -> str:
    """Who wrote it and when, its entry, what is owed after it, its basis."""
    event = row.event
    parts = [f"{escape(row.by) or '–'}, {event.recorded_at.astimezone(clock.ZONE):%d/%m/%Y %H:%M}"]
    if event.entry_id:
        number = row.entry
        if shown.may_ledger:
            page = words.entry_page.replace("/0/", f"/{event.entry_id}/")
            number = f'<a href="{page}">{number}</a>'
        parts.append(f"{words.entry} {number}")
    if _moves_money(event) and not row.struck and event.kind != "interest":
        parts.append(f"{words.after} {grouped(row.after)}")
    if event.basis:
        parts.append(f'{words.basis} <span lang="vi">{cited(event.basis)}</span>')
    return " · ".join(parts)


def _undoing(row: TimelineRow, shown: Shown, words: Words) -> str:
    """The event that took it back, or the way to take it back."""
    event, by = row.event, row.undone_by
    if by is not None:
        link = f'<a href="#su-kien-{by.pk}">{by.on:%d/%m/%Y}</a>'
        return f'<div class="small"><span class="st late">{words.undone}</span> {link}</div>'
    if not shown.may_reverse or event.kind == "reverse" or row.struck:
        return ""
    page = words.reverse_page.replace("/0/", f"/{event.pk}/")
    label = f"{words.reverse}: {words.kinds[event.kind]} {event.on:%d/%m/%Y}"
    return f'<a class="small" href="{page}" aria-label="{label}">{words.reverse}</a>'


def _moves_money(event: LoanEvent) -> bool:
    """Of a change of the session day, the amount is a day of the month."""
    return bool(event.amount) and event.kind != EventKind.SESSION_DAY
