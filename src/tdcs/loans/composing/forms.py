"""What a form of lending is filled with: one loan, one application, one request, or a whole group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from tdcs.entrustment.models import SavingsGroup
from tdcs.loans.composing import lists
from tdcs.loans.composing.facts import (
    Home,
    Paper,
    adults,
    area_of,
    bare_place,
    group_of,
    homes_of,
    household_of,
    office_of,
    person_of,
    programme_name,
)
from tdcs.loans.models import (
    ApplicationMove,
    AppraisalMeeting,
    ChangeRequest,
    Instalment,
    Loan,
    LoanApplication,
)
from tdcs.loans.queries.folding import LoanBalance, balances_on
from tdcs.organisations.models import Area, Organisation
from tdcs.programmes.rules import terms_on
from tdcs.programmes.rules.shared import shared

Subject = LoanApplication | Loan | ChangeRequest | SavingsGroup

_COMMUNE_CONFIRMS: Final = ("SXKD",)
_CHANGE_KEYS: Final = (
    "kind",
    "cause",
    "asked_on",
    "asked_by",
    "due_on",
    "until_on",
    "principal",
    "state",
    "decided_on",
    "decided_by",
    "decided_until",
    "refused_words",
    "amount",
    "extend_to",
    "freeze_to",
    "loss_percent",
    "loss_band",
    "loss_amount",
    "capital",
    "happened_on",
    "ability",
    "plan",
)


def context_for(number: str, subject: Subject, on: date, *, full: bool = False) -> dict[str, Any]:
    """The values of form ``number``; ``full``: identity numbers and telephones are written out.

    The caller has asked whether the person may see the subject and, for ``full``, whether he may unmask.
    """
    paper = Paper(on, full)
    if isinstance(subject, SavingsGroup):
        return _of_group(subject, paper)
    if isinstance(subject, LoanApplication):
        return _of_application(subject, paper, whole_list=number in _LISTS, number=number)
    if isinstance(subject, ChangeRequest):
        context = _of_loan(subject.loan, paper, subject)
        if number in _ROUNDS:
            context |= lists.round_of(subject, paper)
        return context
    context = _of_loan(subject, paper, None)
    if number == "HĐTD" and subject.application is not None:
        # Who signed the contract stays on it, whoever took the debt over later.
        context["borrower"] = person_of(subject.application.borrower, paper)
    return context


def day_of_paper(number: str, subject: Subject, today: date) -> date:
    """The day on which a form stands unless another is asked for: names and places are those of that day.

    A request stands on the day it was made, a list on the meeting's or the approval's, a contract on its signing.
    """
    if isinstance(subject, SavingsGroup):
        return today
    if isinstance(subject, ChangeRequest):
        return subject.asked_on if number in _ON_REQUEST else today
    if isinstance(subject, Loan):
        if number != "HĐTD":
            return today
        signed = subject.application and lists.day_of_move(subject.application, "sign")
        return signed or subject.disbursed_on
    if number in ("01/TD", "01/UQ"):
        return subject.asked_on
    return lists.day_of_move(subject, _VERB_OF.get(number, "sign")) or today


_ON_REQUEST: Final = ("08/TD", "09/TD", "01/XLN")
_VERB_OF: Final = {"03/TD": "appraise", "10C/TD": "appraise", "04/TD": "approve", "HĐTD": "sign"}
_ROUNDS: Final = ("03/XLN", "04/XLN", "05/XLN")
_LISTS: Final[dict[str, Callable[[LoanApplication, Paper], dict[str, Any]]]] = {
    "03/TD": lists.appraised_with,
    "10C/TD": lists.appraised_with,
    "04/TD": lists.approved_with,
}


def frame_of(
    office: Organisation, group: SavingsGroup | None, area: Area | int | None, paper: Paper
) -> dict[str, Any]:
    """What every form has: the day, the office, the group, the commune."""
    of_group = group_of(group, paper)
    found = of_group.pop("area") or area
    key = found.pk if isinstance(found, Area) else found
    of_office = office_of(office, paper)
    commune = area_of([key], paper.on)[key] if key else ""
    return {
        "on": paper.on,
        "office": of_office,
        "group": of_group,
        "commune": {"name": commune, "place": bare_place(commune)},
        "place": of_office["place"],
        "signers": dict.fromkeys(("officer", "head", "director")),
        "party": dict.fromkeys(("commune", "organisation")),
    }


def minutes_of(meeting: AppraisalMeeting) -> dict[str, Any]:
    """The values of 10C/TD for a whole meeting, with names and places as on its day."""
    paper = Paper(meeting.on, False)
    office = lists.office_of_group(meeting.group, meeting.on)
    return {**frame_of(office, meeting.group, None, paper), **lists.met(meeting, paper)}


def _of_group(group: SavingsGroup, paper: Paper) -> dict[str, Any]:
    office = lists.office_of_group(group, paper.on)
    return {**frame_of(office, group, None, paper), **lists.sheet_of(group, paper)}


def _of_application(
    application: LoanApplication, paper: Paper, *, whole_list: bool, number: str
) -> dict[str, Any]:
    household = household_of(application.household, paper)
    moves = _moves(application)
    loan = Loan.objects.filter(application=application).first()
    frame = frame_of(
        application.office,
        application.group,
        area_of_household(application.household_id, paper),
        paper,
    )
    frame["signers"] = _signers(moves)
    context = {
        **frame,
        "borrower": person_of(application.borrower, paper),
        "household": household,
        "adults": adults(household["members"], application.borrower, application.asked_on),
        "deal": _asked(application, moves, loan),
        "plan": application.terms.get("plan") or [],
        "commune_confirms": application.programme in _COMMUNE_CONFIRMS,
        "schedule": _schedule(loan),
    }
    return context | (_LISTS[number](application, paper) if whole_list else {})


def _of_loan(loan: Loan, paper: Paper, request: ChangeRequest | None) -> dict[str, Any]:
    frame = frame_of(loan.office, loan.group, area_of_household(loan.household_id, paper), paper)
    standing = balances_on([loan], max(paper.on, loan.disbursed_on))[loan.pk]
    moves = _moves(loan.application) if loan.application else {}
    frame["signers"] = _signers(moves)
    return {
        **frame,
        "borrower": person_of(loan.borrower, paper),
        "household": household_of(loan.household, paper),
        "deal": _lent(loan, moves),
        "schedule": _schedule(loan),
        "standing": _stands(standing),
        "missed": lists.missed(standing, paper.on),
        "events": lists.story(loan, paper.on),
        "parts": _parts(standing),
        "change": _change(request, loan),
    }


def area_of_household(household: int, paper: Paper) -> int | None:
    return homes_of([household], paper.on).get(household, Home()).area


def _moves(application: LoanApplication) -> dict[str, ApplicationMove]:
    """The last move of each verb."""
    rows = application.moves.select_related("by").order_by("pk")
    return {row.verb: row for row in rows}


def _signers(moves: dict[str, ApplicationMove]) -> dict[str, str | None]:
    """Who checked, controlled and approved; nobody before he did."""
    verbs = {"officer": "check", "head": "control", "director": "approve"}
    by = {role: moves[verb].by if verb in moves else None for role, verb in verbs.items()}
    return {role: person.full_name if person else None for role, person in by.items()}


def _asked(
    application: LoanApplication, moves: dict[str, ApplicationMove], loan: Loan | None
) -> dict[str, Any]:
    if loan is not None:
        deal = _lent(loan, moves)
    else:
        law = terms_on(application.programme, application.asked_on, application.target_group)
        deal = {
            "number": application.number,
            "amount": application.approved_amount,
            "term_months": application.term_months,
            "instalment_months": application.instalment_months,
            "disbursed_on": None,
            "final_due_on": None,
            "session_day": None,
            "each": None,
            "missed_words": _missed_words(law.regime == "instalment"),
            **_rates(law.rate_ppm, application.asked_on),
            **_of_request(application, moves),
        }
    return deal


def _of_request(
    application: LoanApplication | None, moves: dict[str, ApplicationMove]
) -> dict[str, Any]:
    """What stands in the application."""
    days = {f"{word}_on": moves[verb].on if verb in moves else None for word, verb in _STEPS}
    if application is None:
        keys = ("application_number", "asked", "approved", "asked_on", "purpose", "programme_name")
        return {**dict.fromkeys((*keys, "total_need", "own_funds")), **days}
    return {
        "application_number": application.number,
        "asked": application.amount,
        "approved": application.approved_amount,
        "asked_on": application.asked_on,
        "purpose": application.purpose,
        "programme_name": programme_name(application.programme),
        "total_need": application.terms.get("total_need"),
        "own_funds": application.terms.get("own_funds"),
        **days,
    }


_STEPS: Final = (("approved", "approve"), ("signed", "sign"))


def _lent(loan: Loan, moves: dict[str, ApplicationMove]) -> dict[str, Any]:
    first = loan.instalments.order_by("number").first()
    return {
        **_of_request(loan.application, moves),
        "number": loan.number,
        "amount": loan.principal,
        "programme_name": programme_name(loan.programme),
        "term_months": loan.term_months,
        "instalment_months": loan.instalment_months,
        "disbursed_on": loan.disbursed_on,
        "final_due_on": loan.final_due_on,
        "session_day": str(loan.session_day) if loan.session_day else None,
        "each": first.principal if first else None,
        "missed_words": _missed_words(loan.by_instalment),
        **_rates(loan.rate_ppm, loan.disbursed_on),
    }


def _rates(rate_ppm: int, on: date) -> dict[str, Any]:
    percent = shared("overdue_percent").on(on).amount
    return {
        "rate_ppm": rate_ppm,
        "overdue_percent": percent,
        "overdue_ppm": (rate_ppm * percent + 50) // 100,
    }


def _missed_words(by_instalment: bool) -> str:
    if by_instalment:
        return (
            "Đến kỳ hạn mà Bên B không trả đủ gốc và không được điều chỉnh kỳ hạn, "
            "số gốc chưa trả của kỳ đó chuyển sang nợ quá hạn."
        )
    return (
        "Số gốc chưa trả của một kỳ hạn được chuyển sang kỳ hạn kế tiếp; "
        "đến hạn trả nợ cuối cùng mà chưa trả đủ thì số còn lại chuyển sang nợ quá hạn."
    )


def _schedule(loan: Loan | None) -> list[dict[str, Any]]:
    rows = Instalment.objects.filter(loan=loan).order_by("number") if loan else ()
    return [
        {
            "contract_due_on": row.contract_due_on,
            "due_on": row.due_on,
            "session_on": row.session_on,
            "principal": row.principal,
        }
        for row in rows
    ]


def _stands(standing: LoanBalance) -> dict[str, Any]:
    return {
        "balance": standing.balance,
        "overdue": standing.overdue,
        "overdue_since": standing.overdue_since,
        "interest_due": standing.interest_due,
        "owed": standing.balance + standing.interest_due,
    }


def _parts(standing: LoanBalance) -> list[dict[str, Any]]:
    """What is owed, part by part."""
    return [
        {"name": "Nợ gốc trong hạn", "amount": standing.in_time},
        {"name": "Nợ gốc quá hạn", "amount": standing.overdue},
        {"name": "Nợ gốc đang khoanh", "amount": standing.frozen},
        {"name": "Nợ lãi", "amount": standing.interest_due},
    ]


def _change(request: ChangeRequest | None, loan: Loan) -> dict[str, Any]:
    """The request; without one the form is a blank to write in."""
    if request is None:
        return dict.fromkeys(_CHANGE_KEYS)
    decided = request.state != ChangeRequest.State.ASKED
    approved = request.state == ChangeRequest.State.APPROVED
    part = (
        loan.instalments.filter(contract_due_on=request.due_on).first() if request.due_on else None
    )
    return dict.fromkeys(_CHANGE_KEYS) | {
        "kind": request.kind,
        "cause": request.cause,
        "asked_on": request.asked_on,
        "asked_by": request.asked_by.full_name if request.asked_by else None,
        "due_on": request.due_on,
        "until_on": request.until_on,
        "principal": part.principal if part else None,
        "state": request.state,
        "decided_on": request.decided_on,
        "decided_by": request.decided_by.full_name if decided and request.decided_by else None,
        "decided_until": request.until_on if approved else None,
        "refused_words": request.words if decided and not approved else None,
        "amount": request.amount,
        "extend_to": request.until_on if request.kind == "extend" else None,
        "freeze_to": request.until_on if request.kind == "freeze" else None,
        "loss_percent": request.loss_percent,
        "loss_band": _band(request.loss_percent),
    }


def _band(percent: int | None) -> str | None:
    if percent is None:
        return None
    return "low" if percent < 40 else ("middle" if percent < 80 else "high")
