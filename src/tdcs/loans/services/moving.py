"""A borrower moves to another office, commune or group from a day on: asked for by one person, decided by another.

Loans, open savings accounts and the place in the group go together; what stands on the loans' and the accounts' own accounts
leaves the one book and enters the other by two balanced entries of the day, through the inter-office account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.entrustment.models import GroupMember, SavingsAccount, SavingsGroup
from tdcs.entrustment.queries.groups import board_on, profile_on
from tdcs.entrustment.rules import most_members
from tdcs.entrustment.services.members import Transfer, change_office
from tdcs.households.models import Household
from tdcs.households.queries.scope import living_areas_of
from tdcs.households.services.registering import Place
from tdcs.households.services.registering import move as move_home
from tdcs.ledger.models import Book, Operation
from tdcs.ledger.rules import Line, swapped, templates
from tdcs.ledger.services import NewEntry, book_of, idempotent, post
from tdcs.loans.errors import FieldWrong, MoveRefused, NotAllowed
from tdcs.loans.models import ChangeRequest, Loan, LoanApplication, LoanTransfer, MoveRequest
from tdcs.loans.queries.moving import lines_out
from tdcs.loans.queries.scope import visible_loans
from tdcs.loans.services.deciding import require_decidable
from tdcs.loans.services.results import MoveDecided
from tdcs.loans.services.transferring import Belonging, transfer
from tdcs.loans.states import ENDED_APPLICATIONS, TRANSFER_MOVES
from tdcs.organisations.models import Area, Organisation, living_on


@dataclass(frozen=True, slots=True)
class Target:
    """Where a borrower goes: a group (its office follows) or, for direct loans, an office; and a new home where it changes."""

    group: SavingsGroup | None = None
    office: Organisation | None = None
    area: Area | None = None
    hamlet: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A move as it would be: what goes along, the lines that leave the old book, everything that stands in its way."""

    loans: list[Loan]
    accounts: list[SavingsAccount]
    lines: list[Line]
    reasons: list[str]


def ask_move(
    *, household: Household, to: Target, since: date, why: str, by: User, on: date
) -> MoveRequest:
    """A request; refused at once, with all reasons, when it could not be carried out.

    Raises NotAllowed, FieldWrong, MoveRefused.
    """
    if not by.may(TRANSFER_MOVES["ask"].permission):
        raise NotAllowed(verb="Đề nghị chuyển nơi quản lý")
    if not why.strip():
        raise FieldWrong(field="lý do", why="chưa ghi")
    with transaction.atomic():
        row = Household.objects.select_for_update().get(pk=household.pk)
        request = _request(row, to, since, why, by, on)
        if MoveRequest.objects.filter(household=row, state=ChangeRequest.State.ASKED).exists():
            raise MoveRefused(
                household=row.code, reasons=["đã có đề nghị chuyển đang chờ quyết định"]
            )
        _require_possible(request, by, on)
        request.save()
        trail.record(
            action="loans.ask_move",
            subject=row,
            by=by,
            on=on,
            why=squash(why),
            data={"since": since, "from": request.old_office_id, "to": request.new_office_id},
        )
    return request


def foresee_move(*, request: MoveRequest, by: User | None, on: date) -> Foreseen:
    """What the move would do on its day, without doing it."""
    loans, accounts = _loans(request), _accounts(request)
    lines = []
    if request.old_office_id != request.new_office_id:
        lines = lines_out(request.old_office_id, loans, accounts)
    return Foreseen(loans, accounts, lines, _reasons(request, loans, accounts, by, on))


def decide_move(
    *, request: MoveRequest, approve: bool, by: User, on: date, key: str, words: str = ""
) -> MoveDecided:
    """Approve (the borrower belongs elsewhere from the request's day) or refuse.

    Raises RequestDecided, NotAllowed, SamePerson, MoveRefused, and what the books refuse (BeforeClose, ClockBack).
    """

    def work(operation: Operation) -> MoveDecided:
        Household.objects.select_for_update().get(pk=request.household_id)
        kept = MoveRequest.objects.select_for_update().get(pk=request.pk)
        move = TRANSFER_MOVES["approve" if approve else "refuse"]
        hand = ("loans.ask_move", kept.asked_by_id)
        verb = "Duyệt chuyển nơi quản lý"
        require_decidable(state=kept.state, move=move, asked=hand, by=by, verb=verb)
        kept.decided_on, kept.decided_by = on, by
        kept.words = squash(words)[:300]
        kept.state = move.target
        if approve:
            _carry_out(kept, by, on, operation)
        kept.save()
        trail.record(
            action="loans.decide_move",
            subject=kept.household,
            by=by,
            on=on,
            why=words,
            data={"request": kept.pk, "approved": approve, "since": kept.since},
        )
        return {"request": kept.pk, "state": kept.state}

    asked = {"request": request.pk, "approve": approve}
    return idempotent(key=key, action="loans.decide_move", request=asked, by=by, on=on, work=work)


