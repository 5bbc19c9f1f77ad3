"""A session is prepared, opened, counted, closed and settled; cash passes from hand to hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.documents.numbers import whole
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.transaction_points.errors import (
    CountWrong,
    DifferenceUnexplained,
    MoveReasonMissing,
    NotOnTheTeam,
    PointFieldWrong,
    PointOutOfScope,
    SessionStep,
    SessionToday,
    TeamIncomplete,
)
from tdcs.transaction_points.models import (
    CashCount,
    CashHandover,
    TeamMember,
    TransactionSession,
)
from tdcs.transaction_points.queries.holding import TAKEN_BY, role_in
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.queries.summary import cash_expected, kept_figures
from tdcs.transaction_points.queries.teams import NEEDED
from tdcs.transaction_points.rules import settings
from tdcs.transaction_points.rules.scoring import cash_of
from tdcs.transaction_points.services.schedule import Step, note_move
from tdcs.transaction_points.states import SESSION_MOVES, SessionState


@dataclass(frozen=True, slots=True)
class Count:
    """What the teller counted: denomination → notes; ``why``: the reason of a difference."""

    notes: Mapping[int, int]
    why: str = ""


@dataclass(frozen=True, slots=True)
class CashPassed:
    """Cash that one person gives to another."""

    giver: User
    taker: User
    amount: int
    words: str = ""


def prepare(*, session: TransactionSession, by: User, on: date) -> TransactionSession:
    """The team is complete, the papers are ready. Raises SessionStep, PointOutOfScope, TeamIncomplete."""
    with transaction.atomic():
        row = _locked(session, "prepare", by, on)
        there = set(row.team.values_list("role", flat=True))
        missing = [str(role.label).lower() for role in NEEDED if role not in there]
        if missing:
            raise TeamIncomplete(missing=", ".join(missing))
        return _moved(row, "prepare", by, on)


def open_session(*, session: TransactionSession, by: User, on: date) -> TransactionSession:
    """The leader opens the session on its day. Raises SessionStep, NotOnTheTeam, SessionToday."""
    with transaction.atomic():
        row = _locked(session, "open", by, on)
        if row.held_on != on:
            raise SessionToday(day=row.held_on, today=on)
        return _moved(row, "open", by, on)


def count_cash(
    *, session: TransactionSession, count: Count, by: User, on: date
) -> TransactionSession:
    """A teller counts what is there; a difference to what must be there has a reason. Counting again replaces the count.

    Raises SessionStep, NotOnTheTeam, CountWrong, DifferenceUnexplained.
    """
    with transaction.atomic():
        row = _locked(session, "count", by, on)
        known = settings.denominations()
        for denomination, notes in count.notes.items():
            if denomination not in known:
                raise CountWrong(denomination=whole(denomination), why="không có trong danh mục")
            if type(notes) is not int or not 0 <= notes <= 10**6:
                raise CountWrong(denomination=whole(denomination), why="số tờ không hợp lệ")
        expected, counted = cash_expected(row), cash_of(count.notes)
        if counted != expected and not count.why.strip():
            raise DifferenceUnexplained(
                counted=whole(counted),
                expected=whole(expected),
                difference=whole(counted - expected),
            )
        row.counts.all().delete()
        CashCount.objects.bulk_create(
            CashCount(session=row, denomination=denomination, notes=notes)
            for denomination, notes in count.notes.items()
            if notes
        )
        row.cash_expected, row.cash_counted = expected, counted
        row.difference_why = squash(count.why)[:300] if counted != expected else ""
        row.save(update_fields=["cash_expected", "cash_counted", "difference_why"])
        data: dict[str, object] = {"expected": expected, "counted": counted}
        return _moved(row, "count", by, on, words=row.difference_why, data=data)


def close_session(
    *, session: TransactionSession, conclusions: str, by: User, on: date
) -> TransactionSession:
    """The leader closes the session with the conclusions of the review meeting; its figures are kept as they are now.

    Raises SessionStep, NotOnTheTeam, and DifferenceUnexplained when money moved after the count.
    """
    with transaction.atomic():
        row = _locked(session, "close", by, on)
        expected = cash_expected(row)
        if expected != row.cash_expected:
            counted = row.cash_counted or 0
            raise DifferenceUnexplained(
                counted=whole(counted),
                expected=whole(expected),
                difference=whole(counted - expected),
            )
        row.conclusions = conclusions.strip()[:8000]
        row.figures = kept_figures(row)
        row.save(update_fields=["conclusions", "figures"])
        return _moved(row, "close", by, on)


def settle(*, session: TransactionSession, by: User, on: date, key: str) -> dict[str, int]:
    """Who keeps the office's cash takes over what was counted, and was not on the team.

    Raises SessionStep, PointOutOfScope, NotOnTheTeam.
    """

    def work(operation: Operation) -> dict[str, int]:
        row = _locked(session, "settle", by, on)
        if role_in(by, row):
            raise NotOnTheTeam(role="người giữ quỹ của phòng giao dịch (không ở trong tổ)")
        teller = row.team.filter(role=TeamMember.Role.TELLER).order_by("pk").first()
        amount = row.cash_counted or 0
        if teller is not None and amount > 0:
            passed = CashPassed(teller.person, by, amount, "Nộp quỹ cuối phiên")
            _pass(row, passed, on)
        _moved(row, "settle", by, on, data={"amount": amount})
        return {"session": row.pk, "amount": amount}

    asked = {"session": session.pk}
    return idempotent(key=key, action="points.settle", request=asked, by=by, on=on, work=work)


def cancel(*, session: TransactionSession, why: str, by: User, on: date) -> TransactionSession:
    """The session is not held. Raises MoveReasonMissing, SessionStep, PointOutOfScope."""
    if not why.strip():
        raise MoveReasonMissing
    with transaction.atomic():
        row = _locked(session, "cancel", by, on)
        return _moved(row, "cancel", by, on, words=why)


def pass_cash(
    *, session: TransactionSession, passed: CashPassed, by: User, on: date, key: str
) -> dict[str, int]:
    """Cash goes from the vault to a teller, within the team, or back; one of the two writes it down.

    Raises NotOnTheTeam, PointFieldWrong, SessionStep.
    """

    def work(operation: Operation) -> dict[str, int]:
        row = TransactionSession.objects.select_for_update().get(pk=session.pk)
        if row.state not in (SessionState.PREPARED, SessionState.OPEN, SessionState.COUNTED):
            raise SessionStep(verb="Giao nhận tiền mặt", state=row.get_state_display())
        if by.pk not in (passed.giver.pk, passed.taker.pk):
            raise PointFieldWrong(field="người giao, người nhận", why="phải có bạn là một bên")
        team = set(row.team.values_list("person_id", flat=True))
        if not {passed.giver.pk, passed.taker.pk} & team:
            raise NotOnTheTeam(role="thành viên tổ giao dịch")
        made = _pass(row, passed, on)
        trail.record(
            action="points.pass_cash",
            subject=row,
            by=by,
            on=on,
            data={
                "giver": passed.giver.username,
                "taker": passed.taker.username,
                "amount": passed.amount,
            },
        )
        return {"handover": made.pk, "amount": made.amount}

    asked = {
        "session": session.pk,
        "giver": passed.giver.pk,
        "taker": passed.taker.pk,
        "amount": passed.amount,
    }
    return idempotent(key=key, action="points.pass_cash", request=asked, by=by, on=on, work=work)


def _pass(row: TransactionSession, passed: CashPassed, on: date) -> CashHandover:
    if type(passed.amount) is not int or not 0 < passed.amount <= 10**13:
        raise PointFieldWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")
    if passed.giver.pk == passed.taker.pk:
        raise PointFieldWrong(field="người nhận", why="phải là người khác với người giao")
    return CashHandover.objects.create(
        session=row,
        giver=passed.giver,
        taker=passed.taker,
        amount=passed.amount,
        on=on,
        recorded_at=clock.now(),
        words=squash(passed.words)[:200],
    )


def _locked(session: TransactionSession, verb: str, by: User, on: date) -> TransactionSession:
    """The session under lock when the step is the person's to take. Raises SessionStep, NotOnTheTeam, PointOutOfScope."""
    row = TransactionSession.objects.select_for_update().get(pk=session.pk)
    move = SESSION_MOVES[verb]
    if row.state not in move.sources:
        raise SessionStep(verb=move.label, state=row.get_state_display())
    wanted = TAKEN_BY.get(verb)
    if wanted is not None:
        if role_in(by, row) != wanted or not by.may(move.permission):
            raise NotOnTheTeam(role=str(wanted.label).lower())
    elif not by.may(move.permission) or not plans_for(by, row.office_id, on):
        raise PointOutOfScope(point=row.point.code)
    return row


def _moved(
    row: TransactionSession,
    verb: str,
    by: User,
    on: date,
    *,
    words: str = "",
    data: dict[str, object] | None = None,
) -> TransactionSession:
    source, row.state = row.state, SESSION_MOVES[verb].target
    row.save(update_fields=["state"])
    made = note_move(row, Step(verb, source, words, data), by=by, on=on)
    trail.record(
        action=f"points.{verb}", subject=row, by=by, on=on, why=made.words, data=data or {}
    )
    return row
