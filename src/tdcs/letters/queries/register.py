"""The register as a person may read it: of the own unit and those below; filtered, counted, exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core.text import fold
from tdcs.documents.columns import Cell
from tdcs.letters.models import About, Direction, RegisteredLetter

HEADER = (
    "Chiều",
    "Số thứ tự",
    "Ngày vào sổ",
    "Số, ký hiệu",
    "Ngày văn bản",
    "Loại",
    "Trích yếu",
    "Nơi gửi",
    "Nơi nhận",
    "Xác nhận nhận",
    "Hạn trả lời",
    "Trả lời bằng",
)


@dataclass(frozen=True, slots=True)
class LetterFilters:
    """What of a register is asked for; every filter stands in the address."""

    words: str = ""
    direction: str = ""
    since: date | None = None
    until: date | None = None
    task: int | None = None
    overdue: bool = False
    below: bool = False


def visible_letters(user: User) -> QuerySet[RegisteredLetter]:
    """Letters in the registers of the units in a person's scope."""
    rows = RegisteredLetter.objects.select_related("answered_by", "acknowledged_by", "register")
    seen = visible_organisations(user)
    return rows if seen is None else rows.filter(register_id__in=seen)


def find_letters(user: User, asked: LetterFilters, on: date) -> QuerySet[RegisteredLetter]:
    """The letters of the own unit's register (``below``: of all in scope) that fit, the newest first."""
    rows = visible_letters(user)
    home = own_organisation(user)
    if not asked.below and home is not None:
        rows = rows.filter(register=home)
    for word in fold(asked.words).split():
        rows = rows.filter(search__contains=word)
    if asked.direction in Direction.values:
        rows = rows.filter(direction=asked.direction)
    if asked.since:
        rows = rows.filter(registered_on__gte=asked.since)
    if asked.until:
        rows = rows.filter(registered_on__lte=asked.until)
    if asked.task:
        rows = rows.filter(about=About.TASK, about_key=asked.task)
    if asked.overdue:
        rows = rows.filter(overdue_on(on))
    return rows.order_by("-registered_on", "-pk")


def overdue_on(on: date) -> Q:
    """Letters whose answer was due before the day and did not go out."""
    return Q(answer_due_on__lt=on, answered_by__isnull=True, withdrawn_on__isnull=True)


def answers_for(letter: RegisteredLetter) -> QuerySet[RegisteredLetter]:
    """Letters out of the same register that may answer one that came in."""
    return RegisteredLetter.objects.filter(
        register=letter.register_id,
        direction=Direction.OUT,
        dated_on__gte=letter.dated_on,
        withdrawn_on=None,
    ).order_by("-dated_on", "-pk")[:100]


def sheet_rows(rows: QuerySet[RegisteredLetter]) -> Iterator[tuple[Cell, ...]]:
    """The register as rows of a workbook."""
    for row in rows.iterator(chunk_size=2000):
        answer = row.answered_by
        yield (
            row.get_direction_display(),
            row.sequence,
            row.registered_on,
            row.number,
            row.dated_on,
            row.kind,
            row.subject,
            row.sender_words,
            row.recipient_words,
            row.acknowledged_on,
            row.answer_due_on,
            f"{answer} ngày {answer.dated_on:%d/%m/%Y}" if answer else "",
        )
