"""A household's request, from the group's meeting to the signed contract. Maker and checkers are different people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.conflicts import in_conflict
from tdcs.access.models import User
from tdcs.capital.models import CapitalSource
from tdcs.core import clock, trail
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.households.models import Household, Person
from tdcs.loans import ports
from tdcs.loans.errors import (
    FieldWrong,
    NotAllowed,
    NotEligible,
    NotMember,
    SamePerson,
    TermTooLong,
    WrongState,
)
from tdcs.loans.models import ApplicationMove, LoanApplication
from tdcs.loans.queries.applications import FORWARD, RETURNERS, hands_of, still_to_pay
from tdcs.loans.queries.eligibility import judge_household
from tdcs.loans.queries.limits import promised
from tdcs.loans.queries.scope import people_for_step
from tdcs.loans.services.limits import require_below
from tdcs.loans.states import MOVES, ApplicationState
from tdcs.organisations.models import Organisation
from tdcs.programmes.rules import Terms, default_spacing, terms_on


@dataclass(frozen=True, kw_only=True, slots=True)
class LoanRequest:
    """What a household asks for (01/TD), and through whom."""

    household: Household
    borrower: Person
    programme: str
    amount: int
    term_months: int
    purpose: str
    group: SavingsGroup | None
    office: Organisation
    source: CapitalSource
    instalment_months: int | None = None
    target_group: str = ""
    terms: Mapping[str, object] | None = None


def apply(*, request: LoanRequest, by: User, on: date) -> LoanApplication:
    """A new request (01/TD). Raises FieldWrong, NotMember, NotEligible, AboveMaximum, TermTooLong."""
    if type(request.amount) is not int or request.amount <= 0:
        raise FieldWrong(field="số tiền", why="phải là số nguyên đồng lớn hơn 0")
    if not request.purpose.strip():
        raise FieldWrong(field="mục đích", why="chưa ghi")
    if not by.may("loans.apply"):
        raise NotAllowed(verb="Lập hồ sơ vay")
    channel = "group" if request.group is not None else "direct"
    with transaction.atomic():
        # One household, many programmes: the limits count all of them together, so the household is locked.
        Household.objects.select_for_update().get(pk=request.household.pk)
        law = require_within(request, request.amount, on)
        if request.group is not None:
            _require_member(request.household, request.group, on)
        made: LoanApplication = LoanApplication.objects.create(
            number="",
            household=request.household,
            borrower=request.borrower,
            group=request.group,
            office=request.office,
            source=request.source,
            programme=request.programme,
            target_group=request.target_group,
            channel=channel,
            amount=request.amount,
            term_months=request.term_months,
            instalment_months=request.instalment_months
            or default_spacing(request.programme, request.term_months, channel, on),
            purpose=request.purpose.strip()[:300],
            terms=dict(request.terms or {}),
            asked_on=on,
            made_by=by,
            law_hash=law.law_hash,
        )
        made.number = f"HS{on.year % 100:02d}{made.pk:08d}"
        made.save(update_fields=["number"])
        _log(made, ("apply", ""), by=by, on=on, data={"amount": request.amount})
        _tell_next(made, on)
        trail.record(
            action="loans.apply", subject=made, by=by, on=on, data={"amount": request.amount}
        )
    return made


def require_within(
    asked: LoanRequest | LoanApplication,
    amount: int,
    on: date,
    *,
    but: LoanApplication | None = None,
) -> Terms:
    """The law's terms of the day when household, amount and term are within them; the refusals otherwise."""
    household, programme, term_months = asked.household, asked.programme, asked.term_months
    law = terms_on(programme, on, asked.target_group)
    verdict = judge_household(household, programme, on)
    if not verdict.eligible:
        raise NotEligible(programme=programme, day=on, reason=verdict.reason, basis=verdict.basis)
    if law.max_term_months is not None and not 0 < term_months <= law.max_term_months:
        raise TermTooLong(term=term_months, longest=law.max_term_months, programme=programme)
    if term_months <= 0:
        raise FieldWrong(field="thời hạn", why="phải lớn hơn 0 tháng")
    require_below(
        household, programme, amount, law.maximum, promised(household, programme, but=but)
    )
    return law


