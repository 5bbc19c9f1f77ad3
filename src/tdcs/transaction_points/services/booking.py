"""A sealed log is booked once, through the counter's own services; what cannot be booked becomes a case for a person.

Lines are booked in pieces, each in a transaction of its own: whatever a cut leaves is booked by the next call, under the same
keys. Events bear the session's day; entries too while the book is open for it, else the first open day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.errors import Refusal
from tdcs.entrustment.models import SavingsAccount
from tdcs.entrustment.services import savings
from tdcs.ledger.models import JournalEntry
from tdcs.ledger.services import book_of
from tdcs.loans.queries.scope import visible_applications
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheets, faults_of
from tdcs.loans.services.lending import disburse
from tdcs.transaction_points import ports
from tdcs.transaction_points.errors import BookAtCounter, PackVoid, SavingsOwnLine
from tdcs.transaction_points.models import (
    Device,
    LogLine,
    Pack,
    SessionEntry,
    TransactionSession,
)
from tdcs.transaction_points.queries.conflicts import (
    Meanwhile,
    key_of,
    loans_in,
    meanwhile,
    prefix_of,
)
from tdcs.transaction_points.rules.chain import COLLECT, DISBURSE, SAVINGS, SEAL, TOLD, VOID
from tdcs.transaction_points.services.approvals import Approvals, approvals_of
from tdcs.transaction_points.services.schedule import Step, note_move
from tdcs.transaction_points.states import LogState

# So many lines are booked in one transaction.
_PIECE: Final = 600
_WRITE: Final = """
    UPDATE transaction_points_logline l
       SET state = v.state, entry_id = v.entry, problem = v.problem, problem_words = v.words, "left" = v.rest::jsonb
      FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
           AS v(id, state, entry, problem, words, rest)
     WHERE l.id = v.id
"""


@dataclass(slots=True)
class _Part:
    """One line's rows of one teller on their way into the book: the sheet of loans, where its rows stand in the line."""

    line: LogLine
    key: str
    sheet: Sheet | None = None
    places: tuple[int, ...] = ()
    left: list[int] = field(default_factory=list)
    why: Refusal | None = None

    def leave(self, places: Sequence[int], why: Refusal) -> None:
        self.left += places
        self.why = self.why or why


@dataclass(frozen=True, slots=True)
class _Days:
    """The session's day, and the day of its entries."""

    on: date
    entry: date

    @property
    def late(self) -> date | None:
        return self.entry if self.entry != self.on else None


def book(*, session: TransactionSession, device: Device, by: User, on: date) -> int:
    """Everything that was received and not yet decided on; how many lines became cases. Says when a closed day moved."""
    rows = LogLine.objects.filter(device=device, session=session)
    approvals = approvals_of(session, device)
    days = _Days(session.held_on, day_to_book(session, on))
    cases = booked = 0
    while True:
        with transaction.atomic():
            # Two answers at once: the second waits, and finds nothing left.
            Device.objects.select_for_update().get(pk=device.pk)
            lines = _waiting(rows, session, device)
            if not lines:
                break
            _book_piece(lines, days, approvals)
            if days.late is not None:
                link_late(session)
            cases += sum(line.state == LogState.CASE for line in lines)
            booked += sum(line.entry_id is not None for line in lines)
            trail.record(
                action="points.book_log",
                subject=session,
                by=by,
                on=on,
                data={"device": device.name, "lines": len(lines), "cases": cases},
            )
    if booked:
        note_late(session=session, days=(days.on, days.entry), entries=booked, by=by, on=on)
    return cases


