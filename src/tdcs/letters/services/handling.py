"""What happens to a letter that came in: it is acknowledged, an answer is due, an answer went out."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import trail
from tdcs.letters.errors import (
    AlreadyAcknowledged,
    AnswerNotOfThisLetter,
    LetterDayWrong,
    NotOwnRegister,
)
from tdcs.letters.models import Direction, RegisteredLetter


def writes_into(user: User, letter: RegisteredLetter) -> bool:
    """Whether a person keeps the register in which the letter stands."""
    home = own_organisation(user)
    return home is not None and home.pk == letter.register_id and user.may("letters.register")


def acknowledge(*, letter: RegisteredLetter, by: User, on: date) -> RegisteredLetter:
    """The unit says that it has the letter. Raises NotOwnRegister, AlreadyAcknowledged."""
    with transaction.atomic():
        row = _locked(letter, by)
        if row.direction != Direction.IN:
            raise NotOwnRegister
        if row.acknowledged_on:
            raise AlreadyAcknowledged(day=row.acknowledged_on)
        row.acknowledged_on, row.acknowledged_by = on, by
        row.save(update_fields=["acknowledged_on", "acknowledged_by"])
        trail.record(action="letters.acknowledge", subject=row, by=by, on=on)
    return row


def set_answer_due(
    *, letter: RegisteredLetter, due_on: date | None, by: User, on: date
) -> RegisteredLetter:
    """By when the letter is answered, or that no answer is due. Raises NotOwnRegister, LetterDayWrong."""
    with transaction.atomic():
        row = _locked(letter, by)
        if due_on is not None and due_on < row.dated_on:
            raise LetterDayWrong(why="hạn trả lời trước ngày văn bản")
        row.answer_due_on = due_on
        row.save(update_fields=["answer_due_on"])
        trail.record(
            action="letters.set_answer_due", subject=row, by=by, on=on, data={"due_on": due_on}
        )
    return row


def answer(
    *, letter: RegisteredLetter, answered_by: RegisteredLetter, by: User, on: date
) -> RegisteredLetter:
    """A letter out of the same register answers one that came in. Raises NotOwnRegister, AnswerNotOfThisLetter."""
    with transaction.atomic():
        row = _locked(letter, by)
        own = answered_by.register_id == row.register_id and row.direction == Direction.IN
        out = answered_by.direction == Direction.OUT and answered_by.withdrawn_on is None
        if not own or not out or answered_by.dated_on < row.dated_on:
            raise AnswerNotOfThisLetter
        row.answered_by = answered_by
        row.save(update_fields=["answered_by"])
        trail.record(
            action="letters.answer", subject=row, by=by, on=on, data={"answer": answered_by.pk}
        )
    return row


def _locked(letter: RegisteredLetter, by: User) -> RegisteredLetter:
    row = RegisteredLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if not writes_into(by, row):
        raise NotOwnRegister
    return row
