"""Named invariants of dossiers and rounds of risk handling; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db import connection
from django.db.models import F, Q

from tdcs.core import clock
from tdcs.loans.models import ChangeRequest, Loan
from tdcs.loans.states import EventKind
from tdcs.problem_loans.models import EarlyWarning, ProblemDossier, RiskCase, RiskRound
from tdcs.problem_loans.queries.dossiers import promises_of
from tdcs.problem_loans.rules.promises import judged
from tdcs.problem_loans.states import RoundState

# Paid on a household's loans in the days of a promise, as the entries of the ledger say, and not the loans' own events.
_BOOKED: Final = """
    SELECT p.id, coalesce(sum(e.amount), 0)::bigint
      FROM problem_loans_paymentpromise p
      JOIN problem_loans_problemdossier d ON d.id = p.dossier_id
      LEFT JOIN loans_loan l ON l.household_id = d.household_id
      LEFT JOIN (
          SELECT v.loan_id, v.on, v.amount FROM loans_loanevent v
           WHERE v.entry_id IS NOT NULL AND v.kind = ANY(%(kinds)s)
             AND NOT EXISTS (SELECT 1 FROM loans_loanevent r WHERE r.reverses_id = v.id)
      ) e ON e.loan_id = l.id AND e.on BETWEEN p.made_on AND least(p.due_on, %(on)s)
     GROUP BY p.id
"""
# Measure of a case → the event that it leaves on its loan.
_EVENTS: Final = {
    RiskCase.Measure.FREEZE: EventKind.FREEZE,
    RiskCase.Measure.WRITE_OFF: EventKind.WRITE_OFF,
    RiskCase.Measure.EXTEND: EventKind.EXTEND,
}


def promises_are_as_the_ledger_says() -> Iterator[str]:
    """A promise that shows as kept or broken is so by what was entered in the ledger; what extracts report is not in it."""
    on = clock.today()
    with connection.cursor() as cursor:
        kinds = [EventKind.INTEREST.value, EventKind.PRINCIPAL.value]
        cursor.execute(_BOOKED, {"kinds": kinds, "on": on})
        booked: dict[int, int] = dict(cursor.fetchall())
    followed = Loan.objects.filter(Q(reported=True) | Q(record_from__isnull=False))
    rows = ProblemDossier.objects.filter(promises__isnull=False)
    rows = rows.exclude(household__in=followed.values("household"))
    for dossier in rows.distinct().order_by("pk"):
        for line in promises_of(dossier, on):
            one, paid = line.promise, booked[line.promise.pk]
            if line.verdict != judged(one.amount, paid, one.due_on, on):
                yield f"hồ sơ {dossier.pk}, hẹn ngày {one.due_on}: ghi {line.verdict}, sổ cái thu {paid} đồng"


def decided_rounds_have_their_events() -> Iterator[str]:
    """Each case that a decided round approved left its event on the loan; a case that it refused left none."""
    cases = RiskCase.objects.filter(round__state=RoundState.DECIDED).order_by("pk")
    for case in cases.select_related("request__event", "loan"):
        asked = case.request
        if asked is None or asked.state == ChangeRequest.State.ASKED:
            yield f"đợt {case.round_id}: món {case.loan.number} chưa được quyết định"
            continue
        event, kind = asked.event, _EVENTS[RiskCase.Measure(case.measure)]
        done = event is not None and event.kind == kind and event.loan_id == case.loan_id
        if done != (asked.state == ChangeRequest.State.APPROVED):
            yield f"đợt {case.round_id}: món {case.loan.number}, {asked.state}: bút toán {kind.value} không khớp"


def rounds_stand_where_their_days_say() -> Iterator[str]:
    """An open round was not submitted, a submitted one not decided, a decided one has both days in their order."""
    wrong = (
        RiskRound.objects.filter(state=RoundState.OPEN, submitted_on__isnull=False)
        | RiskRound.objects.filter(state=RoundState.SUBMITTED, submitted_on=None)
        | RiskRound.objects.filter(state=RoundState.DECIDED, decided_on=None)
        | RiskRound.objects.filter(decided_on__lt=F("submitted_on"))
    )
    for row in wrong.order_by("pk"):
        yield f"đợt {row.pk}: trạng thái {row.state} không khớp ngày trình, ngày quyết định"


def warnings_end_after_they_began() -> Iterator[str]:
    """A warning ends on or after the day on which it began."""
    for row in EarlyWarning.objects.filter(ended_on__lt=F("first_on")).order_by("pk"):
        yield f"cảnh báo {row.pk}: hết trước khi có"


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "problem_loans.promises_are_as_the_ledger_says": promises_are_as_the_ledger_says,
    "problem_loans.decided_rounds_have_their_events": decided_rounds_have_their_events,
    "problem_loans.rounds_stand_where_their_days_say": rounds_stand_where_their_days_say,
    "problem_loans.warnings_end_after_they_began": warnings_end_after_they_began,
}