def note_late(
    *, session: TransactionSession, days: tuple[date, date], entries: int, by: User, on: date
) -> None:
    """What was booked late is said in the session's steps: on which day its entries stand, which closed days are made again."""
    held_on, entry_on = days
    with transaction.atomic():
        again = ports.booked_late(held_on, by, on)
        if again is None and entry_on == held_on:
            return
        words = f"{entries} bút toán của phiên ngày {held_on:%d/%m/%Y} ghi ngày {entry_on:%d/%m/%Y}"
        if again is not None:
            words += "; các ngày đã khóa sổ được khóa lại"
        data: dict[str, object] = {"entries": entries, "entry_on": entry_on.isoformat()}
        if again is not None:
            data["job"] = again
        note_move(session, Step("late", session.state, words, data), by=by, on=on)


def day_to_book(session: TransactionSession, on: date) -> date:
    """The session's day while the office's book is open for it; else the first day that is."""
    return first_open(session.office_id, session.held_on, on)


def first_open(office: int, wanted: date, on: date) -> date:
    """A day on which money came, while the office's book is open for it; else the first day that is."""
    closed = book_of(office).closed_through
    if closed is None or wanted > closed:
        return wanted
    return min(closed + timedelta(days=1), on) if closed < on else on


def _book_piece(lines: Sequence[LogLine], days: _Days, approvals: Approvals) -> None:
    """What becomes of some lines, in their order; sheets that follow each other are booked together."""
    money: list[LogLine] = []
    for line in lines:
        if line.seq in approvals.undone:
            line.state = LogState.VOIDED
        elif why := approvals.stops(line):
            _put(line, None, why, _all_rows(line))
        elif line.kind in (VOID, SEAL, *TOLD):
            line.state = LogState.NOTED
        elif line.pack.revoked_at is not None:
            _put(line, None, PackVoid(), _all_rows(line))
        else:
            money.append(line)
    for kind, some in groupby(money, lambda one: one.kind):
        if kind == COLLECT:
            _book_sheets(list(some), days)
        else:
            for line in some:
                _book_one(line, days)
    _write(lines)


def _waiting(rows: QuerySet[LogLine], session: TransactionSession, device: Device) -> list[LogLine]:
    """The next lines to decide on; who wrote them and by which pack is read once."""
    lines = list(rows.filter(state=LogState.RECEIVED).order_by("seq")[:_PIECE])
    people = User.objects.in_bulk({line.by_id for line in lines})
    packs = Pack.objects.in_bulk({line.pack_id for line in lines})
    for line in lines:
        line.session, line.device = session, device
        line.by, line.pack = people[line.by_id], packs[line.pack_id]
    return lines


