"""What pages of groups share: the group in scope, choices, crumbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tdcs.access.gate import PersonRequest
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.scope import living_changeable_groups, visible_groups
from tdcs.households.models import Household
from tdcs.households.queries.scope import communes_in_scope, living_changeable_households
from tdcs.http import show_success
from tdcs.organisations.models import Kind
from tdcs.organisations.queries import bank_offices, names_on

# Grade → the shape and colour of a status.
GRADE_MARKS: Final = {"good": "done", "fair": "on_time", "average": "soon", "weak": "late"}


def group_or_404(request: PersonRequest, pk: int) -> SavingsGroup:
    """A group in the person's scope, also an ended one."""
    return get_object_or_404(visible_groups(request.user), pk=pk)


def changeable_or_404(request: PersonRequest, pk: int) -> SavingsGroup:
    """A living group that the person's office keeps."""
    return get_object_or_404(living_changeable_groups(request.user), pk=pk)


def offices(ids: Sequence[int], on: date) -> list[tuple[int, str]]:
    """Offices by name."""
    names = names_on(on, ids)
    return sorted(((key, names[key]) for key in ids), key=lambda row: (row[1], row[0]))


def own_offices(request: PersonRequest) -> list[tuple[int, str]]:
    """Offices for which the person may found and change groups: the own one; all for the branch."""
    on, unit = clock.today(), own_organisation(request.user)
    if unit is None:
        return []
    if unit.kind == Kind.VBSP_BRANCH:
        return offices(bank_offices(on), on)
    return offices([unit.pk], on) if unit.kind == Kind.TRANSACTION_OFFICE else []


def kept_households(request: PersonRequest) -> QuerySet[Household]:
    """Households that live and may join a group of the person's office."""
    return living_changeable_households(request.user)


def communes(request: PersonRequest) -> list[tuple[int, str]]:
    """Communes in scope."""
    return communes_in_scope(request.user)


def crumbs(row: SavingsGroup | None = None) -> list[tuple[str, str]]:
    """The way back."""
    way = [(_("Tổ TK&VV"), reverse("entrustment:list"))]
    if row is not None:
        way.append((row.code, reverse("entrustment:group", args=[row.pk])))
    return way


def show_group(request: PersonRequest, row: SavingsGroup, words: str) -> HttpResponse:
    """Say that it worked, on the group's page."""
    show_success(request, words)
    return redirect("entrustment:group", pk=row.pk)


def today_form(request: PersonRequest, **initial: Any) -> dict[str, Any]:
    """What every form of this room starts with."""
    return {"data": request.POST or None, "initial": {"since": clock.today(), **initial}}
