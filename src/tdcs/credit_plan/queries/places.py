"""Communes and the offices that serve them, whose lines a person sees, and whose the person's unit may write."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.capital.models import CapitalSource
from tdcs.capital.queries import sources_on
from tdcs.households.queries.scope import figure_communes, kept_communes
from tdcs.organisations.models import Area, Kind, Level, Organisation, living_on
from tdcs.organisations.queries import profile_of
from tdcs.organisations.queries_areas import offices_by_commune


def office_of(area: Area | int, on: date) -> int | None:
    """The office that serves a commune."""
    key = area if isinstance(area, int) else area.pk
    return offices_by_commune(on).get(key)


def seen_communes(user: User, on: date) -> frozenset[int] | None:
    """Communes whose lines the person reads; None for all."""
    return figure_communes(user, on)


def written_communes(user: User, on: date) -> frozenset[int]:
    """Communes whose lines the person's unit may write in its round: an office's, or a People's Committee's own."""
    unit = own_organisation(user)
    if unit is None:
        return frozenset()
    if unit.kind in (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH):
        return frozenset(
            area for area, office in offices_by_commune(on).items() if office == unit.pk
        )
    return kept_communes(user, on) or frozenset()


def answering_office(user: User) -> int | None:
    """The bank office for which the person answers a round; None for others."""
    unit = own_organisation(user)
    if unit is None or unit.kind not in (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH):
        return None
    return unit.pk


def of_branch(user: User) -> bool:
    """Whether the person works at the branch."""
    unit = own_organisation(user)
    return unit is not None and unit.kind == Kind.VBSP_BRANCH


def branch_on(on: date) -> Organisation:
    """The branch of the province."""
    found: Organisation = Organisation.objects.filter(
        living_on(on), kind=Kind.VBSP_BRANCH
    ).order_by("pk")[0]
    return found


def communes_of_funds(on: date) -> dict[int, int | None]:
    """Fund → the commune in which alone it is lent (the budget of its own People's Committee), None for anywhere."""
    found: dict[int, int | None] = {}
    for source in sources_on(on):
        found[source.pk] = _bound_to(source, on)
    return found


def _bound_to(source: CapitalSource, on: date) -> int | None:
    investor = source.investor
    if investor is None or investor.level != Level.COMMUNE:
        return None
    area = profile_of(investor, on).area
    return area.pk if area is not None else None
