"""Campaigns of public reconciliation, their loans and cases, as pages show them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.loans.models import Loan
from tdcs.organisations.models import Kind, Organisation, living_on
from tdcs.organisations.queries import names_on
from tdcs.oversight.models import (
    CaseStep,
    ReconciledLoan,
    ReconciliationCampaign,
    ReconciliationCase,
)
from tdcs.oversight.queries.coverage import said_of
from tdcs.oversight.queries.scope import acts_for, reach
from tdcs.oversight.rules import settings
from tdcs.oversight.states import CaseState

# So many loans a page shows.
PAGE: Final = 300
NOT_REVIEWED: Final = "00"


def visible_campaigns(user: User, on: date) -> QuerySet[ReconciliationCampaign]:
    """Campaigns of the person's own offices, or all; the newest first."""
    rows = ReconciliationCampaign.objects.order_by("-year", "office", "pk")
    kind, _ = reach(user, on)
    if kind == "all":
        return rows
    return rows.filter(office__in=visible_organisations(user, on) or frozenset())


def campaign_rows(user: User, on: date) -> list[tuple[ReconciliationCampaign, str, int, int, int]]:
    """Campaigns in scope with office, loans, those reviewed, and cases not decided."""
    rows = list(
        visible_campaigns(user, on).annotate(
            n=Count("lines", distinct=True),
            done=Count("lines", filter=~Q(lines__result=NOT_REVIEWED), distinct=True),
            open_cases=Count(
                "lines__case", filter=~Q(lines__case__state=CaseState.DECIDED), distinct=True
            ),
        )
    )
    names = names_on(on, {row.office_id for row in rows})
    return [(row, names.get(row.office_id, ""), row.n, row.done, row.open_cases) for row in rows]


def own_offices(user: User, on: date) -> list[tuple[int, str]]:
    """Transaction offices for which the person opens campaigns."""
    rows = Organisation.objects.filter(living_on(on), kind=Kind.TRANSACTION_OFFICE)
    seen = visible_organisations(user, on)
    if seen is not None:
        rows = rows.filter(pk__in=seen)
    keys = [one.pk for one in rows.order_by("code") if acts_for(user, one)]
    names = names_on(on, keys)
    return [(key, names[key]) for key in keys]


def campaign_in(user: User, key: int, on: date) -> ReconciliationCampaign | None:
    """A campaign in scope."""
    return visible_campaigns(user, on).filter(pk=key).first()


def lines_of_campaign(
    campaign: ReconciliationCampaign, *, result: str = "", cases: bool = False
) -> list[ReconciledLoan]:
    """The loans of a campaign by group and borrower; of a result, or with a case alone."""
    rows = campaign.lines.select_related("loan__borrower", "loan__group", "case", "by")
    if result:
        rows = rows.filter(result=result)
    if cases:
        rows = rows.filter(case__isnull=False)
    return list(rows.order_by("loan__group__code", "loan__borrower__search", "pk"))


@dataclass(frozen=True, slots=True)
class ResultRow:
    """How many loans have a result, and how many had it in the last round."""

    code: str
    name: str
    now: int
    before: int


def result_rows(campaign: ReconciliationCampaign) -> list[ResultRow]:
    """The results of a campaign beside those of the last round."""
    pairs = list(campaign.lines.values_list("result", "before"))
    now, before = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    return [
        ResultRow(row["code"], said_of(row["vi"], row["en"]), now[row["code"]], before[row["code"]])
        for row in settings.results()
    ]


def last_whole(office: int, year: int) -> int | None:
    """The last year before another in which an office asked all its borrowers."""
    rows = ReconciliationCampaign.objects.filter(office=office, year__lt=year, percent=100)
    return rows.order_by("-year").values_list("year", flat=True).first()


def results_before(office: int, year: int) -> dict[int, str]:
    """Loan → its result of the last campaign before a year."""
    rows = ReconciledLoan.objects.filter(campaign__office=office, campaign__year__lt=year)
    return dict(rows.order_by("campaign__year").values_list("loan_id", "result"))


def loans_owing(keys: list[int]) -> QuerySet[Loan]:
    """Loans by their keys."""
    return Loan.objects.filter(pk__in=keys)


def line_in(user: User, key: int, on: date) -> ReconciledLoan | None:
    """A loan of a campaign in scope."""
    rows = ReconciledLoan.objects.filter(campaign__in=visible_campaigns(user, on).order_by())
    return (
        rows.select_related("campaign", "loan__borrower", "loan__group", "by")
        .filter(pk=key)
        .first()
    )


def case_of(line: ReconciledLoan) -> ReconciliationCase | None:
    """The case of a loan, when there is one."""
    return ReconciliationCase.objects.filter(line=line).first()


def steps_of_case(case: ReconciliationCase | None) -> list[CaseStep]:
    """The steps of a case, in order."""
    return list(case.steps.select_related("by").order_by("pk")) if case else []
