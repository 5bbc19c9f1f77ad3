"""Engagements of auditors: who reads them today, their figures down to entries, loans and scans, queries, working papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.access.queries import own_organisation, sees_all
from tdcs.core import clock
from tdcs.ledger.models import Account, Book, JournalEntry, Posting
from tdcs.ledger.queries import Balance, Statement, statement, trial_balance
from tdcs.loans.models import ApplicationMove, Loan, LoanEvent, LoanScan
from tdcs.organisations.models import Kind, Organisation, living_on
from tdcs.organisations.queries import names_on
from tdcs.oversight.models import AuditEngagement, AuditQuery, AuditQueryStep, AuditSample


def is_open(engagement: AuditEngagement, on: date) -> bool:
    """Whether its auditor reads on a day: from the first through the last, while it is not closed."""
    return engagement.closed_on is None and engagement.starts_on <= on <= engagement.ends_on


def visible_engagements(user: User, on: date | None = None) -> QuerySet[AuditEngagement]:
    """An auditor's own while they are open; all of them for the branch that opens them. The newest first."""
    day = on or clock.today()
    rows = AuditEngagement.objects.select_related("auditor", "opened_by").order_by("-pk")
    if user.may("oversight.engage") and sees_all(user):
        return rows
    if not user.may("oversight.audit"):
        return rows.none()
    return rows.filter(auditor=user, closed_on=None, starts_on__lte=day, ends_on__gte=day)


def units_of(engagement: AuditEngagement, on: date) -> list[tuple[int, str]]:
    """The engagement's units by name."""
    keys = list(engagement.units.values_list("pk", flat=True))
    return sorted(names_on(on, keys).items(), key=lambda one: one[1])


def offices_to_audit(on: date) -> list[tuple[int, str]]:
    """Units that keep books, by name."""
    kinds = (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH)
    keys = Organisation.objects.filter(living_on(on), kind__in=kinds).values_list("pk", flat=True)
    return sorted(names_on(on, list(keys)).items(), key=lambda one: one[1])


def auditor_called(username: str) -> User | None:
    """An active person by user name."""
    return User.objects.filter(username=username.strip(), is_active=True).first()


def other_role(person: User, first: date, last: date) -> RoleHolding | None:
    """A role that the person holds on any of these days."""
    rows = RoleHolding.objects.filter(user=person, starts_on__lte=last)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=first)).first()


def worked_on_loans(person: User, offices: Sequence[int]) -> bool:
    """Whether a person booked or decided on loans of these offices."""
    events = LoanEvent.objects.filter(by=person, loan__office__in=offices)
    moves = ApplicationMove.objects.filter(by=person, application__office__in=offices)
    return events.exists() or moves.exists()


@dataclass(frozen=True, slots=True)
class Figures:
    """The accounts of one unit's book over the engagement's period."""

    unit: int
    name: str
    rows: Sequence[Balance]


def figures_of(engagement: AuditEngagement, on: date) -> list[Figures]:
    """Every unit's accounts over the period, with what came on each side."""
    books = dict(
        Book.objects.filter(organisation__in=engagement.units.all()).values_list(
            "organisation", "pk"
        )
    )
    found = []
    for unit, name in units_of(engagement, on):
        rows: list[Balance] = []
        if unit in books:
            made = trial_balance([books[unit]], engagement.period_from, engagement.period_to)
            rows = [*made.inside.rows, *made.outside.rows]
        found.append(Figures(unit, name, rows))
    return found


def entries_behind(
    engagement: AuditEngagement, unit: int, code: str, page: int
) -> tuple[Account, Statement] | None:
    """The postings behind an account's figure of a unit."""
    book = Book.objects.filter(organisation=unit, organisation__in=engagement.units.all()).first()
    account = Account.objects.filter(code=code).first()
    if book is None or account is None:
        return None
    since, until = engagement.period_from, engagement.period_to
    return account, statement(book=book, account=account, since=since, until=until, page=page)


