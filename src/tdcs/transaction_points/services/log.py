"""What a device did with no network is taken in: a chained log in pieces, then booked once through the services of loans.

Nothing is booked before the device seals its log: what was undone at the session never reaches the books. Whatever cannot be
booked becomes a case with its reason; no line is dropped and none is booked twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, TypedDict
from uuid import UUID

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.core.text import squash
from tdcs.entrustment.models import SavingsAccount
from tdcs.entrustment.services.savings import deposit, withdraw
from tdcs.ledger.services import book_of
from tdcs.loans.models import LoanApplication
from tdcs.loans.queries.scope import visible_applications
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet, faults_of
from tdcs.loans.services.lending import disburse
from tdcs.transaction_points.errors import (
    BookAtCounter,
    LogForked,
    LogNotNext,
    LogNotSigned,
    LogSealed,
    MoveReasonMissing,
    NotOnTheTeam,
    PackUnknown,
    PackVoid,
    PointOutOfScope,
)
from tdcs.transaction_points.models import (
    Device,
    LogLine,
    Pack,
    SessionEntry,
    TransactionSession,
)
from tdcs.transaction_points.queries.scope import plans_for
from tdcs.transaction_points.rules.chain import BEGINNING, FORM, canonical, fault
from tdcs.transaction_points.services import keys
from tdcs.transaction_points.states import LogState

# Kinds of lines: money in by group, money out, one undone, the end; the others are told and moved to the session's papers.
COLLECT, DISBURSE, SAVINGS, VOID, SEAL = "collect", "disburse", "savings", "void", "seal"
_TOLD: Final = ("absent", "request", "count", "handover", "conclusion", "start")


class LineIn(TypedDict):
    """One line as a device hands it in (docs/reference/session-pack.md)."""

    form: int
    device: int
    session: int
    pack: str
    seq: int
    previous: str
    kind: str
    by: int
    at: str
    data: dict[str, object]
    hash: str
    signature: str


class Receipt(TypedDict):
    """What the server has of a device's log, signed: the device may forget lines up to ``seq`` only when it holds this."""

    statement: dict[str, object]
    signature: str
    server_key: str


def take_in(
    *,
    session: TransactionSession,
    device: Device,
    lines: Sequence[LineIn],
    by: User,
    on: date,
) -> Receipt:
    """A piece of the log, all of it or nothing; lines that are there already are passed over. A seal books everything.

    Raises LogNotNext (a gap, another chain, a changed line), LogForked, LogNotSigned, LogSealed, PackUnknown, NotOnTheTeam,
    PointOutOfScope.
    """
    if device.office_id != session.office_id:
        raise PointOutOfScope(point=session.point.code)
    with transaction.atomic():
        Device.objects.select_for_update().get(pk=device.pk)
        there = LogLine.objects.filter(device=device, session=session)
        known = dict(there.values_list("seq", "hash"))
        kinds = set(there.filter(kind=SEAL).values_list("seq", flat=True))
        fresh = _fresh(session, device, lines, known, kinds)
        LogLine.objects.bulk_create(fresh)
        if fresh:
            trail.record(
                action="points.take_log",
                subject=session,
                by=by,
                on=on,
                data={"device": device.name, "lines": len(fresh), "last": fresh[-1].hash},
            )
        if any(one.kind == SEAL for one in fresh):
            book(session=session, device=device, on=on)
    return receipt(session, device)


def _fresh(
    session: TransactionSession,
    device: Device,
    lines: Sequence[LineIn],
    known: dict[int, str],
    sealed: set[int],
) -> list[LogLine]:
    """The lines that are new, each judged as the next of the chain."""
    last = max(known, default=0)
    previous = known.get(last, BEGINNING)
    team = {one.person_id: one.person for one in session.team.select_related("person")}
    packs = {one.key: one for one in Pack.objects.filter(session=session, device=device)}
    fresh: list[LogLine] = []
    moment = clock.now()
    for line in lines:
        seq = line.get("seq")
        if type(seq) is int and seq in known:
            if line.get("hash") != known[seq]:
                raise LogForked(seq=seq)
            continue
        if sealed:
            raise LogSealed(seq=max(sealed))
        if why := fault(line, seq=last + 1, previous=previous):
            raise LogNotNext(seq=seq, last=last, expected=last + 1, why=why)
        made = _line(session, device, line, team, packs)
        made.received_at = moment
        fresh.append(made)
        last, previous = made.seq, made.hash
        known[last] = previous
        if made.kind == SEAL:
            sealed.add(last)
    return fresh


