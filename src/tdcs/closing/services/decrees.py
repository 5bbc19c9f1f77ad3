"""A decree that changes loans which run is taken up by the book: asked for, confirmed by another person, carried out.

From the confirmation on the loans stand under it. Carrying out brings their kept rows, the days already closed and the
ledger there; it may be killed at any point and called again. What was collected above the interest then due becomes the
loan's credit, by entries of the act's day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from tdcs.access.conflicts import in_conflict
from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.access.queries import own_organisation
from tdcs.closing import ports
from tdcs.closing.errors_days import HistoryRefused
from tdcs.closing.errors_decrees import (
    DecreeAlreadyAsked,
    DecreeAlreadyTakenUp,
    DecreeByBranchOnly,
    DecreeChangesNothing,
    DecreeNotAsked,
    DecreeNotConfirmed,
    DecreeSamePerson,
)
from tdcs.closing.models import CloseRun
from tdcs.closing.moved import Summed
from tdcs.closing.queries import store as installed
from tdcs.closing.queries.decrees import first_day, foresee, pieces, without_decree
from tdcs.closing.queries.frames import loans_reached
from tdcs.closing.services import close_postings, month_end, reclose
from tdcs.closing.services.close_step import CloseContext, Report, Times, numbers
from tdcs.closing.services.locking import book_key, close_lock
from tdcs.core import clock, trail
from tdcs.core.columns import day_number
from tdcs.core.frames import Frame
from tdcs.core.months import is_month_end
from tdcs.ledger.models import Operation
from tdcs.ledger.results import Answer, Posted
from tdcs.ledger.rules import Line
from tdcs.ledger.services import NewEntry, book_of, idempotent, idempotent_many, post
from tdcs.letters.models import About
from tdcs.letters.services.entering import Sent, enter_sent
from tdcs.loans.queries.bringing import MOVED, RowNotBrought, touched, under_law
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.services.crediting import credit_lines
from tdcs.organisations.models import Kind, Organisation
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.queries import decrees_taken_up
from tdcs.programmes.rules.decrees import Decrees

State = DecreeApplication.State
# An entry of credits holds so many loans, so that a person can read it.
_ENTRY_LOANS: Final = 500
_BRING_SQL: Final = """
    UPDATE loans_loan l SET interest_whole = v.whole, interest_rest = v.rest, current_rate_ppm = v.rate,
           overdue_base_ppm = v.base, overdue_percent = v.percent, state = v.state
      FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
                  %s::text[]) AS v(id, whole, rest, rate, base, percent, state)
     WHERE l.id = v.id
"""
_CREDIT_SQL: Final = """
    UPDATE loans_loan l SET interest_credit = v.credit
      FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, credit) WHERE l.id = v.id
