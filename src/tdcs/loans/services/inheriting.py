"""An heir of the same household takes over what a dead member owes: asked for by one person, decided by another, undone.

Nothing is computed anew: amounts, rates, instalments and interest stay, only the borrower changes from a day on. The heir
signs the agreement, the bank agrees by its director (BLDS-2015, Điều 370); limits are the household's and stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.entrustment.models import GroupMember
from tdcs.entrustment.queries.groups import board_on
from tdcs.entrustment.services.members import represent
from tdcs.households.models import Household, HouseholdMember, Person
from tdcs.households.rules import is_grown
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.loans.errors import (
    FieldWrong,
    HeirNotUndone,
    HeirRefused,
    NotAllowed,
)
from tdcs.loans.models import ChangeRequest, HeirRequest, Loan, LoanTransfer, MoveRequest
from tdcs.loans.queries.applications import still_to_pay
from tdcs.loans.queries.inheriting import open_loans_of
from tdcs.loans.queries.scope import visible_loans
from tdcs.loans.rules.inheriting import wrong_days
from tdcs.loans.services.deciding import require_decidable
from tdcs.loans.services.results import HeirDecided
from tdcs.loans.services.transferring import Belonging, transfer
from tdcs.loans.states import ENDED_APPLICATIONS, HEIR_MOVES
from tdcs.organisations.models import living_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Inheritance:
    """Who died when by which paper, who takes over, when that was signed and from when on it holds."""

    deceased: Person
    heir: Person
    died_on: date
    death_paper: str
    agreed_on: date
    since: date
    why: str


@dataclass(frozen=True, slots=True)
class ForeseenHeir:
    """The loans that would go over, and everything that stands in the way."""

    loans: list[Loan]
    reasons: list[str]


def ask_heir(*, household: Household, inheritance: Inheritance, by: User, on: date) -> HeirRequest:
    """A request; refused at once, with all reasons, when it could not be carried out.

    Raises NotAllowed, FieldWrong, HeirRefused.
    """
    if not by.may(HEIR_MOVES["ask"].permission):
        raise NotAllowed(verb="Đề nghị nhận nợ thừa kế")
    for name, words in (("giấy chứng tử", inheritance.death_paper), ("căn cứ", inheritance.why)):
        if not words.strip():
            raise FieldWrong(field=name, why="chưa ghi")
    with transaction.atomic():
        row = Household.objects.select_for_update().get(pk=household.pk)
        request = HeirRequest(
            household=row,
            deceased=inheritance.deceased,
            heir=inheritance.heir,
            died_on=inheritance.died_on,
            death_paper=squash(inheritance.death_paper)[:120],
            agreed_on=inheritance.agreed_on,
            since=inheritance.since,
            why=squash(inheritance.why)[:300],
            asked_on=on,
            asked_by=by,
        )
        waits = HeirRequest.objects.filter(
            deceased=inheritance.deceased, state=HeirRequest.State.ASKED
        )
        reasons = ["đã có đề nghị đang chờ quyết định"] if waits.exists() else []
        _require(request, [*reasons, *foresee_heir(request=request, by=by, on=on).reasons])
        request.save()
        trail.record(
            action="loans.ask_heir",
            subject=row,
            by=by,
            on=on,
            why=request.why,
            data={
                "deceased": request.deceased_id,
                "heir": request.heir_id,
                "since": request.since,
            },
        )
    return request


def foresee_heir(*, request: HeirRequest, by: User | None, on: date) -> ForeseenHeir:
    """What would go over and what stands in the way, without doing it."""
    loans = open_loans_of(request.household, request.deceased_id)
    days = wrong_days(
        died_on=request.died_on, agreed_on=request.agreed_on, since=request.since, on=on
    )
    reasons = [
        *days,
        *_wrong_people(request),
        *_out_of_reach(loans, by, on),
        *_wrong_loans(request, loans),
        *_unfinished(request, loans),
    ]
    return ForeseenHeir(loans, reasons)


def decide_heir(
    *, request: HeirRequest, approve: bool, by: User, on: date, key: str, words: str = ""
) -> HeirDecided:
    """Approve (the heir owes from the request's day on) or refuse.

    Raises RequestDecided, NotAllowed, SamePerson, HeirRefused.
    """

    def work(operation: Operation) -> HeirDecided:
        Household.objects.select_for_update().get(pk=request.household_id)
        kept = HeirRequest.objects.select_for_update().get(pk=request.pk)
        move = HEIR_MOVES["approve" if approve else "refuse"]
        asked = ("loans.ask_heir", kept.asked_by_id)
        verb = "Duyệt nhận nợ thừa kế"
        require_decidable(state=kept.state, move=move, asked=asked, by=by, verb=verb)
        kept.decided_on, kept.decided_by = on, by
        kept.words = squash(words)[:300]
        kept.state = move.target
        count = _carry_out(kept, by, on) if approve else 0
        kept.save()
        trail.record(
            action="loans.decide_heir",
            subject=kept.household,
            by=by,
            on=on,
            why=words,
            data={"request": kept.pk, "approved": approve, "loans": count, "since": kept.since},
        )
        return {"request": kept.pk, "state": kept.state, "loans": count}

    asked = {"request": request.pk, "approve": approve}
    return idempotent(key=key, action="loans.decide_heir", request=asked, by=by, on=on, work=work)


def undo_heir(*, request: HeirRequest, why: str, by: User, on: date, key: str) -> HeirDecided:
    """The dead member is the borrower again from today on; the days between keep the heir.

    Raises RequestDecided, NotAllowed, FieldWrong, HeirNotUndone.
    """
    if not why.strip():
        raise FieldWrong(field="lý do", why="chưa ghi")

    def work(operation: Operation) -> HeirDecided:
        Household.objects.select_for_update().get(pk=request.household_id)
        kept = HeirRequest.objects.select_for_update().get(pk=request.pk)
        move = HEIR_MOVES["undo"]
        verb = "Hoàn tác nhận nợ thừa kế"
        require_decidable(state=kept.state, move=move, asked=("", None), by=by, verb=verb)
        reasons = undo_hindrances(kept, on)
        if reasons:
            raise HeirNotUndone(heir=kept.heir.full_name, reasons=reasons)
        member = GroupMember.objects.filter(household=kept.household, ends_on=None).first()
        if member is not None and member.person_id == kept.heir_id:
            represent(
                household=kept.household, person=kept.deceased, since=on, why=why, by=by, on=on
            )
        loans = _locked([one.loan_id for one in _taken_over(kept)])
        _transfer(kept, loans, kept.deceased_id, LoanTransfer.Kind.UNHEIR, by, on)
        kept.state = move.target
        kept.undone_on, kept.undone_by, kept.undone_why = on, by, squash(why)[:300]
        kept.save()
        trail.record(
            action="loans.undo_heir",
            subject=kept.household,
            by=by,
            on=on,
            why=squash(why),
            data={"request": kept.pk, "loans": len(loans)},
        )
        return {"request": kept.pk, "state": kept.state, "loans": len(loans)}

    asked = {"request": request.pk}
    return idempotent(key=key, action="loans.undo_heir", request=asked, by=by, on=on, work=work)


def undo_hindrances(request: HeirRequest, on: date) -> list[str]:
    """What came later and keeps the taking over from being undone."""
    reasons = []
    for one in _taken_over(request):
        last = one.loan.transfers.order_by("on", "pk").last()
        if last is not None and last.pk != one.pk:
            reasons.append(
                f"khoản vay {one.loan.number} đã chuyển tiếp ngày {last.on:%d/%m/%Y}"
                f" ({last.get_kind_display().lower()})"
            )
        waiting = one.loan.change_requests.filter(state=ChangeRequest.State.ASKED)
        if waiting.exists():
            reasons.append(f"khoản vay {one.loan.number} có đề nghị xử lý nợ chưa quyết định")
    members = HouseholdMember.objects.filter(living_on(on), household=request.household)
    if not members.filter(person=request.deceased_id).exists():
        reasons.append(f"{request.deceased.full_name} đã được ghi rời hộ")
    return reasons


def _taken_over(request: HeirRequest) -> list[LoanTransfer]:
    rows = request.transfers.filter(kind=LoanTransfer.Kind.HEIR)
    return list(rows.select_related("loan").order_by("loan_id"))


def _require(request: HeirRequest, reasons: Sequence[str]) -> None:
    if reasons:
        raise HeirRefused(
            heir=request.heir.full_name, deceased=request.deceased.full_name, reasons=reasons
        )


def _wrong_people(request: HeirRequest) -> list[str]:
    """The heir is another living member of the household on the day, of age; the dead one led no group."""
    since, heir, deceased = request.since, request.heir, request.deceased
    if heir.pk == deceased.pk:
        return ["người nhận nợ là chính người đã mất"]
    reasons = []
    members = HouseholdMember.objects.filter(living_on(since), household=request.household)
    if not members.filter(person=heir).exists():
        reasons.append(
            f"{heir.full_name} không thuộc hộ {request.household.code} ngày {since:%d/%m/%Y}"
        )
    if not is_grown(heir.born_on, since):
        reasons.append(f"{heir.full_name} chưa đủ tuổi thành niên ngày {since:%d/%m/%Y}")
    member = GroupMember.objects.filter(household=request.household, ends_on=None).first()
    if member is not None and member.person_id == deceased.pk:
        if board_on(member.group, since).filter(person=deceased).exists():
            reasons.append(
                f"{deceased.full_name} trong ban quản lý tổ {member.group.code}: miễn nhiệm trước"
            )
        if since < member.starts_on:
            reasons.append(f"ngày nhận nợ trước ngày hộ vào tổ ({member.starts_on:%d/%m/%Y})")
    return reasons


def _out_of_reach(loans: list[Loan], by: User | None, on: date) -> list[str]:
    if by is None:
        return []
    keys = [loan.pk for loan in loans]
    seen = set(visible_loans(by, on).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        f"khoản vay {loan.number} không thuộc phạm vi của bạn"
        for loan in loans
        if loan.pk not in seen
    ]


def _wrong_loans(request: HeirRequest, loans: list[Loan]) -> list[str]:
    """There is a debt, older than the death, that nobody has taken elsewhere since."""
    if not loans:
        return [f"{request.deceased.full_name} không còn nợ ở hộ {request.household.code}"]
    reasons = []
    for loan in loans:
        paid_out = loan.events.filter(kind="disbursement", reversed_by=None).aggregate(
            last=Max("on")
        )["last"]
        if paid_out is not None and paid_out > request.died_on:
            reasons.append(
                f"khoản vay {loan.number} giải ngân ngày {paid_out:%d/%m/%Y}, sau ngày mất:"
                " kiểm tra lại"
            )
        moved = loan.transfers.aggregate(last=Max("on"))["last"]
        if moved is not None and moved > request.since:
            reasons.append(
                f"khoản vay {loan.number} đã chuyển ngày {moved:%d/%m/%Y}, sau ngày nhận nợ"
            )
    return reasons


def _unfinished(request: HeirRequest, loans: list[Loan]) -> list[str]:
    """What was begun in the dead member's name, or waits for a decision, is ended before."""
    asked = request.household.applications.filter(borrower=request.deceased).order_by("pk")
    reasons = [
        f"hồ sơ {row.number} đứng tên người đã mất đang xử lý"
        f" ({row.get_state_display().lower()}): rút trước"
        for row in asked.exclude(state__in=ENDED_APPLICATIONS)
    ]
    for loan in loans:
        if loan.change_requests.filter(state=ChangeRequest.State.ASKED).exists():
            reasons.append(f"khoản vay {loan.number} có đề nghị xử lý nợ chưa quyết định")
        if loan.application is not None and still_to_pay(loan.application):
            reasons.append(
                f"khoản vay {loan.number} còn phần chưa giải ngân: thôi giải ngân phần còn lại trước"
            )
    moving = MoveRequest.objects.filter(
        household=request.household, state=ChangeRequest.State.ASKED
    )
    if moving.exists():
        reasons.append("hộ có đề nghị chuyển nơi quản lý chưa quyết định")
    return reasons


def _carry_out(request: HeirRequest, by: User, on: date) -> int:
    """The place in the group, then the loans: the order in which a collection sheet locks them."""
    seen = foresee_heir(request=request, by=by, on=on)
    _require(request, seen.reasons)
    member = GroupMember.objects.filter(household=request.household, ends_on=None).first()
    if member is not None and member.person_id == request.deceased_id:
        represent(
            household=request.household,
            person=request.heir,
            since=request.since,
            why=request.why,
            by=by,
            on=on,
        )
    loans = _locked([loan.pk for loan in seen.loans])
    _transfer(request, loans, request.heir_id, LoanTransfer.Kind.HEIR, by, request.since)
    return len(loans)


def _locked(keys: Sequence[int]) -> list[Loan]:
    return list(Loan.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _transfer(
    request: HeirRequest, loans: list[Loan], borrower: int, kind: str, by: User, since: date
) -> None:
    for loan in loans:
        belonging = Belonging(loan.household_id, borrower, loan.group_id, loan.office_id)
        transfer(loan, belonging, kind=kind, by=by, since=since, request=request)