def _line(
    session: TransactionSession,
    device: Device,
    line: LineIn,
    team: dict[int, User],
    packs: dict[UUID, Pack],
) -> LogLine:
    digest = str(line["hash"])
    mine = (line["device"], line["session"]) == (device.pk, session.pk)
    if not mine or not keys.is_signed(device.signing_key, digest.encode(), str(line["signature"])):
        raise LogNotSigned(seq=line["seq"])
    try:
        pack = packs.get(UUID(str(line["pack"])))
    except ValueError:
        pack = None
    if pack is None:
        raise PackUnknown(pack=line["pack"])
    if line["by"] not in team:
        raise NotOnTheTeam(role="thành viên tổ giao dịch")
    return LogLine(
        device=device,
        session=session,
        pack=pack,
        seq=line["seq"],
        kind=str(line["kind"])[:12],
        by=team[line["by"]],
        told_at=str(line["at"])[:40],
        data=line["data"],
        previous=line["previous"],
        hash=digest,
        signature=str(line["signature"]),
    )


def book(*, session: TransactionSession, device: Device, on: date) -> int:
    """Everything that was received and not yet decided on, in the caller's transaction; how many lines became cases."""
    rows = LogLine.objects.select_related("pack", "by").filter(device=device, session=session)
    lines = list(rows.order_by("seq"))
    undone = {line.data.get("seq") for line in lines if line.kind == VOID}
    day = day_to_book(session, on)
    cases = 0
    for line in lines:
        if line.state != LogState.RECEIVED:
            continue
        _decide(line, day, undone)
        line.save(update_fields=["state", "entry", "problem", "problem_words"])
        cases += line.state == LogState.CASE
    return cases


def day_to_book(session: TransactionSession, on: date) -> date:
    """The session's day while the office's book is open for it; else the first day that is."""
    closed = book_of(session.office_id).closed_through
    if closed is None or session.held_on > closed:
        return session.held_on
    return min(closed + timedelta(days=1), on) if closed < on else on


def _decide(line: LogLine, day: date, undone: set[object]) -> None:
    """What becomes of one line; a refusal makes it a case."""
    if line.seq in undone:
        line.state = LogState.VOIDED
        return
    if line.kind in (VOID, SEAL, *_TOLD):
        line.state = LogState.NOTED
        return
    try:
        if line.pack.revoked_at is not None:
            raise PackVoid
        with transaction.atomic():
            entry, bad = _post_line(line, day)
        line.entry_id, line.state = entry, LogState.POSTED
        if bad is not None:
            raise bad
    except Refusal as refusal:
        line.state, line.problem = LogState.CASE, refusal.code
        line.problem_words = refusal.sentence("vi")[:500]
    if line.entry_id is not None and day != line.session.held_on:
        SessionEntry.objects.get_or_create(session=line.session, entry_id=line.entry_id)


def _post_line(line: LogLine, day: date) -> tuple[int | None, Refusal | None]:
    """The entry, and why a part of the line could not be booked."""
    key = f"phien-{line.session_id}-{line.device_id}-{line.seq}"
    if line.kind == COLLECT:
        return _collected(line, day, key)
    if line.kind == SAVINGS:
        return _saved(line, day, key), None
    if line.kind != DISBURSE:
        raise BookAtCounter(why=f"loại “{line.kind}” không có")
    asked = visible_applications(line.by).filter(pk=_whole(line.data.get("application")))
    application = asked.filter(office=line.session.office_id).first()
    if application is None:
        raise BookAtCounter(why="không có hồ sơ này")
    return _paid_out(line, application, day, key), None


