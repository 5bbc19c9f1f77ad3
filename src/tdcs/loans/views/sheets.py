"""Collection sheets of groups (13/TD): which group comes when, and one group's sheet of up to sixty members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import place_of, profile_on
from tdcs.http import parse_int
from tdcs.http.kept import kept_page, only, only_chosen
from tdcs.http.part_answers import answers_by_key
from tdcs.http.shown_tables import page_of
from tdcs.loans.queries.scope import groups_meeting, offices_of_groups
from tdcs.loans.queries.sheets import (
    find_lending_groups,
    groups_due,
    loans_of_group,
    savers_only,
    session_in,
    sheets_of_month,
    undone_sheets,
)
from tdcs.loans.views.collecting import CollectionForm, receipt, serve
from tdcs.loans.views.lookups import group_or_404
from tdcs.organisations.queries import names_on

PAGE: Final = 50


@requires("loans.view")
@kept_page()
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """The groups in scope by session day: members, what is due, whether this month's sheet came in."""
    on, asked = clock.today(), request.GET
    words, office = asked.get("q", "").strip()[:100], parse_int(asked.get("office"))
    day = parse_int(asked.get("day")) if 1 <= parse_int(asked.get("day")) <= 31 else 0
    rows = find_lending_groups(request.user, words, office, day, on)
    page = page_of(request, rows, PAGE)
    # Which groups stand here follows from groups and their profiles; of loans and savings only theirs are read.
    only_chosen(request, group=[group.pk for group in page])
    context = {
        "page": page,
        "rows": _rows(list(page), on),
        "on": on,
        "q": words,
        "office": office,
        "day": day,
        "offices": _offices(request, on),
        "today_count": _today(request, on),
    }
    return render(request, "loans/sheets.html", context)


def _rows(groups: Sequence[SavingsGroup], on: date) -> list[str]:
    """A ``<tr>`` for each group: nobody's own, so each is remembered while nothing of its group has changed."""
    of = {group.pk: group for group in groups}

    def made(missing: list[int]) -> dict[int, str]:
        template = get_template("loans/_due_row.html")
        due = groups_due([of[key] for key in missing], on)
        return {row.group.pk: template.render({"r": row}) for row in due}

    return list(answers_by_key("group", list(of), ("loans.sheets", on), made).values())


def _offices(request: PersonRequest, on: date) -> list[tuple[int, str]]:
    ids = offices_of_groups(request.user, on)
    names = names_on(on, ids)
    return sorted(((key, names[key]) for key in ids), key=lambda row: (row[1], row[0]))


def _today(request: PersonRequest, on: date) -> int:
    """Groups whose session is today."""
    days = [day for day in range(1, 32) if session_in(on, day) == on]
    return groups_meeting(request.user, on, days)


@requires("loans.view")
@kept_page(settled=("ledger_journalentry",))
@require_http_methods(["GET", "POST"])
def sheet_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The whole group in one table; typed, checked, confirmed, booked in one entry or not at all."""
    group, on = group_or_404(request, pk), clock.today()
    only(request, group=group.pk)
    loans = loans_of_group(group)
    till = CollectionForm(request, loans, profile_on(group, on).office_id, group.pk)

    def more() -> dict[str, Any]:
        return _frame(group, on) | {
            "may_collect": request.user.may("loans.collect"),
            "savers": savers_only(group, list(till.lines.values()), on),
            "entries": sheets_of_month(group, on),
            "undone": undone_sheets(group, on),
        }

    return serve(till, "loans/sheet.html", more, "loans:sheet_done", pk)


@requires("loans.view")
@require_GET
def done_page(request: PersonRequest, pk: int, entry: int) -> HttpResponse:
    """What a sheet's entry brought in, with its papers."""
    group, on = group_or_404(request, pk), clock.today()
    return receipt(request, entry, Q(group=group), _frame(group, on))


def _frame(group: SavingsGroup, on: date) -> dict[str, Any]:
    face = place_of(group.pk, on)
    session = session_in(on, face.session_day or 1)
    return {"group": group, "face": face, "title": face.name, "session": session}
