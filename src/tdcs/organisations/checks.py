"""Named invariants of units."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from django.db.models import F, Q

from tdcs.organisations import catalogue
from tdcs.organisations.models import Organisation, OrganisationProfile, OrganisationSuccession
from tdcs.organisations.queries import lineage
from tdcs.organisations.rules import follow


def each_day_has_a_profile() -> Iterator[str]:
    """A unit has a name on every day it lives."""
    spans: dict[int, list[tuple[object, object]]] = {}
    for unit, start, end in OrganisationProfile.objects.order_by("starts_on").values_list(
        "organisation_id", "starts_on", "ends_on"
    ):
        spans.setdefault(unit, []).append((start, end))
    for unit in Organisation.objects.all():
        rows = spans.get(unit.pk, [])
        joined = all(a[1] == b[0] for a, b in pairwise(rows))
        if not rows or rows[0][0] != unit.starts_on or rows[-1][1] != unit.ends_on or not joined:
            yield f"{unit.code}: tên gọi không phủ hết thời gian hoạt động"


def successors_live() -> Iterator[str]:
    """A successor lives on the day it succeeds; the predecessor ceased that day."""
    wrong = OrganisationSuccession.objects.exclude(
        Q(predecessor__ends_on=F("on"))
        & Q(successor__starts_on__lte=F("on"))
        & (Q(successor__ends_on__isnull=True) | Q(successor__ends_on__gt=F("on")))
    )
    for row in wrong.select_related("predecessor", "successor"):
        yield f"{row.predecessor.code} → {row.successor.code}: sai ngày {row.on}"


def ceased_units_are_continued() -> Iterator[str]:
    """Following a ceased unit reaches a living one."""
    steps = lineage()
    alive = set(Organisation.objects.filter(ends_on__isnull=True).values_list("pk", flat=True))
    last = max((step.on for found in steps.values() for step in found), default=None)
    if last is None:
        return
    for unit in Organisation.objects.filter(ends_on__isnull=False):
        heirs = follow(unit.pk, steps, until=last)
        if not heirs or not set(heirs) <= alive:
            yield f"{unit.code}: không có đơn vị kế thừa còn hoạt động"


def types_are_known() -> Iterator[str]:
    """Every unit's type stands in the catalogue."""
    known = set(catalogue.entries())
    for code in set(Organisation.objects.values_list("type", flat=True)) - known:
        yield f"loại {code}: không có trong danh mục"


CHECKS = {
    "organisations.each_day_has_a_profile": each_day_has_a_profile,
    "organisations.successors_live": successors_live,
    "organisations.ceased_units_are_continued": ceased_units_are_continued,
    "organisations.types_are_known": types_are_known,
}
