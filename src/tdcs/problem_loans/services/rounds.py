"""Rounds of risk handling: opened, filled, submitted, decided; loans are frozen and written off by their own services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core import trail
from tdcs.loans.models import Loan
from tdcs.loans.services.changing import (
    ChangeDecision,
    ChangeDraft,
    ask_change,
    decide_change,
)
from tdcs.organisations.models import Organisation
from tdcs.problem_loans.errors import (
    CaseListed,
    DossierField,
    OutsideScope,
    RoundEmpty,
    RoundsOfYear,
    RoundStep,
)
from tdcs.problem_loans.models import ProblemDossier, RiskCase, RiskRound
from tdcs.problem_loans.rules.promises import loss_percent
from tdcs.problem_loans.rules.rounds import may_open, most_rounds
from tdcs.problem_loans.states import ROUND_MOVES, RoundState


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseDraft:
    """What is proposed for a debt, by which loss of which capital, as the minutes of a day found it."""

    loan: Loan
    measure: str
    cause: str
    capital: int
    loss: int
    minutes_on: date | None
    until_on: date | None = None


def open_round(*, office: Organisation, by: User, on: date) -> RiskRound:
    """The year's next round of an office. Raises OutsideScope, RoundsOfYear."""
    _require(by, "problem_loans.work", office.pk, on)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=office.pk)
        count = RiskRound.objects.filter(office=office, year=on.year).count()
        if not may_open(count, on):
            raise RoundsOfYear(year=on.year, count=count, most=most_rounds(on))
        made = RiskRound.objects.create(
            office=office, year=on.year, number=count + 1, opened_on=on, opened_by=by
        )
        trail.record(action="problem_loans.open_round", subject=made, by=by, on=on)
    return made


def add_case(*, risk_round: RiskRound, case: CaseDraft, by: User, on: date) -> RiskCase:
    """A debt with its loss and its measure. Raises OutsideScope, RoundStep, CaseListed, DossierField."""
    minutes_on = _require_case(case, on)
    with transaction.atomic():
        row = _locked(risk_round, "submit", by, on)
        if case.loan.office_id != row.office_id:
            raise OutsideScope
        if row.cases.filter(loan=case.loan).exists():
            raise CaseListed(number=case.loan.number)
        dossier = ProblemDossier.objects.filter(household=case.loan.household_id, closed_on=None)
        made = RiskCase.objects.create(
            round=row,
            loan=case.loan,
            dossier=dossier.first(),
            measure=case.measure,
            cause=case.cause.strip()[:300],
            capital=case.capital,
            loss=case.loss,
            until_on=case.until_on,
            minutes_on=minutes_on,
            by=by,
        )
        trail.record(
            action="problem_loans.list_case",
            subject=row,
            by=by,
            on=on,
            data={"loan": case.loan.number, "measure": case.measure, "loss": case.loss},
        )
    return made


def remove_case(*, case: RiskCase, why: str, by: User, on: date) -> None:
    """Taken out of a round that is still open. Raises OutsideScope, RoundStep, DossierField."""
    if not why.strip():
        raise DossierField(field="lý do", why="chưa ghi")
    with transaction.atomic():
        row = _locked(case.round, "submit", by, on)
        data = {"loan": case.loan.number, "measure": case.measure}
        case.delete()
        trail.record(
            action="problem_loans.unlist_case", subject=row, by=by, on=on, why=why, data=data
        )


def submit_round(*, risk_round: RiskRound, by: User, on: date) -> RiskRound:
    """Each case becomes a request of its loan, as the rules of loans allow it that day: all of them, or none.

    Raises OutsideScope, RoundStep, RoundEmpty and what ``ask_change`` refuses.
    """
    with transaction.atomic():
        row = _locked(risk_round, "submit", by, on)
        cases = list(row.cases.select_related("loan").order_by("pk"))
        if not cases:
            raise RoundEmpty
        for case in cases:
            frozen = case.measure == RiskCase.Measure.FREEZE
            draft = ChangeDraft(
                kind=case.measure,
                cause=case.cause,
                until_on=case.until_on,
                loss_percent=loss_percent(case.loss, case.capital) if frozen else None,
            )
            case.request = ask_change(loan=case.loan, change=draft, by=by, on=on)
            case.save(update_fields=["request"])
        row.state, row.submitted_on = ROUND_MOVES["submit"].target, on
        row.save(update_fields=["state", "submitted_on"])
        trail.record(
            action="problem_loans.submit_round",
            subject=row,
            by=by,
            on=on,
            data={"cases": len(cases)},
        )
    return row


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundDecision:
    """Under which number, and which cases were approved; the others are refused with these words."""

    number: str
    approved: frozenset[int]
    words: str = ""


def decide_round(
    *, risk_round: RiskRound, decision: RoundDecision, by: User, on: date, key: str
) -> RiskRound:
    """What was decided above happens to every loan of the round, once. Raises OutsideScope, RoundStep, DossierField and
    what ``decide_change`` refuses (the one who asked never decides)."""
    number = decision.number.strip()[:60]
    if not number:
        raise DossierField(field="số quyết định", why="chưa ghi")
    with transaction.atomic():
        row = _locked(risk_round, "decide", by, on)
        cases = list(row.cases.select_related("request").order_by("loan_id"))
        for case in cases:
            if case.request is None:
                raise RoundStep(verb=ROUND_MOVES["decide"].label, state=row.get_state_display())
            approve = case.pk in decision.approved
            decided = ChangeDecision(approve=approve, number=number, words=decision.words)
            decide_change(
                request=case.request, decision=decided, by=by, on=on, key=f"{key}-{case.pk}"
            )
        row.state, row.decided_on, row.decision_number = RoundState.DECIDED, on, number
        row.save(update_fields=["state", "decided_on", "decision_number"])
        trail.record(
            action="problem_loans.decide_round",
            subject=row,
            by=by,
            on=on,
            data={"number": number, "approved": len(decision.approved), "cases": len(cases)},
        )
    return row


def _locked(risk_round: RiskRound, verb: str, by: User, on: date) -> RiskRound:
    row = RiskRound.objects.select_for_update().get(pk=risk_round.pk)
    move = ROUND_MOVES[verb]
    _require(by, move.permission, row.office_id, on)
    if row.state not in move.sources:
        raise RoundStep(verb=move.label, state=row.get_state_display())
    return row


def _require(by: User, permission: str, office: int, on: date) -> None:
    seen = visible_organisations(by, on)
    if not by.may(permission) or (seen is not None and office not in seen):
        raise OutsideScope


def _require_case(case: CaseDraft, on: date) -> date:
    """The day of the minutes. Raises DossierField."""
    if case.measure not in RiskCase.Measure.values:
        raise DossierField(field="biện pháp", why="không có trong danh mục")
    if not case.cause.strip():
        raise DossierField(field="nguyên nhân", why="chưa ghi")
    if not 0 <= case.loss <= case.capital or case.capital <= 0:
        raise DossierField(field="giá trị thiệt hại", why="phải từ 0 đến tổng vốn")
    if case.minutes_on is None or case.minutes_on > on:
        raise DossierField(field="ngày biên bản", why="phải là một ngày đã qua")
    if (case.until_on is None) != (case.measure == RiskCase.Measure.WRITE_OFF):
        raise DossierField(
            field="đến ngày", why="khoanh nợ, gia hạn cần một ngày; xóa nợ thì không"
        )
    return case.minutes_on
