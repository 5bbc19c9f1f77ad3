"""Forms that list many: a group's applicants, its collection sheet, a round of debts at risk, a loan's story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet, Sum

from tdcs.entrustment.models import (
    GroupProfile,
    SavingsAccount,
    SavingsEvent,
    SavingsGroup,
)
from tdcs.loans.composing.facts import Home, Paper, homes_of, kind_words, kinds_of, programme_name
from tdcs.loans.models import (
    ApplicationMove,
    AppraisalCase,
    AppraisalMeeting,
    ChangeRequest,
    Loan,
    LoanApplication,
    LoanEvent,
)
from tdcs.loans.queries.folding import LoanBalance, balances_on, eve, events_of_many, standings_rows
from tdcs.loans.rules.kinds import KINDS
from tdcs.loans.states import ApplicationState
from tdcs.organisations.models import Organisation
from tdcs.programmes.rules import terms_on

_LIST_KEYS: Final = (
    "chair",
    "chair_name",
    "witness_post",
    "secretary",
    "organisation_person",
    "hamlet_head",
    "present",
    "absent",
    "not_chosen",
    "refused",
    "approved_on",
)
_AT_RISK: Final = ("extend", "freeze", "write_off")


def appraised_with(application: LoanApplication, paper: Paper) -> dict[str, Any]:
    """The applications that the group appraised on the same day as this one; before that, its drafts."""
    meeting = meeting_of(application)
    if meeting is not None:
        return met(meeting, paper)
    day = day_of_move(application, "appraise")
    rows = _together(application, "appraise", day)
    confirmed = set(
        ApplicationMove.objects.filter(application__in=rows, verb="confirm").values_list(
            "application_id", flat=True
        )
    )
    applicants = [
        {**row, "confirmed": "Có" if row["pk"] in confirmed else "", "votes": "", "agreed": None}
        for row in _lines(rows, paper)
    ]
    words = {**dict.fromkeys(_LIST_KEYS), "on": day, "programmes": _programmes(applicants)}
    words["witness_post"] = AppraisalMeeting.Witness.HEAD.label
    return {"applicants": applicants, "list": words}


def meeting_of(application: LoanApplication) -> AppraisalMeeting | None:
    """The last meeting that chose an application and was not undone."""
    rows = AppraisalCase.objects.filter(
        application=application, chosen=True, meeting__undone_on=None
    )
    case = rows.select_related("meeting", *(f"meeting__{n}" for n in ("chair", "secretary")))
    last = case.order_by("-pk").first()
    return last.meeting if last else None


def met(meeting: AppraisalMeeting, paper: Paper) -> dict[str, Any]:
    """What the minutes of a meeting hold: who was there, each case with its votes, who was not chosen."""
    cases = list(
        meeting.cases.select_related("application__borrower").order_by(
            "application__borrower__search", "pk"
        )
    )
    chosen = {case.application_id: case for case in cases if case.chosen}
    rows = [case.application for case in cases if case.chosen]
    moved = ApplicationMove.objects.filter(application__in=rows, verb="confirm")
    confirmed = set(moved.values_list("application_id", flat=True))
    applicants = [
        {
            **line,
            "confirmed": "Có" if line["pk"] in confirmed else "",
            "votes": f"{chosen[line['pk']].agree}/{len(meeting.present)}",
            "agreed": chosen[line["pk"]].amount,
        }
        for line in _lines(rows, paper)
    ]
    others = [
        f"{case.application.borrower.full_name} ({case.words or 'không đủ phiếu'})"
        for case in cases
        if not case.chosen
    ]
    words = {
        **dict.fromkeys(_LIST_KEYS),
        "on": meeting.on,
        "programmes": _programmes(applicants),
        "chair": f"{meeting.chair.full_name}, {meeting.chair_post.lower()}",
        "chair_name": meeting.chair.full_name,
        "secretary": meeting.secretary.full_name,
        "organisation_person": meeting.organisation_person or None,
        "witness_post": meeting.get_witness_post_display(),
        "hamlet_head": meeting.witness,
        "present": len(meeting.present),
        "absent": meeting.members - len(meeting.present),
        "not_chosen": "; ".join(others) or "không có",
    }
    return {"applicants": applicants, "list": words}


def approved_with(application: LoanApplication, paper: Paper) -> dict[str, Any]:
    """The group's applications that were approved on the same day as this one, and those refused that day."""
    day = day_of_move(application, "approve")
    rows = _together(application, "approve", day) if day else []
    refused = _together(application, "refuse", day) if day else []
    words = {**dict.fromkeys(_LIST_KEYS), "on": day, "approved_on": day}
    words["refused"] = "; ".join(row.borrower.full_name for row in refused) or "không có"
    lines = _lines(rows, paper)
    return {"approved": lines, "list": {**words, "programmes": _programmes(lines)}}


