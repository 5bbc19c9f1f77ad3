"""Applications as lists and pages show them: whose turn it is, who may take which step, how long it has waited."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tdcs.access.conflicts import CONFLICTS, in_conflict
from tdcs.access.models import User
from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.access.queries import own_organisation
from tdcs.core.text import fold
from tdcs.core.workdays import working_days_after
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.households.queries.finding import HouseholdSummary, heads_and_places
from tdcs.households.queries.scope import (
    at_home,
    decided_communes,
    is_group_leader,
    with_predecessors,
)
from tdcs.loans.errors import SamePerson
from tdcs.loans.models import ApplicationMove, Loan, LoanApplication, LoanEvent
from tdcs.loans.queries.scope import visible_applications
from tdcs.loans.states import ENDED_APPLICATIONS, MOVES, ApplicationState, EventKind
from tdcs.organisations.models import Level
from tdcs.programmes.rules import programmes
from tdcs.programmes.rules.shared import shared

# State → the step that brings the application nearer to its money.
FORWARD: Final = {
    "draft": "appraise",
    "returned": "appraise",
    "appraised": "confirm",
    "confirmed": "check",
    "checked": "control",
    "controlled": "approve",
    "approved": "sign",
    "signed": "disburse",
    "disbursed": "disburse",
}
# Steps of the bank (access/conflicts.py says who may take which).
BANK: Final = ("check", "control", "approve")
# Who is before one of these may send the application back.
RETURNERS: Final = ("confirm", *BANK)
# State → shape and colour of a status.
MARKS: Final = {
    "draft": "draft",
    "appraised": "in_progress",
    "confirmed": "in_progress",
    "checked": "in_progress",
    "controlled": "in_progress",
    "approved": "approved",
    "signed": "approved",
    "disbursed": "done",
    "returned": "returned",
    "refused": "rejected",
    "withdrawn": "draft",
}


@dataclass(frozen=True, slots=True)
class ApplicationFilters:
    """What the list is narrowed by; empty means all. ``turn``: mine, open, rest (part still to pay out) or all."""

    turn: str = "all"
    words: str = ""
    state: str = ""
    programme: str = ""
    office: int = 0
    commune: int = 0
    group: str = ""


def takes(user: User, verb: str) -> bool:
    """Whether a step is a matter of the person's role and unit, whatever state an application is in."""
    if verb == "undo_appraisal":
        # The whole meeting is undone, on its own page.
        return False
    if verb == "return":
        return any(takes(user, one) for one in RETURNERS)
    if not user.may(MOVES[verb].permission):
        return False
    if verb == "confirm":
        # 03/TD is confirmed by the commune's People's Committee, not by its other units.
        return bool(decided_communes(user))
    if verb == "appraise" and not is_group_leader(user):
        unit = own_organisation(user)
        return unit is not None and unit.level == Level.COMMUNE
    return True


def verbs_of(user: User) -> list[str]:
    """The forward steps that a person takes."""
    return [verb for verb in dict.fromkeys(FORWARD.values()) if takes(user, verb)]


def may_send_back(user: User, state: str) -> bool:
    """Whether an application in this state is before the person, who may send it back."""
    verb = FORWARD.get(state)
    return verb in RETURNERS and takes(user, verb or "")


def waiting_for(
    user: User, rows: QuerySet[LoanApplication], there: Collection[str] = tuple(FORWARD)
) -> QuerySet[LoanApplication]:
    """The applications whose next step the person may take: never one that an own earlier step bars (access/conflicts.py).

    ``there``: the states in which ``rows`` are; of others nothing is asked.
    """
    verbs = verbs_of(user)
    free = Q()
    for state, verb in FORWARD.items():
        if state in there and verb in verbs and state != ApplicationState.DISBURSED:
            free |= Q(state=state) & ~_barred(user, verb)
    return rows.filter(free) if free else rows.none()


def _barred(user: User, verb: str) -> Q:
    """The condition that the person had a hand in an application by which this step is another person's."""
    acts = CONFLICTS.get(f"loans.{verb}", frozenset())
    steps = [act.removeprefix("loans.") for act in acts]
    own = ApplicationMove.objects.filter(application=OuterRef("pk"), by=user, verb__in=steps)
    made = Q(made_by=user) if "loans.apply" in acts else Q(pk__in=())
    return made | Q(Exists(own))


def find_applications(
    user: User, filters: ApplicationFilters, on: date
) -> QuerySet[LoanApplication]:
    """Applications in scope that match: what waits longest first, of all the newest first."""
    rows = visible_applications(user, on)
    if filters.turn == "mine":
        rows = waiting_for(user, rows)
    elif filters.turn == "open":
        rows = rows.exclude(state__in=ENDED_APPLICATIONS)
    elif filters.turn == "rest":
        left = F("approved_amount") - F("forgone")
        rows = rows.filter(state=ApplicationState.DISBURSED, loan__disbursed_total__lt=left)
    chosen = {
        "state": filters.state,
        "programme": filters.programme,
        "office_id": filters.office,
        "group__code": filters.group,
    }
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    if filters.commune:
        here = at_home(with_predecessors((filters.commune,)), on)
        rows = rows.filter(household__in=here)
    for word in fold(filters.words).split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(household__code__icontains=word)
            | Q(household__search__contains=word)
            | Q(borrower__search__contains=word)
        )
    order = ("since", "pk") if filters.turn in ("mine", "open") else ("-asked_on", "-pk")
    return dated(rows).order_by(*order)