"""


class DecreeAsked(Answer):
    """A request that the book take up a decree."""

    application: int


class DecreeDecided(DecreeAsked):
    """The request, and how it stands now."""

    state: str


class Credited(Posted):
    """An entry that brought interest to credits, for which request."""

    application: int


class DecreeResult(TypedDict, total=False):
    """What the request keeps of its carrying out. ``moved``: how many figures, by day; ``interest``: accrued before, after."""

    brought: int
    credits: int
    credit: int
    loans: int
    days: list[str]
    moved: dict[str, int]
    interest: dict[str, list[int]]
    entries: list[Summed]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """``again``: it was done before and nothing changed. ``result``: what the application keeps; ``days``: closed again."""

    document: str
    again: bool
    result: DecreeResult
    days: list[date]


def may_take_part(user: User, permission: str) -> bool:
    """A decree is taken up for the whole province: at the branch, or by the administrator."""
    if not user.may(permission):
        return False
    unit, holding = own_organisation(user), user.holding()
    at_branch = unit is not None and unit.kind == Kind.VBSP_BRANCH
    return at_branch or (holding is not None and holding.role == Role.SYSTEM_ADMIN)


def ask_decree(*, document: str, by: User, on: date, key: str) -> DecreeApplication:
    """A request that the book take up the decree, with what that would do; allowed before the decree's first day.

    Raises DecreeByBranchOnly, DecreeChangesNothing, DecreeAlreadyAsked, DecreeAlreadyTakenUp.
    """
    if not may_take_part(by, "law.ask_decree"):
        raise DecreeByBranchOnly(verb="Đề nghị áp dụng quyết định")
    first_day(document)

    def work(operation: Operation) -> DecreeAsked:
        _require_fresh(document)
        effects = foresee(document, on)
        try:
            with transaction.atomic():
                made = DecreeApplication.objects.create(
                    document=document, asked_on=on, asked_by=by, effects=effects.as_json()
                )
        except IntegrityError:
            # Somebody asked at the same moment.
            _require_fresh(document)
            raise
        data = {"document": document, "loans": effects.loans, "excess": effects.excess}
        trail.record(action="law.ask_decree", subject=made, by=by, on=on, data=data)
        return {"application": made.pk}

    request = {"document": document}
    answer = idempotent(key=key, action="law.ask_decree", request=request, by=by, on=on, work=work)
    return DecreeApplication.objects.get(pk=answer["application"])


def _require_fresh(document: str) -> None:
    there = DecreeApplication.objects.filter(document=document).exclude(state=State.REFUSED).first()
    if there is None:
        return
    if there.state == State.ASKED:
        raise DecreeAlreadyAsked(document=document, day=there.asked_on)
    raise DecreeAlreadyTakenUp(document=document, day=there.taken_up_on)


def decide_decree(
    *,
    application: DecreeApplication,
    confirm: bool,
    by: User,
    on: date,
    key: str,
    words: str = "",
) -> DecreeApplication:
    """Confirm (from now on the book's loans stand under it; carrying out follows) or refuse.

    Raises DecreeByBranchOnly, DecreeSamePerson, DecreeNotAsked, DecreeAlreadyTakenUp.
    """

    def work(operation: Operation) -> DecreeDecided:
        kept = DecreeApplication.objects.select_for_update().get(pk=application.pk)
        if kept.state in (State.CONFIRMED, State.DONE):
            raise DecreeAlreadyTakenUp(document=kept.document, day=kept.taken_up_on)
        if kept.state != State.ASKED:
            raise DecreeNotAsked(document=kept.document)
        if not may_take_part(by, "law.decide_decree"):
            raise DecreeByBranchOnly(verb="Xác nhận áp dụng quyết định")
        if in_conflict("law.decide_decree", [("law.ask_decree", kept.asked_by_id)], by.pk):
            raise DecreeSamePerson(document=kept.document)
        kept.confirmed_by, kept.words = by, words.strip()[:300]
        kept.state = State.CONFIRMED if confirm else State.REFUSED
        kept.taken_up_on = on if confirm else None
        kept.save()
        trail.record(
            action="law.decide_decree",
            subject=kept,
            by=by,
            on=on,
            why=words,
            data={"document": kept.document, "confirmed": confirm},
        )
        return {"application": kept.pk, "state": kept.state}

    request = {"application": application.pk, "confirm": confirm}
    idempotent(key=key, action="law.decide_decree", request=request, by=by, on=on, work=work)
    return DecreeApplication.objects.get(pk=application.pk)


def carry_out(
    *, document: str, by: User | None, on: date, step: Report | None = None
) -> CarriedOut:
    """Bring loans, closed days and ledger under a confirmed decree. Done before: says so and changes nothing.

    Killed: the next call finishes, and so does the next close of a day. Raises CloseBusy, DecreeNotConfirmed,
    HistoryRefused.
    """
    with close_lock():
        carried = _carry_out(document, by, on, step or (lambda words: None))
    if carried.days:
        ports.days_closed(sorted(set(carried.days)))
    return carried


def finish_confirmed(*, by: User | None, on: date, step: Report) -> list[CarriedOut]:
    """Carries out what was confirmed and cut short, under the lock of the caller's close: a day that follows stands on it."""
    rows = DecreeApplication.objects.filter(state=State.CONFIRMED).order_by("pk")
    return [_carry_out(row.document, by, on, step) for row in rows]


def _carry_out(document: str, by: User | None, on: date, tell: Report) -> CarriedOut:
    row = DecreeApplication.objects.filter(document=document).exclude(state=State.REFUSED).first()
    if row is None or row.state == State.ASKED:
        raise DecreeNotConfirmed(document=document)
    if row.state == State.DONE:
        return CarriedOut(document, True, row.result, [])
    first = first_day(document)
    new = decrees_taken_up()
    loans = loans_reached(first, without_decree(new, document), new)
    for piece in pieces([loan for loan in loans if loan > row.through_loan]):
        tell(f"{document}: cập nhật khoản vay đến mã {piece[-1]}")
        _bring(row.pk, document, piece, by, on)
    days = _close_again(document, first, loans, tell)
    result = _settle(row, loans, days, by, on, tell)
    return CarriedOut(document, False, result, days)


def _bring(
    application: int, document: str, loans: Sequence[int], by: User | None, on: date
) -> None:
    """One piece: kept rows summed anew, credits booked, the mark moved on; all or nothing."""
    with transaction.atomic():
        # The loans first, as every posting locks them; then the application, then the books.
        rows = loan_rows(loans, lock=True)
        row = DecreeApplication.objects.select_for_update().get(pk=application)
        decrees = decrees_taken_up()
        stale = rows.filter(touched(day_number(first_day(document))))
        try:
            fresh = under_law(stale, decrees)
        except RowNotBrought as why:
            named = numbers([loan for loan, _ in why.refused[:10]])
            codes = ", ".join(sorted({code for _, code in why.refused}))
            raise HistoryRefused(loans=", ".join(named), why=codes, day=on) from why
        with connection.cursor() as cursor:
            cursor.execute(_BRING_SQL, [fresh[name].to_list() for name in ("id", *MOVED)])
        credited = _credit(row, loan_rows(loans), decrees, by, on)
        row.through_loan = int(loans[-1])
        row.result = {
            "brought": row.result.get("brought", 0) + len(fresh),
            "credits": row.result.get("credits", 0) + credited[0],
            "credit": row.result.get("credit", 0) + credited[1],
        }
        row.save(update_fields=["through_loan", "result"])


def _credit(
    row: DecreeApplication, loans: Frame, decrees: Decrees, by: User | None, on: date
) -> tuple[int, int]:
    """Brings each loan's credit to what was collected above its interest through the eve; (loans with one, dong)."""
    found: list[tuple[int, int, int, int, str]] = []
    count = total = 0
    for loan in roll_forward(loans, on, decrees).rows(named=True):
        credit = max(-loan["due"], 0)
        count, total = count + (credit > 0), total + credit
        if credit != loan["credit"]:
            moved = credit - loan["credit"]
            found.append((loan["office_id"], loan["id"], credit, moved, loan["tier"]))
    if not found:
        return count, total
    found.sort()
    with connection.cursor() as cursor:
        cursor.execute(_CREDIT_SQL, [[one[1] for one in found], [one[2] for one in found]])
    entries: dict[str, tuple[int, list[Line]]] = {}
    for at, (office, loan_id, _, moved, tier) in enumerate(found):
        key = f"decree:{row.pk}:{office}:{found[at - at % _ENTRY_LOANS][1]}"
        lines = entries.setdefault(key, (office, []))[1]
        lines += credit_lines(moved, tier=tier, loan=loan_id)
    _post(row, entries, by, on)
    return count, total


def _post(
    row: DecreeApplication, entries: dict[str, tuple[int, list[Line]]], by: User | None, on: date
) -> None:
    keys = list(entries)
    words = f"Lãi thu thừa theo {row.document}, trừ vào lãi kỳ sau"

    def work(places: list[int], operations: list[int]) -> list[Credited]:
        new = []
        for at, operation in zip(places, operations, strict=True):
            office, lines = entries[keys[at]]
            book = book_of(office)
            day = close_postings.open_day(book, on)
            new.append(NewEntry(book.pk, day, "loan.credit", words, lines, operation_id=operation))
        posted = post(new, by=by, on=on)
        return [
            {"entry": entry, "number": number, "application": row.pk} for entry, number in posted
        ]

    requests = [(key, {"application": row.pk}) for key in keys]
    idempotent_many(requests=requests, action="law.credit", by=by, on=on, work=work)


def _close_again(document: str, first: date, loans: list[int], tell: Report) -> list[date]:
    """The kept days from the decree's first day on, closed again on the events that the last close had seen."""
    done = CloseRun.objects.filter(state=CloseRun.State.DONE)
    stands = done.aggregate(seen=Max("seen_event"), last=Max("day"))
    if stands["last"] is None or stands["last"] < first or not loans:
        return []
    late = reclose.Late(tuple(loans), first, 0, document)
    context = CloseContext(installed(), book_key(), stands["seen"], Times(), tell)
    return reclose.reclose(context, late, stands["last"])


def _settle(
    application: DecreeApplication,
    loans: list[int],
    days: list[date],
    by: User | None,
    on: date,
    tell: Report,
) -> DecreeResult:
    """Ratings of months closed again, entries of the act's day, the end; what the application keeps."""
    notes: list[str] = []
    document = application.document
    ends = [day for day in days if is_month_end(day)]
    for day in ends:
        tell(f"{day}: chấm điểm tổ")
        month_end.rate_groups(day, notes)
    tell(f"{document}: hạch toán")
    with transaction.atomic():
        row = DecreeApplication.objects.select_for_update().get(pk=application.pk)
        entries = _entries(days, ends, by, on, notes)
        runs = CloseRun.objects.filter(day__in=days).order_by("day")
        row.result = {
            **row.result,
            "loans": len(loans),
            "days": [day.isoformat() for day in days],
            "moved": {run.day.isoformat(): len(run.moved) for run in runs},
            "interest": _interest_moved(runs),
            "entries": entries,
            "notes": notes,
        }
        row.state, row.finished_at = State.DONE, clock.now()
        row.save()
        reclose.forget_before(days)
        kept = ("loans", "brought", "credits", "credit")
        data = {"document": document, **{name: row.result.get(name, 0) for name in kept}}
        trail.record(
            action="law.carry_out_decree",
            subject=row,
            by=by,
            on=on,
            data={**data, "days": row.result["days"]},
        )
        _register(row, by, on)
    tell(f"{document}: xong")
    result: DecreeResult = row.result
    return result


def _register(row: DecreeApplication, by: User | None, on: date) -> None:
    """The letters to groups and borrowers, as one line of the branch's register of letters out."""
    home = Organisation.objects.on(on).filter(kind=Kind.VBSP_BRANCH).order_by("pk").first()
    if home is None or not row.result.get("loans"):
        return
    letter = Sent(
        kind="Thông báo",
        number="",
        dated_on=on,
        subject=f"Áp dụng {row.document} cho {row.result['loans']} khoản vay đang còn dư nợ",
        about=About.DECREE,
        about_key=row.pk,
        origin=f"law.decree:{row.pk}",
    )
    told = "Tổ TK&VV và người vay có khoản vay được áp dụng"
    enter_sent(letter=letter, sender=home, recipients=(), by=by, on=on, recipient_words=told)


def _entries(
    days: list[date], ends: list[date], by: User | None, on: date, notes: list[str]
) -> list[Summed]:
    """Interest not collected, off the balance, as the last closed day now says; the months' commission and fees."""
    if not days:
        return []
    last = days[-1]
    found = close_postings.interest_entries(installed(), last)
    entries = close_postings.post_summaries(found, day=last, by=by, since=on)
    for day in ends:
        found = month_end.month_entries(day, notes)
        entries += close_postings.post_summaries(found, day=day, by=by, since=on)
    return entries


def _interest_moved(runs: Iterable[CloseRun]) -> dict[str, list[int]]:
    """Day → interest accrued before and after, summed over what moved in it."""
    sums: dict[str, list[int]] = {}
    for run in runs:
        rows = [row for row in run.moved if row[3] == "accrued"]
        sums[run.day.isoformat()] = [sum(row[4] for row in rows), sum(row[5] for row in rows)]
    return sums


__all__ = [
    "CarriedOut",
    "DecreeChangesNothing",
    "ask_decree",
    "carry_out",
    "decide_decree",
    "finish_confirmed",
]