def entry_in(engagement: AuditEngagement, key: int) -> JournalEntry | None:
    """An entry of the engagement's units and period."""
    rows = JournalEntry.objects.filter(
        book__organisation__in=engagement.units.all(),
        on__range=(engagement.period_from, engagement.period_to),
    )
    return rows.select_related("book", "by", "reverses").filter(pk=key).first()


def postings_of(entry: JournalEntry) -> list[Posting]:
    """An entry's postings in their order."""
    return list(entry.postings.select_related("account").order_by("pk"))


def loans_behind(entry: JournalEntry) -> list[Loan]:
    """The loans whose events an entry books, by number."""
    keys = LoanEvent.objects.filter(entry=entry).values("loan")
    return list(
        Loan.objects.filter(pk__in=keys).select_related("borrower").order_by("number")[:200]
    )


def loan_in(engagement: AuditEngagement, key: int) -> Loan | None:
    """A loan of the engagement's units or samples that was lent by the period's end."""
    drawn = engagement.samples.values_list("lines", flat=True)
    sampled = [int(loan) for lines in drawn for loan, _risk in lines]
    of = Q(office__in=engagement.units.all()) | Q(pk__in=sampled)
    rows = Loan.objects.filter(of, disbursed_on__lte=engagement.period_to)
    return rows.select_related("borrower", "group", "office", "application").filter(pk=key).first()


def events_of(loan: Loan, engagement: AuditEngagement) -> list[LoanEvent]:
    """What happened to a loan through the period's end."""
    rows = loan.events.filter(on__lte=engagement.period_to).select_related("entry", "by")
    return list(rows.order_by("on", "pk"))


def scans_of(loan: Loan) -> list[LoanScan]:
    """The scanned papers of a loan that stand."""
    return list(loan.scans.filter(removed_at=None).select_related("by").order_by("dated_on", "pk"))


def scan_in(loan: Loan, key: int) -> LoanScan | None:
    """One of them."""
    return loan.scans.filter(removed_at=None, pk=key).first()


def samples_of(engagement: AuditEngagement) -> list[AuditSample]:
    """The engagement's samples, the newest first."""
    return list(engagement.samples.select_related("drawn_by").order_by("-pk"))


def loans_of_sample(sample: AuditSample) -> list[tuple[Loan, str]]:
    """The loans of a sample in its order, with the kind of risk."""
    risks: dict[int, str] = {int(loan): str(risk) for loan, risk in sample.lines}
    rows = Loan.objects.select_related("borrower", "group", "office").in_bulk(list(risks))
    return [(rows[key], risk) for key, risk in risks.items() if key in rows]


def sample_in(engagement: AuditEngagement, key: int) -> AuditSample | None:
    """One of the engagement's samples."""
    return engagement.samples.filter(pk=key).select_related("drawn_by").first()


def visible_queries(user: User, on: date | None = None) -> QuerySet[AuditQuery]:
    """Queries of the engagements in scope, and those that ask the person's own unit; the first due first."""
    unit = own_organisation(user)
    of = Q(engagement__in=visible_engagements(user, on).order_by())
    if unit is not None and user.may("oversight.answer_audit"):
        of |= Q(unit=unit)
    rows = AuditQuery.objects.filter(of).select_related(
        "engagement", "unit", "loan", "entry", "asked_by"
    )
    return rows.order_by("due_on", "pk")


def steps_of(query: AuditQuery) -> list[AuditQueryStep]:
    """The steps of a query, in order."""
    return list(query.steps.select_related("by").order_by("pk"))


def answer_file_in(user: User, key: int) -> AuditQueryStep | None:
    """A step with a file, of a query in scope."""
    rows = AuditQueryStep.objects.filter(query__in=visible_queries(user).order_by())
    return rows.filter(pk=key).exclude(sha256="").first()


def engaged_holdings() -> list[RoleHolding]:
    """Everybody's roles as an auditor of an engagement."""
    rows = RoleHolding.objects.filter(role=Role.ENGAGED_AUDITOR).select_related("user")
    return list(rows.order_by("pk"))
