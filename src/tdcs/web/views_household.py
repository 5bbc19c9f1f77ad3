"""One household: what every room knows of it, and showing one masked value."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.entrustment.views import sections as entrustment
from tdcs.households.models import Household, HouseholdSuccession
from tdcs.households.queries.finding import heads_and_places, members_of, people_of, spells_of
from tdcs.households.queries.merging import merged_into, merges_into
from tdcs.households.queries.scope import area_names, may_change, may_see
from tdcs.households.services import unmasking
from tdcs.households.standards import CHANGE_NAMES, RESULT_NAMES
from tdcs.households.views.requested import changeable_or_404, household_or_404, shown_day
from tdcs.households.views.scans import scans_block
from tdcs.http import show_error, show_success
from tdcs.loans.views import sections as loans
from tdcs.programmes.rules import programmes


@requires("households.view")
@require_GET
def household_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Who they are, where they live, what they are entitled to and by which paper, what they need.

    A household that was merged leads to the one that stayed; ``old`` in the address shows what it was.
    """
    row = household_or_404(request, pk)
    merged = merged_into(row)
    if merged is not None and "old" not in request.GET and _seen(request, merged):
        words = _("Hộ %(code)s đã gộp vào hộ này từ ngày %(day)s.")
        show_success(request, words % {"code": row.code, "day": f"{merged.on:%d/%m/%Y}"})
        return redirect("households:household", pk=merged.successor_id)
    return render(request, "households/household.html", story(request, row))


def story(
    request: PersonRequest, row: Household, shown: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What the page of a household shows; ``shown``: a value unmasked for this one answer."""
    on = shown_day(request)
    addresses = list(row.addresses.order_by("-starts_on"))
    names = area_names({address.area_id for address in addresses}, clock.today())
    spells = spells_of(row, on)
    ended = row.ends_on is not None and row.ends_on <= clock.today()
    mine = may_change(request.user, row.pk)
    return {
        "row": row,
        "on": on,
        "shown_day": on,
        "face": heads_and_places([row.pk], on)[row.pk],
        "members": members_of(row, on),
        "addresses": [(address, names[address.area_id]) for address in addresses],
        "spells": spells,
        "now": [spell for spell in spells if spell.state == "now"],
        "lines": [
            (line, RESULT_NAMES[line.result], CHANGE_NAMES[line.change])
            for line in row.review_lines.select_related("review").order_by("-review__year")
        ],
        "needs": _needs(row),
        "ended": ended,
        "may_change": mine and not ended and request.user.may("households.change"),
        "may_unmask": mine and request.user.may("households.unmask"),
        "shown": shown,
        "merged": merged_into(row),
        "inherited": merges_into(row),
        "may_merge": mine and not ended and request.user.may("households.merge"),
        "owner": row,
        **scans_block(request, row, mine and not ended),
        "blocks": [
            render_to_string(template, {"household": row, **context}, request=request)
            for template, context in (
                entrustment.household_section(request, row),
                loans.household_section(request, row),
            )
        ],
    }


def _seen(request: PersonRequest, merged: HouseholdSuccession) -> bool:
    return may_see(request.user, merged.successor_id)


def _needs(row: Household) -> list[tuple[Any, str]]:
    known = programmes()
    needs = row.needs.select_related("survey").order_by("-told_on", "-pk")
    return [
        (need, known[need.programme].name if need.programme in known else need.programme)
        for need in needs
    ]


@requires("households.unmask")
@require_POST
def unmask(request: PersonRequest, pk: int, person: int) -> HttpResponse:
    """The page once more with one value shown; the next look at it is masked again."""
    row = changeable_or_404(request, pk)
    who = get_object_or_404(people_of(row), pk=person)
    what = "phone" if request.POST.get("what") == "phone" else "identity"
    try:
        value = unmasking.unmask(
            household=row, person=who, what=what, by=request.user, on=clock.today()
        )
    except Refusal as refusal:
        show_error(request, refusal)
        return redirect("households:household", pk=row.pk)
    _warn(request)
    shown = {"person": who.pk, "what": what, "value": value, "name": who.full_name}
    answer = render(request, "households/household.html", story(request, row, shown))
    answer["Cache-Control"] = "no-store"
    return answer


def _warn(request: PersonRequest) -> None:
    """Says so in time: from four fifths of the hour's limit on."""
    seen, limit = unmasking.seen_within_the_hour(request.user), int(settings.TDCS_UNMASK_LIMIT)
    if seen * 5 >= limit * 4:
        words = _("Trong giờ này bạn đã xem %(seen)d trong %(limit)d số được phép.")
        messages.warning(request, words % {"seen": seen, "limit": limit})