def dated(rows: QuerySet[LoanApplication]) -> QuerySet[Any]:
    """With ``since`` (the last step's day) and ``complete_on`` (the commune's confirmation)."""
    moves = ApplicationMove.objects.filter(application=OuterRef("pk")).order_by("-pk")
    last = Subquery(moves.values("on")[:1], output_field=DateField())
    confirmed = Subquery(moves.filter(verb="confirm").values("on")[:1], output_field=DateField())
    return rows.annotate(since=Coalesce(last, F("asked_on")), complete_on=confirmed)


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """An application as the list shows it; ``late``: working days beyond what the bank has for its decision."""

    row: Any
    face: HouseholdSummary
    group: str
    programme: str
    mark: str
    verb: str
    next: str
    waited: int
    late: int


def lines_of(rows: Iterable[Any], on: date) -> list[ApplicationLine]:
    """The lines of applications that are ``dated``; a fixed number of queries."""
    rows = list(rows)
    faces = heads_and_places([row.household_id for row in rows], on)
    names = profiles_on({row.group_id for row in rows if row.group_id}, on)
    known = programmes()
    return [
        ApplicationLine(
            row,
            faces[row.household_id],
            names[row.group_id].name if row.group_id in names else "",
            known[row.programme].short if row.programme in known else row.programme,
            MARKS[row.state],
            (verb := "" if row.state == ApplicationState.DISBURSED else FORWARD.get(row.state, "")),
            MOVES[verb].label if verb else "",
            (on - row.since).days,
            days_late(row.complete_on, on) if verb in BANK else 0,
        )
        for row in rows
    ]


def days_late(complete_on: date | None, on: date) -> int:
    """Working days beyond those that the bank has from a complete file to its decision."""
    if complete_on is None:
        return 0
    given = shared("approval_working_days").on(on).amount
    return max(0, working_days_after(complete_on, on) - given)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a person may take now; ``blocked`` says why it must be somebody else."""

    verb: str
    label: str
    blocked: SamePerson | None = None


def steps_for(user: User, application: LoanApplication) -> list[Step]:
    """What a person may do with an application in its state, the forward step first."""
    found = []
    for verb, move in MOVES.items():
        if application.state not in move.sources or not takes(user, verb):
            continue
        if verb == "undo_appraisal" or (
            verb == "return" and not may_send_back(user, application.state)
        ):
            continue
        if verb in ("disburse", "forgo") and to_disburse(application) <= 0:
            continue
        own = in_conflict(f"loans.{verb}", hands_of(application), user.pk)
        found.append(Step(verb, move.label, SamePerson(verb=move.label) if own else None))
    return found


def hands_of(application: LoanApplication) -> list[tuple[str, int | None]]:
    """(act, person) of the file so far: who made it, and who took each step, also before it was sent back."""
    moves = application.moves.order_by("pk").values_list("verb", "by_id")
    return [("loans.apply", application.made_by_id), *((f"loans.{verb}", by) for verb, by in moves)]


def to_disburse(application: LoanApplication) -> int:
    """What was approved and is not paid out yet."""
    if (
        application.state not in (ApplicationState.SIGNED, ApplicationState.DISBURSED)
        or application.approved_amount is None
    ):
        return 0
    return still_to_pay(application)


def still_to_pay(application: LoanApplication) -> int:
    """What of an application may yet be paid out: approved (asked for, before the approval) less disbursed."""
    given = application.approved_amount
    most = (application.amount if given is None else given) - application.forgone
    loan = Loan.objects.filter(application=application).first()
    if loan is None:
        return most
    # A contract whose only disbursement was reversed is void: nothing more comes of it.
    return max(0, most - loan.disbursed_total) if loan.disbursed_total else 0


def takers(verb: str) -> str:
    """The roles that take a step, in words."""
    roles = PERMISSIONS[MOVES[verb].permission]
    return ", ".join(str(role.label) for role in Role if role in roles)


def loan_of(application: LoanApplication) -> Loan | None:
    """The loan that an application became."""
    return Loan.objects.filter(application=application).first()


def others_open(application: LoanApplication) -> QuerySet[LoanApplication]:
    """The household's other applications that have not ended."""
    rows = application.household.applications.exclude(pk=application.pk)
    return rows.exclude(state__in=ENDED_APPLICATIONS)


def paid_out_of(loan: Loan) -> list[LoanEvent]:
    """The parts in which a loan was paid out, in their order."""
    rows = LoanEvent.objects.filter(loan=loan, kind=EventKind.DISBURSEMENT)
    return list(rows.order_by("on", "pk"))


def waiting_counts(user: User, on: date) -> dict[str, int]:
    """How many applications wait for the person, by state."""
    rows = waiting_for(user, visible_applications(user, on))
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def chosen_applications(user: User, keys: list[int]) -> QuerySet[LoanApplication]:
    """The applications that were ticked, of those in scope."""
    return visible_applications(user).filter(pk__in=keys)
