"""One group: what every room knows of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.closing.queries.group_debts import MemberDebt, OnDay, debts_of_members
from tdcs.core import clock
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import (
    board_on,
    contract_on,
    faces_of,
    member_rows,
    past_board,
    predecessors_of,
    ratings_of,
    successors_of,
)
from tdcs.entrustment.queries.scope import may_change
from tdcs.entrustment.rules import GRADES, least_members
from tdcs.entrustment.views.requested import GRADE_MARKS, group_or_404
from tdcs.group_results.queries.cases import cases_of
from tdcs.group_results.queries.quality import ground_of, rising_of
from tdcs.households.queries.scope import area_names
from tdcs.households.views.requested import shown_day
from tdcs.http import FORMATS
from tdcs.loans.queries.scope import sees_group
from tdcs.loans.views.sections import group_section
from tdcs.organisations.queries import names_on
from tdcs.web.group_members import export_members, sums_of


@requires("entrustment.view")
@require_GET
def group_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Members, board, contract, savings, ratings, what its loans owe."""
    row, on = group_or_404(request, pk), shown_day(request)
    ended = row.ends_on is not None and row.ends_on <= clock.today()
    mine = may_change(request.user, row.pk) and not ended
    rows = member_rows(row, on)
    sees_debts = request.user.may("loans.view") and sees_group(request.user, row, on)
    debts = debts_of_members(row.pk, on) if sees_debts else OnDay(None)
    members = [(one, debts.found.get(one.member.household_id, MemberDebt())) for one in rows]
    if request.GET.get("export") in FORMATS:
        return export_members(request, row, members, debts.of)
    ratings = ratings_of(row, on)
    template, given = group_section(request, row)
    context = {
        "row": row,
        "on": on,
        "shown_day": on,
        "face": faces_of([row.pk], on)[row.pk],
        "members": members,
        "savings": sum(one.savings for one in rows),
        "sees_debts": sees_debts,
        "debts_on": debts.of,
        "sums": sums_of(members),
        "board": board_on(row, on),
        "contract": contract_on(row, on),
        "ratings": [
            (rating, GRADES[rating.grade], GRADE_MARKS[rating.grade]) for rating in ratings
        ],
        "rising": rising_of(ratings[0]) if ratings else None,
        "grades": GRADES,
        "cases": cases_of(row),
        "may_propose": mine
        and request.user.may("entrustment.change")
        and ground_of(row.pk, on) is not None,
        "past_board": past_board(row, on),
        "profiles": _profiles(row, on),
        "from_groups": predecessors_of(row, on),
        "into_groups": successors_of(row, on),
        "small": len(members) < least_members(on),
        "least": least_members(on),
        "ended": ended,
        "may_change": mine and request.user.may("entrustment.change"),
        "may_save": mine and request.user.may("entrustment.savings"),
        "blocks": [render_to_string(template, {"group": row, "on": on, **given}, request=request)],
    }
    return render(request, "entrustment/group.html", context)


def _profiles(row: SavingsGroup, on: date) -> list[dict[str, Any]]:
    """Every profile, the newest first, named as on its last day."""
    found = []
    for profile in row.profiles.select_related("area").order_by("-starts_on"):
        day = profile.ends_on or on
        units = [profile.mass_organisation_id, profile.office_id]
        names = names_on(min(day, on), units)
        area = area_names([profile.area_id], profile.starts_on)[profile.area_id]
        found.append(
            {
                "profile": profile,
                "area": area,
                "mass": names[profile.mass_organisation_id],
                "office": names[profile.office_id],
            }
        )
    return found