def _request(
    household: Household, to: Target, since: date, why: str, by: User, on: date
) -> MoveRequest:
    """The request with where the borrower is now: the group's office, or that of its loans."""
    member = GroupMember.objects.filter(household=household, ends_on=None).first()
    old_group = member.group if member is not None else None
    loan = household.loans.order_by("-pk").first()
    if old_group is None and loan is None:
        raise MoveRefused(
            household=household.code, reasons=["hộ không ở tổ nào, không có khoản vay"]
        )
    old_office = (
        profile_on(old_group, since).office_id if old_group is not None else loan.office_id  # type: ignore[union-attr]
    )
    if (to.group is None) == (to.office is None):
        raise FieldWrong(field="nơi chuyển đến", why="chọn một tổ, hoặc một phòng giao dịch")
    new_office = profile_on(to.group, since).office_id if to.group else to.office.pk  # type: ignore[union-attr]
    return MoveRequest(
        household=household,
        since=since,
        old_office_id=old_office,
        new_office_id=new_office,
        old_group=old_group,
        new_group=to.group,
        area=to.area,
        hamlet=squash(to.hamlet)[:120],
        why=squash(why)[:300],
        asked_on=on,
        asked_by=by,
    )


def _loans(request: MoveRequest) -> list[Loan]:
    rows = Loan.objects.filter(household=request.household_id, office=request.old_office_id)
    return list(rows.select_related("source").order_by("pk"))


def _accounts(request: MoveRequest) -> list[SavingsAccount]:
    return list(
        SavingsAccount.objects.filter(
            household=request.household_id, office=request.old_office_id, closed_on=None
        ).order_by("pk")
    )


def _require_possible(request: MoveRequest, by: User, on: date) -> None:
    reasons = _reasons(request, _loans(request), _accounts(request), by, on)
    if reasons:
        raise MoveRefused(household=request.household.code, reasons=reasons)


def _reasons(
    request: MoveRequest,
    loans: list[Loan],
    accounts: list[SavingsAccount],
    by: User | None,
    on: date,
) -> list[str]:
    return [
        *_out_of_reach(request, loans, by, on),
        *_wrong_days(request, loans, accounts, on),
        *_unfinished(request, loans),
        *_wrong_group(request, loans),
    ]


def _out_of_reach(request: MoveRequest, loans: list[Loan], by: User | None, on: date) -> list[str]:
    reasons = []
    if by is not None:
        seen = set(
            visible_loans(by, on)
            .filter(pk__in=[one.pk for one in loans])
            .values_list("pk", flat=True)
        )
        reasons += [
            f"khoản vay {loan.number} không thuộc phạm vi của bạn"
            for loan in loans
            if loan.pk not in seen
        ]
    same_office = request.old_office_id == request.new_office_id
    if same_office and request.old_group_id == request.new_group_id and request.area_id is None:
        reasons.append("nơi chuyển đến là nơi đang quản lý")
    return reasons


def _wrong_days(
    request: MoveRequest, loans: list[Loan], accounts: list[SavingsAccount], on: date
) -> list[str]:
    """The day is open in both books and not before anything that happened to what moves."""
    since, reasons = request.since, []
    if since > on:
        reasons.append(f"ngày {since:%d/%m/%Y} chưa đến")
    for loan in loans:
        last = loan.events.aggregate(last=Max("on"))["last"]
        if last is not None and last > since:
            reasons.append(
                f"khoản vay {loan.number} có diễn biến ngày {last:%d/%m/%Y}, sau ngày chuyển"
            )
    for account in accounts:
        last = account.events.aggregate(last=Max("on"))["last"] or account.opened_on
        if last > since:
            reasons.append(
                f"sổ tiền gửi {account.number} có phát sinh ngày {last:%d/%m/%Y}, sau ngày chuyển"
            )
    offices = (request.old_office_id, request.new_office_id)
    # A snapshot covers all offices: a day locked in any of these books has its snapshot.
    locked = Book.objects.filter(organisation__in=offices).aggregate(last=Max("closed_through"))[
        "last"
    ]
    if locked is not None and since <= locked:
        reasons.append(f"ngày {since:%d/%m/%Y} đã khóa sổ (đến hết {locked:%d/%m/%Y})")
    return reasons


def _unfinished(request: MoveRequest, loans: list[Loan]) -> list[str]:
    """What the old office has begun it ends before."""
    reasons = [
        f"hồ sơ {row.number} đang xử lý ({row.get_state_display().lower()}): hoàn tất hoặc rút trước"
        for row in request.household.applications.exclude(state__in=ENDED_APPLICATIONS).order_by(
            "pk"
        )
    ]
    for loan in loans:
        if loan.change_requests.filter(state=ChangeRequest.State.ASKED).exists():
            reasons.append(f"khoản vay {loan.number} có đề nghị xử lý nợ chưa quyết định")
    return reasons


