"""What of warnings waits for a person."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core import remembered
from tdcs.core.waiting import Urgency, Waiting
from tdcs.organisations.counting import counts_of
from tdcs.problem_loans.models import EarlyWarning, ProblemDossier
from tdcs.problem_loans.queries.dossiers import ending_freezes
from tdcs.problem_loans.queries.scope import of_offices
from tdcs.problem_loans.queries.warnings import DUE, NEW, stage_of


def waiting_for(user: User, on: date) -> list[Waiting]:
    """Warnings of the second level on that nobody has looked at, and next steps whose day has come."""
    if not user.may("warnings.note"):
        return []
    holding, acting = user.holding(), user.acting
    of_whom = (holding and holding.role, holding and holding.organisation_id, acting and acting.pk)
    fresh, due, freezes = remembered.answer(
        ("warnings.waiting", *of_whom, on),
        lambda: _of_all(user, on),
    )
    route = "problem_loans:warnings"
    found = [
        Waiting(_("Cảnh báo sớm chưa xem xét"), fresh, _("Xem xét"), route,
                query=f"stage={NEW}&level=2", urgency=Urgency.SOON),
        Waiting(_("Việc hẹn sau cảnh báo đã đến ngày"), due, _("Làm tiếp"), route,
                query=f"stage={DUE}", urgency=Urgency.LATE),
    ]  # fmt: skip
    if user.may("problem_loans.work"):
        mine = ProblemDossier.objects.filter(
            responsible=user, closed_on__isnull=True, next_on__lte=on
        )
        found.append(
            Waiting(_("Hộ nợ có vấn đề đến ngày hẹn"), mine.count(), _("Làm việc"),
                    "problem_loans:dossiers", query="stage=mine", urgency=Urgency.LATE)
        )  # fmt: skip
    if user.may("problem_loans.view"):
        found.append(
            Waiting(_("Khoanh nợ sắp hết hạn hoặc đã hết"), freezes, _("Xem xét"),
                    "problem_loans:freezes", urgency=Urgency.SOON)
        )  # fmt: skip
    return [line for line in found if line.count]


def _of_all(user: User, on: date) -> tuple[int, ...]:
    """Warnings that nobody has looked at, those whose next step is due, freezes that end: the same for a role and unit."""
    rows = EarlyWarning.objects.filter(of_offices(visible_organisations(user, on)))
    return counts_of(
        rows.filter(stage_of(NEW, on), level__gte=2).distinct(),
        rows.filter(stage_of(DUE, on)).distinct(),
        ending_freezes(user, on),
    )