def _write(lines: Sequence[LogLine]) -> None:
    """What became of the lines, in one statement."""
    rows = [
        (
            line.pk,
            str(line.state),
            line.entry_id,
            line.problem,
            line.problem_words,
            json.dumps(line.left),
        )
        for line in lines
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def link_late(session: TransactionSession) -> None:
    """Entries on another day than their session's are known by it."""
    entries = JournalEntry.objects.filter(operation__key__startswith=prefix_of(session.pk))
    late = entries.exclude(on=session.held_on).exclude(
        pk__in=SessionEntry.objects.filter(session=session).values("entry_id")
    )
    SessionEntry.objects.bulk_create(
        SessionEntry(session=session, entry_id=pk) for pk in late.values_list("pk", flat=True)
    )


def _put(line: LogLine, entry: int | None, why: Refusal | None, left: Sequence[int]) -> None:
    """What became of a line: booked, or a case with its reason, of which a part may be booked."""
    if entry is not None:
        line.entry_id = entry
    line.left = sorted(left)
    if why is None:
        line.state, line.problem, line.problem_words = LogState.POSTED, "", ""
        return
    line.state, line.problem = LogState.CASE, why.code
    line.problem_words = why.sentence("vi")[:500]


def _all_rows(line: LogLine) -> list[int]:
    rows = line.data.get("lines") if line.kind == COLLECT else None
    return list(range(len(rows))) if isinstance(rows, list) else []


def _book_sheets(lines: Sequence[LogLine], days: _Days) -> None:
    """Sheets of one device: each row that can be booked is, the first that cannot says why."""
    session, device = lines[0].session, lines[0].device
    since = min(line.pack.made_at for line in lines)
    known = meanwhile(session, device, loans_in(lines), since)
    tellers = {by.pk for by in {line.by_id: line.by for line in lines}.values() if _is_teller(by)}
    parts = [_part(line, _all_rows(line), days, teller=line.by_id in tellers) for line in lines]
    for part in parts:
        _without(part, known)
    for _by, some in groupby(parts, lambda one: one.line.by_id):
        post_parts(list(some), days.on, known)
    for part in parts:
        _put(part.line, part.line.entry_id, part.why, part.left)


def post_again(line: LogLine, on: date) -> None:
    """The rows of a case that are left, or the whole line, once more: a person looked at what stood against it.

    In the caller's transaction. Raises what still refuses the first of them.
    """
    days = _Days(line.session.held_on, day_to_book(line.session, on))
    line.tries += 1
    line.problem = line.problem_words = ""
    if line.kind != COLLECT:
        entry = _post_one(line, days, _key(line))
        _put(line, entry, None, ())
    else:
        known = meanwhile(line.session, line.device, loans_in([line]), line.pack.made_at)
        places = line.left or _all_rows(line)
        part = _part(line, places, days, teller=_is_teller(line.by))
        post_parts([part], days.on, known)
        if part.why is not None:
            raise part.why
        _put(line, line.entry_id, None, ())
    if days.late is not None:
        link_late(line.session)


def _key(line: LogLine) -> str:
    key = key_of(line.session_id, line.device_id, line.seq)
    return f"{key}-{line.tries}" if line.tries else key


def _is_teller(by: User) -> bool:
    return by.may("loans.collect")


def _part(line: LogLine, places: Sequence[int], days: _Days, *, teller: bool) -> _Part:
    """A line's rows as a sheet of loans; a line that is none is left whole."""
    key = _key(line)
    part = _Part(line, key)
    try:
        if not teller:
            raise BookAtCounter(why="người ghi không phải giao dịch viên")
        group = line.data.get("group")
        rows: list[tuple[int, Collection]] = []
        for at in places:
            row = line.data["lines"][at]
            if not row.get("loan") and row.get("account"):
                part.leave([at], SavingsOwnLine())
            else:
                rows.append((at, _collection(row)))
        if not rows and not part.left:
            raise BookAtCounter(why="bảng kê không có dòng nào")
        note = f"(phiên ngày {days.on:%d/%m/%Y})" if days.late else ""
        part.places = tuple(at for at, _row in rows)
        sheet = Sheet(
            key,
            line.session.office_id,
            _whole(group) if group is not None else None,
            tuple(row for _at, row in rows),
            note,
            days.late,
        )
        part.sheet = sheet if rows else None
    except Refusal as refusal:
        part.sheet = None
        part.leave([at for at in places if at not in part.left], refusal)
    except (KeyError, TypeError, AttributeError):
        part.sheet = None
        part.leave(
            [at for at in places if at not in part.left], BookAtCounter(why="dòng không đúng mẫu")
        )
    return part


def _without(part: _Part, known: Meanwhile) -> None:
    """The part without the rows that a person must look at."""
    if part.sheet is None:
        return
    pack = part.line.pack.made_at
    rows = enumerate(part.sheet.lines, 1)
    bad = {at: why for at, row in rows if (why := known.stops(row.loan_id, pack))}
    _keep_good(part, bad)


def _keep_good(part: _Part, bad: Mapping[int, Refusal]) -> None:
    """The sheet less its bad rows, counted from 1 on; row 0 is the sheet itself."""
    if part.sheet is None or not bad:
        return
    rows = enumerate(zip(part.places, part.sheet.lines, strict=True), 1)
    good = [] if 0 in bad else [(place, row) for at, (place, row) in rows if at not in bad]
    kept = {place for place, _row in good}
    part.leave([place for place in part.places if place not in kept], bad[min(bad)])
    part.places = tuple(place for place, _row in good)
    part.sheet = replace(part.sheet, lines=tuple(row for _place, row in good)) if good else None


def post_parts(parts: Sequence[_Part], on: date, known: Meanwhile) -> None:
    """Sheets of one teller: all in one posting; where that is refused without the rows to blame, and else one by one."""
    asked = [part for part in parts if part.sheet is not None]
    if _all_posted(asked, on):
        return
    sheets = [part.sheet for part in asked if part.sheet is not None]
    for place, rows in faults_of(sheets=sheets, on=on).items():
        part = asked[place]
        bad = {}
        for at, why in rows:
            loan = sheets[place].lines[at - 1].loan_id if at else 0
            bad[at] = known.named(loan, part.line.pack.made_at, why)
        _keep_good(part, bad)
    good = [part for part in asked if part.sheet is not None]
    if _all_posted(good, on):
        return
    for part in good:
        try:
            _post_all([part], on)
        except Refusal as refusal:
            part.leave(part.places, refusal)


def _all_posted(parts: Sequence[_Part], on: date) -> bool:
    try:
        _post_all(parts, on)
    except Refusal:
        return False
    return True


def _post_all(parts: Sequence[_Part], on: date) -> None:
    if not parts:
        return
    with transaction.atomic():
        done = collect_sheets(
            sheets=[part.sheet for part in parts if part.sheet is not None],
            by=parts[0].line.by,
            on=on,
        )
    for part, answer in zip(parts, done, strict=True):
        part.line.entry_id = answer["entry"]


def _account(line: LogLine, key: int) -> SavingsAccount:
    found = SavingsAccount.objects.filter(pk=key, office=line.session.office_id).first()
    if found is None:
        raise BookAtCounter(why="không có sổ tiền gửi này ở phòng giao dịch")
    return found


def _book_one(line: LogLine, days: _Days) -> None:
    """What is no sheet: a loan paid out, savings in or out."""
    try:
        with transaction.atomic():
            entry = _post_one(line, days, _key(line))
        _put(line, entry, None, ())
    except Refusal as refusal:
        _put(line, None, refusal, ())


def _post_one(line: LogLine, days: _Days, key: str) -> int | None:
    if line.kind == SAVINGS:
        if not _is_teller(line.by):
            raise BookAtCounter(why="người ghi không phải giao dịch viên")
        account = _account(line, _whole(line.data.get("account")))
        amount = _whole(line.data.get("amount"))
        verb = savings.withdraw if line.data.get("way") == "out" else savings.deposit
        done = verb(account=account, amount=amount, by=line.by, on=days.entry, key=key)
        return done["entry"]
    if line.kind != DISBURSE:
        raise BookAtCounter(why=f"loại “{line.kind}” không có")
    asked = visible_applications(line.by).filter(pk=_whole(line.data.get("application")))
    application = asked.filter(office=line.session.office_id).first()
    if application is None:
        raise BookAtCounter(why="không có hồ sơ này")
    paid = disburse(
        application=application,
        amount=_whole(line.data.get("amount")),
        by=line.by,
        on=days.on,
        key=key,
        entry_on=days.late,
    )
    event = application.loan.events.filter(pk=paid["event"]).first()
    return event.entry_id if event is not None else None


def _collection(row: Mapping[str, Any]) -> Collection:
    account = row.get("account")
    return Collection(
        _whole(row.get("loan")),
        _whole(row.get("interest", 0)),
        _whole(row.get("principal", 0)),
        _whole(row.get("savings", 0)),
        _whole(account) if account else None,
    )


def _whole(value: object) -> int:
    """A whole number of the log. Raises BookAtCounter."""
    if type(value) is not int:
        raise BookAtCounter(why="số không hợp lệ")
    return value