def _wrong_group(request: MoveRequest, loans: list[Loan]) -> list[str]:
    """What the groups say: the board, the room, the commune; entrusted loans need a group."""
    since, old, new = request.since, request.old_group, request.new_group
    if new is None:
        entrusted = [loan for loan in loans if loan.group_id is not None]
        stays = old is not None or entrusted
        return ["hộ ở trong tổ hoặc vay qua tổ: phải chọn tổ chuyển đến"] if stays else []
    reasons = []
    if old is None:
        return ["hộ không ở tổ nào: kết nạp vào tổ mới trước"]
    if new.ends_on is not None:
        reasons.append(f"tổ {new.code} đã kết thúc")
    member = GroupMember.objects.filter(
        household=request.household, group=old, ends_on=None
    ).first()
    if member is None:
        reasons.append(f"hộ không còn ở tổ {old.code}")
    elif since <= member.starts_on:
        reasons.append(f"ngày chuyển phải sau ngày vào tổ ({member.starts_on:%d/%m/%Y})")
    elif board_on(old, since).filter(person_id=member.person_id).exists():
        reasons.append(
            f"{member.person.full_name} trong ban quản lý tổ {old.code}: miễn nhiệm trước"
        )
    most = most_members(since)
    if old.pk != new.pk and GroupMember.objects.filter(living_on(since), group=new).count() >= most:
        reasons.append(f"tổ {new.code} đã đủ {most} tổ viên")
    return reasons + _wrong_commune(request, new)


def _wrong_commune(request: MoveRequest, new: SavingsGroup) -> list[str]:
    since = request.since
    home = request.household.addresses.filter(living_on(since)).first()
    area = request.area_id or (home.area_id if home is not None else None)
    theirs = profile_on(new, since).area_id
    living = living_areas_of({theirs, area} - {None}, since)  # type: ignore[arg-type]
    if area is None or not set(living[area]) & set(living[theirs]):
        return [f"tổ {new.code} không ở xã nơi hộ sẽ ở: ghi nơi ở mới"]
    if request.area_id is not None and home is not None and since <= home.starts_on:
        return [f"ngày chuyển phải sau ngày đến nơi ở hiện nay ({home.starts_on:%d/%m/%Y})"]
    return []


def _carry_out(request: MoveRequest, by: User, on: date, operation: Operation) -> None:
    """Home, group, loans, savings and ledger, in the order in which a collection sheet locks them."""
    _require_possible(request, by, on)
    since, household = request.since, request.household
    if request.area is not None:
        place = Place(request.area, request.hamlet)
        move_home(household=household, place=place, since=since, by=by, on=on)
    old, new = request.old_group, request.new_group
    if old is not None and new is not None and old.pk != new.pk:
        change_office(
            transfer=Transfer(household=household, group=old, into=new, why=request.why),
            since=since,
            by=by,
            on=on,
        )
    keys = [loan.pk for loan in _loans(request)]
    loans = list(Loan.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    accounts = list(
        SavingsAccount.objects.select_for_update()
        .filter(pk__in=[one.pk for one in _accounts(request)])
        .order_by("pk")
    )
    if request.old_office_id != request.new_office_id:
        _book(request, loans, accounts, by, on, operation)
    for loan in loans:
        group = new.pk if loan.group_id is not None and new is not None else loan.group_id
        transfer(
            loan,
            Belonging(household.pk, loan.borrower_id, group, request.new_office_id),
            kind=LoanTransfer.Kind.OFFICE,
            by=by,
            since=since,
            request=request,
        )
        LoanApplication.objects.filter(loan=loan).update(
            group_id=group, office_id=request.new_office_id
        )
    for account in accounts:
        account.office_id = request.new_office_id
        account.group_id = new.pk if account.group_id is not None and new is not None else None
        account.save(update_fields=["office", "group"])


def _book(
    request: MoveRequest,
    loans: list[Loan],
    accounts: list[SavingsAccount],
    by: User,
    on: date,
    operation: Operation,
) -> None:
    """Out of the one book and into the other, on the day of the move, each entry balanced in itself."""
    lines = lines_out(request.old_office_id, loans, accounts)
    if not lines:
        return
    words = f"{templates()['office.move']['words']}, hộ {request.household.code}"
    books = [book_of(request.old_office_id).pk, book_of(request.new_office_id).pk]
    sides = (lines, swapped(lines))
    posted = post(
        [
            NewEntry(book, request.since, "office.move", words, side)
            for book, side in zip(books, sides, strict=True)
        ],
        by=by,
        on=on,
        operation=operation,
    )
    request.entry_out_id, request.entry_in_id = posted[0][0], posted[1][0]