def day_of_move(application: LoanApplication, verb: str) -> date | None:
    """The last day on which a step was made; None before that."""
    move = application.moves.filter(verb=verb).order_by("-pk").first()
    return move.on if move else None


def _together(application: LoanApplication, verb: str, day: date | None) -> list[LoanApplication]:
    rows: QuerySet[LoanApplication] = LoanApplication.objects.select_related("borrower")
    if application.group_id is None:
        return list(rows.filter(pk=application.pk))
    rows = rows.filter(group_id=application.group_id)
    if day is None:
        rows = rows.filter(state=ApplicationState.DRAFT)
    else:
        moved = ApplicationMove.objects.filter(verb=verb, on=day)
        rows = rows.filter(pk__in=moved.values("application_id")).exclude(
            state=ApplicationState.WITHDRAWN
        )
    return list(rows.order_by("borrower__search", "pk"))


def _lines(rows: Sequence[LoanApplication], paper: Paper) -> list[dict[str, Any]]:
    households = {row.household_id for row in rows}
    homes, kinds = homes_of(households, paper.on), kinds_of(households, paper.on)
    return [
        {
            "pk": row.pk,
            "name": row.borrower.full_name,
            "hamlet": homes.get(row.household_id, Home()).hamlet,
            "kind": kind_words(kinds.get(row.household_id, ())),
            "programme": programme_name(row.programme),
            "amount": row.amount,
            "approved": row.approved_amount,
            "term_months": row.term_months,
            "purpose": row.purpose,
            "rate_ppm": terms_on(row.programme, row.asked_on, row.target_group).rate_ppm,
        }
        for row in rows
    ]


def _programmes(lines: Iterable[dict[str, Any]]) -> str:
    return ", ".join(dict.fromkeys(line["programme"] for line in lines))


def office_of_group(group: SavingsGroup, on: date) -> Organisation:
    """The office that serves the group on the day, or served it last."""
    rows = GroupProfile.objects.filter(group=group).select_related("office").order_by("-starts_on")
    before = rows.filter(starts_on__lte=on).first()
    found = before or rows.last()
    if found is None:
        raise LookupError(group.code)
    office: Organisation = found.office
    return office


def sheet_of(group: SavingsGroup, paper: Paper) -> dict[str, Any]:
    """The collection sheet of a session day: what is due before payments, what was paid in on the day."""
    rows = Loan.objects.filter(group=group, disbursed_on__lt=paper.on).select_related("borrower")
    loans = list(rows.order_by("borrower__search", "number"))
    stood = balances_on(loans, eve(paper.on))
    paid = _interest_paid([loan.pk for loan in loans], paper.on)
    accounts = _savings(group, paper.on)
    lines = []
    for loan in loans:
        standing = stood[loan.pk]
        if standing.balance or standing.interest_due or loan.pk in paid:
            saved = accounts.pop(loan.household_id, {})
            lines.append(_sheet_line(loan, standing, paid.get(loan.pk), saved, paper.on))
    lines += [_savings_line(saved) for saved in accounts.values()]
    totals = [line["total"] for line in lines if line["total"] is not None]
    return {"lines": lines, "paid": {"total": sum(totals) if totals else None}}


def _sheet_line(
    loan: Loan, standing: LoanBalance, interest: int | None, saved: dict[str, Any], on: date
) -> dict[str, Any]:
    fallen = sum(part for _, _, trigger, part in standing.instalments if trigger <= on)
    late = fallen - standing.paid - standing.written_off
    principal = 0 if standing.frozen else max(0, min(standing.balance, late))
    return {
        "name": loan.borrower.full_name,
        "number": loan.number,
        "balance": standing.balance,
        "principal_due": principal or None,
        "interest_due": standing.interest_due,
        "interest": interest,
        **_saved(saved),
        "total": _total(interest, saved.get("deposit")),
        "sign": "",
    }


def _savings_line(saved: dict[str, Any]) -> dict[str, Any]:
    """A member who owes nothing and saves."""
    blank = dict.fromkeys(("number", "balance", "principal_due", "interest_due", "interest"))
    total = _total(None, saved.get("deposit"))
    return {"name": saved["name"], **blank, **_saved(saved), "total": total, "sign": ""}


def _saved(saved: dict[str, Any]) -> dict[str, Any]:
    return {"savings_balance": saved.get("balance"), "savings": saved.get("deposit")}


def _total(*amounts: int | None) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _interest_paid(loans: Sequence[int], on: date) -> dict[int, int]:
    rows = LoanEvent.objects.filter(loan_id__in=loans, on=on, kind="interest", reversed_by=None)
    return dict(rows.values_list("loan_id").annotate(Sum("amount")))