def advance(
    *,
    application: LoanApplication,
    verb: str,
    by: User,
    on: date,
    words: str = "",
    approved_amount: int | None = None,
) -> LoanApplication:
    """One step of the flow. Raises WrongState, NotAllowed, SamePerson, and at approval what the limits refuse."""
    if verb == "disburse":
        raise WrongState(number=application.number, state=application.state, verb=verb)
    with transaction.atomic():
        kept = LoanApplication.objects.select_for_update().get(pk=application.pk)
        require_move(kept, verb, by)
        if verb in ("return", "refuse", "forgo") and not words.strip():
            raise FieldWrong(field="ý kiến", why="cần ghi lý do")
        data = {"amount": _forgo(kept)} if verb == "forgo" else {}
        if verb == "approve":
            Household.objects.select_for_update().get(pk=kept.household_id)
            given = kept.amount if approved_amount is None else approved_amount
            if type(given) is not int or not 0 < given <= kept.amount:
                raise FieldWrong(
                    field="số tiền phê duyệt", why="phải lớn hơn 0, không quá số đề nghị"
                )
            law = require_within(kept, given, on, but=kept)
            kept.approved_amount, kept.law_hash = given, law.law_hash
            kept.save(update_fields=["approved_amount", "law_hash"])
        move(kept, verb, by=by, on=on, words=words, data=data)
        trail.record(action=f"loans.{verb}", subject=kept, by=by, on=on, why=words)
    return kept


def _forgo(application: LoanApplication) -> int:
    """What is not paid out yet is given up: it counts no more against the household's maximum. Raises WrongState."""
    Household.objects.select_for_update().get(pk=application.household_id)
    rest = still_to_pay(application)
    if rest <= 0:
        raise WrongState(
            number=application.number,
            state=application.get_state_display(),
            verb=MOVES["forgo"].label,
        )
    application.forgone += rest
    application.save(update_fields=["forgone"])
    return rest


def require_move(application: LoanApplication, verb: str, by: User) -> None:
    """Whether a person may take a step now."""
    step = MOVES.get(verb)
    if step is None or application.state not in step.sources:
        raise WrongState(
            number=application.number,
            state=application.get_state_display(),
            verb=step.label if step else verb,
        )
    if not by.may(step.permission) and not (
        verb == "return" and any(by.may(MOVES[v].permission) for v in RETURNERS)
    ):
        raise NotAllowed(verb=step.label)
    if in_conflict(f"loans.{verb}", hands_of(application), by.pk):
        raise SamePerson(verb=step.label)


def move(
    application: LoanApplication,
    verb: str,
    *,
    by: User,
    on: date,
    words: str = "",
    data: Mapping[str, object] | None = None,
) -> None:
    """Set the state and write the step; the caller has asked ``require_move``."""
    source, application.state = application.state, MOVES[verb].target
    application.save(update_fields=["state"])
    _log(application, (verb, source), by=by, on=on, words=words, data=data)
    _tell_next(application, on)


def _tell_next(application: LoanApplication, on: date) -> None:
    """Whoever may take the next step hears of it at once; who is barred from it does not."""
    verb = FORWARD.get(application.state)
    if verb is None or application.state == ApplicationState.DISBURSED:
        return
    words = f"Hồ sơ vay {application.number} chờ bạn: {MOVES[verb].label.lower()}"
    for holding in people_for_step(application, verb, on):
        ports.notify_person(holding.user_id, holding.organisation_id, words, application.pk)


def _log(
    application: LoanApplication,
    step: tuple[str, str],
    *,
    by: User,
    on: date,
    words: str = "",
    data: Mapping[str, object] | None = None,
) -> None:
    """``step``: the verb and the state before it."""
    verb, source = step
    ApplicationMove.objects.create(
        application=application,
        verb=verb,
        source=source,
        target=application.state,
        on=on,
        recorded_at=clock.now(),
        by=by,
        words=words.strip()[:500],
        data=dict(data or {}),
    )


def _require_member(household: Household, group: SavingsGroup, on: date) -> None:
    if not GroupMember.objects.on(on).filter(group=group, household=household).exists():
        raise NotMember(household=household.code, group=group.code, day=on)
