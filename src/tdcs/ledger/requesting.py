"""Four eyes on the books: entries by hand and reversals are asked for by one person and confirmed by another.

Each room that can undo what it posted registers how (``install``); a kind that nobody registered raises, it never passes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from tdcs.access.conflicts import in_conflict
from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.ledger import services
from tdcs.ledger.errors import (
    AlreadyAsked,
    AmountWrong,
    EntryUnbalanced,
    LargeSum,
    MayNotConfirm,
    NotByHand,
    RequestDecided,
    SecondPersonNeeded,
    UnknownAccount,
    WordsMissing,
)
from tdcs.ledger.models import Account, Book, EntryRequest, JournalEntry
from tdcs.ledger.rules import Line, chart, imbalance, swapped

# Does what was asked for, in the name of who asked; gives the entry, or None where nothing was posted.
Happen = Callable[[EntryRequest, date, str], int | None]
_HAPPEN: dict[str, Happen] = {}
_STATE = EntryRequest.State


@dataclass(frozen=True, slots=True)
class RequestContent:
    """What a request is about: its kind, the book, what it undoes, and what would be posted."""

    kind: str
    book: Book
    subject: int | None
    about: str
    lines: Sequence[Line]


def install(kind: str, happen: Happen) -> None:
    """Says how requests of a kind happen."""
    _HAPPEN[kind] = happen


def total_of(lines: Sequence[Line]) -> int:
    """What an entry moves: its debits, on and off balance."""
    return sum(debit for _account, debit, _credit, _subject in lines)


def is_large(amount: int) -> bool:
    """Whether a sum is confirmed by typing it once more."""
    return amount > int(settings.TDCS_LARGE_SUM)


def ask(*, asked: RequestContent, words: str, permission: str, by: User, on: date) -> EntryRequest:
    """A request that waits for a second person. Raises MayNotConfirm, WordsMissing, AlreadyAsked."""
    if not by.may(permission):
        raise MayNotConfirm(deed="đề nghị việc này")
    if not words.strip():
        raise WordsMissing
    with transaction.atomic():
        book = Book.objects.select_for_update().get(pk=asked.book.pk)
        waiting = EntryRequest.objects.filter(
            kind=asked.kind, subject=asked.subject, state=_STATE.ASKED
        )
        if asked.subject is not None and (there := waiting.first()):
            raise AlreadyAsked(number=there.pk)
        made = EntryRequest.objects.create(
            kind=asked.kind,
            book=book,
            subject=asked.subject,
            about=asked.about[:300],
            words=words.strip()[:300],
            lines=[list(line) for line in asked.lines],
            amount=total_of(asked.lines),
            asked_on=on,
            asked_at=clock.now(),
            asked_by=by,
        )
        trail.record(
            action="ledger.ask", subject=made, by=by, on=on, why=made.words, data=content_of(made)
        )
    return made


def ask_entry(*, book: Book, words: str, lines: Sequence[Line], by: User, on: date) -> EntryRequest:
    """An entry by hand. Raises WordsMissing, AmountWrong, NotByHand, UnknownAccount, EntryUnbalanced."""
    _require_by_hand(words, lines)
    asked = RequestContent(EntryRequest.Kind.ENTER, book, None, words.strip(), lines)
    return ask(asked=asked, words=words, permission="ledger.enter", by=by, on=on)


def ask_reversal(*, entry: JournalEntry, why: str, by: User, on: date) -> EntryRequest:
    """The reversal of an entry made by hand. Raises AlreadyReversed, BeforeReversed."""
    services.require_reversible(entry, on)
    lines = entry.postings.order_by("pk").values_list("account__code", "debit", "credit", "subject")
    about = f"Đảo bút toán {entry.number} ngày {entry.on:%d/%m/%Y}: {entry.words}"
    asked = RequestContent(
        EntryRequest.Kind.REVERSE, entry.book, entry.pk, about, swapped(list(lines))
    )
    return ask(asked=asked, words=why, permission="ledger.enter", by=by, on=on)


def confirm(
    *, request: EntryRequest, by: User, on: date, typed: int | None = None, note: str = ""
) -> EntryRequest:
    """The second person agrees and it happens, in the name of who asked.

    Raises RequestDecided, MayNotConfirm, SecondPersonNeeded, LargeSum, and what the deed itself refuses.
    """
    with transaction.atomic():
        held = _open_request(request, by)
        if is_large(held.amount) and typed != held.amount:
            raise LargeSum(amount=held.amount, limit=int(settings.TDCS_LARGE_SUM))
        happen = _HAPPEN[held.kind]
        held.entry_id = happen(held, on, f"entry-request-{held.pk}")
        _decide(held, _STATE.CONFIRMED, by, on, note)
    return held


def refuse(*, request: EntryRequest, by: User, on: date, note: str) -> EntryRequest:
    """The second person does not agree, and says why; or who asked takes it back. Raises RequestDecided, WordsMissing."""
    if not note.strip():
        raise WordsMissing
    with transaction.atomic():
        held = _open_request(request, by, own=True)
        _decide(held, _STATE.REFUSED, by, on, note)
    return held


def content_of(request: EntryRequest) -> dict[str, object]:
    """What the trail keeps of a request."""
    return {
        "kind": request.kind,
        "book": request.book_id,
        "about": request.subject,
        "words": request.words,
        "lines": request.lines,
        "amount": request.amount,
    }


def _open_request(request: EntryRequest, by: User, *, own: bool = False) -> EntryRequest:
    held = EntryRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if held.state != _STATE.ASKED:
        raise RequestDecided(state=held.get_state_display().lower())
    if own and held.asked_by_id == by.pk:
        return held
    if not by.may("ledger.confirm"):
        raise MayNotConfirm(deed="duyệt đề nghị hạch toán")
    if in_conflict("ledger.confirm", [("ledger.ask", held.asked_by_id)], by.pk):
        raise SecondPersonNeeded(about=held.about or held.words)
    return held


def _decide(held: EntryRequest, state: str, by: User, on: date, note: str) -> None:
    held.state, held.decided_by, held.decided_on, held.note = state, by, on, note.strip()[:300]
    held.save(update_fields=["state", "decided_by", "decided_on", "note", "entry"])
    verb = "confirm" if state == _STATE.CONFIRMED else "refuse"
    data = content_of(held) | {"entry": held.entry_id, "asked_by": held.asked_by_id}
    trail.record(
        action=f"ledger.{verb}_request", subject=held, by=by, on=on, why=held.note, data=data
    )


def _require_by_hand(words: str, lines: Sequence[Line]) -> None:
    if not words.strip():
        raise WordsMissing
    services.require_amounts(lines)
    detailed = {row["code"] for row in chart() if row.get("subledger")}
    known = set(Account.objects.filter(postable=True).values_list("code", flat=True))
    for account, *_rest in lines:
        if account in detailed:
            raise NotByHand(account=account)
        if account not in known:
            raise UnknownAccount(account=account)
    on, off = imbalance(lines)
    if on or off or len(lines) < 2:
        raise EntryUnbalanced(words=words, on=on, off=off)
    if not lines:
        raise AmountWrong


def _enter(request: EntryRequest, on: date, key: str) -> int:
    lines: list[Line] = [tuple(line) for line in request.lines]
    return services.enter(
        book=request.book, words=request.words, lines=lines, by=request.asked_by, on=on, key=key
    )


def _reverse(request: EntryRequest, on: date, _key: str) -> int:
    entry = JournalEntry.objects.get(pk=request.subject or 0)
    return services.reverse(entry=entry, why=request.words, by=request.asked_by, on=on)[0]


install(EntryRequest.Kind.ENTER, _enter)
install(EntryRequest.Kind.REVERSE, _reverse)