def _savings(group: SavingsGroup, on: date) -> dict[int, dict[str, Any]]:
    """Each household's savings with the group: the balance at the eve, what was paid in on the day."""
    rows = SavingsAccount.objects.filter(group=group, opened_on__lte=on, closed_on=None)
    later: dict[int, int] = defaultdict(int)
    today: dict[int, int] = defaultdict(int)
    events = SavingsEvent.objects.filter(account__in=rows, on__gte=on)
    for account, day, kind, amount, undone in events.values_list(
        "account_id", "on", "kind", "amount", "reversed_by"
    ):
        later[account] += amount
        if day == on and kind == SavingsEvent.Kind.DEPOSIT and undone is None:
            today[account] += amount
    found: dict[int, dict[str, Any]] = {}
    for row in rows.select_related("person").order_by("person__search", "pk"):
        saved = found.setdefault(
            row.household_id, {"name": row.person.full_name, "balance": 0, "deposit": None}
        )
        saved["balance"] += row.balance - later[row.pk]
        if row.pk in today:
            saved["deposit"] = (saved["deposit"] or 0) + today[row.pk]
    return found


def missed(standing: LoanBalance, on: date) -> list[dict[str, Any]]:
    """Instalments overdue on the day, the oldest paid first; together what is overdue."""
    if not standing.overdue:
        return []
    rest, rows = standing.paid + standing.written_off, []
    for number, _, trigger, principal in standing.instalments:
        paid = min(rest, principal)
        rest -= paid
        if trigger < on and paid < principal:
            late = principal - paid
            rows.append(
                {
                    "number": number,
                    "session_on": trigger,
                    "principal": principal,
                    "paid": paid,
                    "overdue": late,
                }
            )
    return rows


_NAMES: Final = {
    "disbursement": "Giải ngân",
    "principal": "Trả gốc",
    "interest": "Trả lãi",
    "refund_interest": "Nhận lại lãi thu thừa",
    "write_off": "Xóa nợ",
}
_INTEREST_SIGNS: Final = {"interest": 1, "refund_interest": -1}
_CODES: Final = {code: name for name, code in KINDS.items()}


def story(loan: Loan, on: date) -> list[dict[str, Any]]:
    """Money that moved up to the day, in order, with the balance after each; what was reversed is left out."""
    events = standings_rows(events_of_many([loan.pk])[loan.pk], on)
    days = dict(LoanEvent.objects.filter(loan=loan).values_list("pk", "on"))
    balance, rows = 0, []
    for event in sorted(events, key=lambda row: (row.day, row.kind, row.key)):
        kind = _CODES[event.kind]
        if kind not in _NAMES:
            continue
        sign = {"disbursement": 1, "interest": 0, "refund_interest": 0}.get(kind, -1)
        balance += sign * event.amount
        rows.append(
            {
                "day": days[event.key],
                "words": _NAMES[kind],
                "lent": event.amount if kind == "disbursement" else None,
                "principal": event.amount if kind in ("principal", "write_off") else None,
                "interest": _INTEREST_SIGNS[kind] * event.amount
                if kind in _INTEREST_SIGNS
                else None,
                "balance": balance,
                "sign": "",
            }
        )
    return rows


def round_of(request: ChangeRequest, paper: Paper) -> dict[str, Any]:
    """All cases of the office in the request's half-year whose money is of the same tier."""
    first, last = _half_year(request.asked_on)
    rows = ChangeRequest.objects.filter(
        kind__in=_AT_RISK,
        asked_on__range=(first, last),
        loan__office_id=request.loan.office_id,
        loan__source__tier=request.loan.source.tier,
    ).select_related("loan", "loan__borrower")
    requests = list(rows.order_by("loan__borrower__search", "pk"))
    stood = balances_on([one.loan for one in requests], paper.on)
    cases = [_case(one, stood[one.loan_id]) for one in requests]
    half = 1 if first.month == 1 else 2
    tier = request.loan.source.get_tier_display().lower()
    return {
        "cases": cases,
        "freezes": [case for case in cases if case["kind"] == "freeze"],
        "write_offs": [case for case in cases if case["kind"] == "write_off"],
        "round": {"words": f"{half} năm {first.year}, nguồn vốn {tier}"},
    }


def _half_year(day: date) -> tuple[date, date]:
    if day.month <= 6:
        return date(day.year, 1, 1), date(day.year, 6, 30)
    return date(day.year, 7, 1), date(day.year, 12, 31)


def _case(request: ChangeRequest, standing: LoanBalance) -> dict[str, Any]:
    off = request.kind == "write_off"
    principal = (request.amount or 0) if off else standing.balance
    interest = standing.interest_due
    return {
        "kind": request.kind,
        "name": request.loan.borrower.full_name,
        "number": request.loan.number,
        "programme": programme_name(request.loan.programme),
        "cause": request.cause,
        "loss_percent": request.loss_percent,
        "principal": principal,
        "interest": interest,
        "owed": principal + interest,
        "until_on": request.until_on,
        "state": request.get_state_display(),
        **{kind: principal if request.kind == kind else None for kind in _AT_RISK},
    }
