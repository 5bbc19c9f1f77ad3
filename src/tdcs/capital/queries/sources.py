"""Which sources exist on a day, and whose they are."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from tdcs.capital.models import CapitalSource, Tier
from tdcs.core.remembered import remembered
from tdcs.organisations.models import Organisation, living_on


def sources_on(day: date) -> QuerySet[CapitalSource]:
    """The sources from which money may be lent on a day: the central one first, then the local ones by code."""
    rows = CapitalSource.objects.filter(living_on(day)).select_related("investor")
    return rows.order_by("tier", "code")


def central(day: date) -> CapitalSource:
    """The central source of a day."""
    return sources_on(day).get(tier=Tier.CENTRAL)


def sources_of(investor: Organisation, day: date) -> QuerySet[CapitalSource]:
    """The sources of one investor on a day."""
    return sources_on(day).filter(investor=investor)


def source_names() -> list[tuple[int, str]]:
    """Every source of capital for a choice: key and name, by tier."""
    return list(_source_names())


@remembered
def _source_names() -> tuple[tuple[int, str], ...]:
    return tuple(CapitalSource.objects.order_by("tier", "code").values_list("pk", "name"))
