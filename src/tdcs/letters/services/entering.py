"""Entering letters: by the rooms that send them, in their transaction, and by hand; numbered without gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import trail
from tdcs.core.text import fold, squash
from tdcs.letters.errors import LetterDayWrong, LetterEntered, LetterIncomplete, NotOwnRegister
from tdcs.letters.models import About, Direction, RegisteredLetter
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on

# One after the other takes a number: the key of the lock that a transaction holds to its end.
_LOCK: Final = 7_120_312
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that a room sends: what it is, about what, and under which key it is entered once."""

    kind: str
    number: str
    dated_on: date
    subject: str
    about: str
    about_key: int
    origin: str
    answer_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A letter that a person enters: ``other`` is who sent it (in) or to whom it went (out)."""

    direction: str
    number: str
    dated_on: date | None
    kind: str
    subject: str
    other: str
    task: int | None = None
    answer_due_on: date | None = None


def enter_sent(
    *,
    letter: Sent,
    sender: Organisation | int,
    recipients: Iterable[int],
    by: User | None,
    on: date,
    recipient_words: str = "",
) -> RegisteredLetter:
    """The letter in the sender's register of letters out and in each recipient's of letters in, in the caller's transaction.

    Entered before and not withdrawn: the line that is there.
    """
    home = sender if isinstance(sender, int) else sender.pk
    with transaction.atomic():
        _lock()
        there = RegisteredLetter.objects.filter(
            register_id=home, direction=Direction.OUT, origin=letter.origin, withdrawn_on=None
        ).first()
        if there is not None:
            return there
        units = sorted(set(recipients))
        names = names_on(on, {home, *units})
        told = recipient_words or _few([names[unit] for unit in units])
        out = _line(letter, home, Direction.OUT, by, on)
        out.sender_id, out.sender_words = home, names[home][:300]
        out.recipient_id = units[0] if len(units) == 1 else None
        out.recipient_words = told[:300]
        lines = [out]
        for unit in units:
            come = _line(letter, unit, Direction.IN, by, on)
            come.sender_id, come.sender_words = home, names[home][:300]
            come.recipient_id, come.recipient_words = unit, names[unit][:300]
            lines.append(come)
        _number(lines)
        made = RegisteredLetter.objects.bulk_create(lines)
        trail.record(
            action="letters.enter",
            subject=made[0],
            by=by,
            on=on,
            data={"origin": letter.origin, "recipients": len(units)},
        )
    return made[0]


def take_back(*, origin: str, by: User | None, on: date) -> int:
    """The sender takes a letter back: its lines stay and say so. Returns how many lines."""
    with transaction.atomic():
        rows = RegisteredLetter.objects.filter(origin=origin, withdrawn_on=None)
        count = rows.update(withdrawn_on=on)
        if count:
            trail.record(
                action="letters.take_back", subject=origin, by=by, on=on, data={"lines": count}
            )
    return count


def enter_by_hand(*, typed: Typed, by: User, on: date) -> RegisteredLetter:
    """A letter on paper into the register of the person's unit.

    Raises NotOwnRegister, LetterIncomplete, LetterDayWrong, LetterEntered.
    """
    home = own_organisation(by)
    if home is None or not by.may("letters.register"):
        raise NotOwnRegister
    dated_on = _require(typed, on)
    with transaction.atomic():
        _lock()
        if typed.direction == Direction.IN:
            _require_new(home, typed, dated_on)
        own = names_on(on, {home.pk})[home.pk]
        other = squash(typed.other)[:300]
        out = typed.direction == Direction.OUT
        line = RegisteredLetter(
            register=home,
            direction=typed.direction,
            year=on.year,
            registered_on=on,
            number=squash(typed.number)[:60],
            dated_on=dated_on,
            kind=squash(typed.kind)[:60],
            subject=squash(typed.subject)[:500],
            sender=home if out else None,
            sender_words=own[:300] if out else other,
            recipient=None if out else home,
            recipient_words=other if out else own[:300],
            about=About.TASK if typed.task else About.NONE,
            about_key=typed.task,
            answer_due_on=typed.answer_due_on,
            by=by,
        )
        _number([line])
        line.save()
        trail.record(action="letters.register", subject=line, by=by, on=on)
    return line


def _require(typed: Typed, on: date) -> date:
    needed = (
        (typed.kind, "loại văn bản"),
        (typed.subject, "trích yếu"),
        (typed.other, "nơi gửi" if typed.direction == Direction.IN else "nơi nhận"),
    )
    missing = [words for value, words in needed if not squash(value)]
    if typed.direction not in Direction.values:
        missing.append("chiều văn bản (đến, đi)")
    if typed.dated_on is None:
        missing.append("ngày văn bản")
    if missing or typed.dated_on is None:
        raise LetterIncomplete(what=", ".join(missing))
    if typed.dated_on > on:
        raise LetterDayWrong(why=f"ngày văn bản {typed.dated_on:%d/%m/%Y} chưa đến")
    if typed.answer_due_on and typed.answer_due_on < typed.dated_on:
        raise LetterDayWrong(why="hạn trả lời trước ngày văn bản")
    return typed.dated_on


def _require_new(home: Organisation, typed: Typed, dated_on: date) -> None:
    """The same number, day and sender came in before."""
    if not squash(typed.number):
        return
    there = RegisteredLetter.objects.filter(
        register=home,
        direction=Direction.IN,
        number=squash(typed.number)[:60],
        dated_on=dated_on,
        withdrawn_on=None,
    )
    for row in there:
        if fold(row.sender_words) == fold(typed.other):
            raise LetterEntered(
                number=row.number, day=dated_on, sender=row.sender_words, sequence=row.sequence
            )


def _line(
    letter: Sent, register: int, direction: str, by: User | None, on: date
) -> RegisteredLetter:
    return RegisteredLetter(
        register_id=register,
        direction=direction,
        year=on.year,
        registered_on=on,
        number=squash(letter.number)[:60],
        dated_on=letter.dated_on,
        kind=letter.kind[:60],
        subject=squash(letter.subject)[:500],
        about=letter.about,
        about_key=letter.about_key,
        origin=letter.origin,
        answer_due_on=letter.answer_due_on,
        by=by,
    )


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _number(lines: Sequence[RegisteredLetter]) -> None:
    """The next number of each register, direction and year; one line of each at most. Folded words beside, for search."""
    last = {
        (row["register"], row["direction"], row["year"]): row["last"]
        for row in RegisteredLetter.objects.filter(
            register_id__in={line.register_id for line in lines},
            year__in={line.year for line in lines},
        )
        .values("register", "direction", "year")
        .order_by()
        .annotate(last=Max("sequence"))
    }
    for line in lines:
        key = (line.register_id, line.direction, line.year)
        last[key] = line.sequence = last.get(key, 0) + 1
        words = (line.number, line.kind, line.subject, line.sender_words, line.recipient_words)
        line.search = fold(" ".join(words))[:1500]


def _few(names: Sequence[str]) -> str:
    """ "UBND xã La Ngà; UBND xã Định Quán và 93 đơn vị khác"."""
    shown = "; ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} và {more} đơn vị khác" if more > 0 else shown