def _paid_out(line: LogLine, application: LoanApplication, day: date, key: str) -> int | None:
    done = disburse(
        application=application,
        amount=_whole(line.data.get("amount")),
        by=line.by,
        on=day,
        key=key,
    )
    event = application.loan.events.filter(pk=done["event"]).first()
    return event.entry_id if event is not None else None


def _saved(line: LogLine, day: date, key: str) -> int:
    """Savings in or out of one account of the office, without a loan's payment."""
    if not line.by.may("entrustment.savings"):
        raise BookAtCounter(why="người ghi không phải giao dịch viên")
    account = SavingsAccount.objects.filter(
        pk=_whole(line.data.get("account")), office=line.session.office_id
    ).first()
    if account is None:
        raise BookAtCounter(why="không có sổ tiền gửi này")
    verb = withdraw if line.data.get("way") == "out" else deposit
    amount = _whole(line.data.get("amount"))
    return verb(account=account, amount=amount, by=line.by, on=day, key=key)["entry"]


def _collected(line: LogLine, day: date, key: str) -> tuple[int | None, Refusal | None]:
    """A group's sheet: the lines that can be booked are, the first that cannot says why."""
    if not line.by.may("loans.collect"):
        raise BookAtCounter(why="người ghi không phải giao dịch viên")
    late = f"(phiên ngày {line.session.held_on:%d/%m/%Y})" if day != line.session.held_on else ""
    group = line.data.get("group")
    sheet = Sheet(
        key,
        line.session.office_id,
        _whole(group) if group is not None else None,
        tuple(_collection(row) for row in line.data.get("lines", [])),
        late,
    )
    bad = [(at, why) for at, why in faults_of(sheet=sheet, on=day) if at]
    left = {at for at, _why in bad}
    good = [one for at, one in enumerate(sheet.lines, 1) if at not in left]
    first = bad[0][1] if bad else None
    if not good:
        raise first or BookAtCounter(why="bảng kê không có dòng nào")
    done = collect_sheet(sheet=replace(sheet, lines=tuple(good)), by=line.by, on=day)
    return done["entry"], first


def _collection(row: Mapping[str, object]) -> Collection:
    account = row.get("account")
    return Collection(
        _whole(row.get("loan")),
        _whole(row.get("interest", 0)),
        _whole(row.get("principal", 0)),
        _whole(row.get("savings", 0)),
        _whole(account) if account is not None else None,
    )


def _whole(value: object) -> int:
    """A whole number of the log. Raises BookAtCounter."""
    if type(value) is not int:
        raise BookAtCounter(why="số không hợp lệ")
    return value


def receipt(session: TransactionSession, device: Device) -> Receipt:
    """What is here of the device's log of a session: how many lines, the hash of the last, what became of them."""
    rows = LogLine.objects.filter(device=device, session=session)
    last = rows.order_by("-seq").first()
    states: dict[str, int] = {}
    for state in rows.values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    statement = {
        "form": FORM,
        "session": session.pk,
        "device": device.pk,
        "seq": last.seq if last else 0,
        "hash": last.hash if last else BEGINNING,
        "sealed": rows.filter(kind=SEAL).exists(),
        "states": states,
    }
    return {
        "statement": statement,
        "signature": keys.signed(canonical(statement)),
        "server_key": keys.public_key(),
    }


def resolve_case(*, line: LogLine, words: str, by: User, on: date) -> LogLine:
    """A person says what was done about a case. Raises MoveReasonMissing, PointOutOfScope, BookAtCounter."""
    if not words.strip():
        raise MoveReasonMissing
    with transaction.atomic():
        row = LogLine.objects.select_for_update().select_related("session").get(pk=line.pk)
        if not plans_for(by, row.session.office_id, on):
            raise PointOutOfScope(point=row.session.point.code)
        if row.state != LogState.CASE:
            raise BookAtCounter(why="việc này không còn chờ xử lý")
        row.state, row.resolved_by, row.resolved_words = LogState.RESOLVED, by, squash(words)[:300]
        row.save(update_fields=["state", "resolved_by", "resolved_words"])
        trail.record(
            action="points.resolve_case",
            subject=row,
            by=by,
            on=on,
            why=row.resolved_words,
            data={"problem": row.problem, "seq": row.seq},
        )
    return row
