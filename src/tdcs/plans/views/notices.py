"""Where a notice leads: its kind and key become an address when it is shown, so that addresses may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from tdcs.plans.models import Notice, NoticeKind

_ROUTES: Final = {
    NoticeKind.OBLIGATION: "plans:obligation",
    NoticeKind.REPORT: "plans:report",
    NoticeKind.LETTER: "plans:letter",
    NoticeKind.INBOX: "plans:inbox",
    NoticeKind.PROPOSALS: "plans:proposals",
    NoticeKind.LOAN_STEP: "loans:application",
}


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice as the page shows it."""

    words: str
    at: datetime
    url: str


def shown(notice: Notice) -> ShownNotice:
    """The notice with the address of today."""
    args: list[int | str] = [] if notice.subject_id is None else [notice.subject_id]
    if notice.kind == NoticeKind.LETTER:
        args.append("pdf")
    url = reverse(_ROUTES[NoticeKind(notice.kind)], args=args)
    return ShownNotice(notice.words, notice.at, url)
