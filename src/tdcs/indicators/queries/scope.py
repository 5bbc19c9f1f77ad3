"""What of the province's figures a person may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, sees_all
from tdcs.core import clock
from tdcs.entrustment.models import GroupAccount
from tdcs.households.queries.scope import figure_communes, is_group_leader
from tdcs.indicators.queries.query_spec import Key
from tdcs.organisations.models import Kind, Level, living_on
from tdcs.organisations.queries import ancestors_of


def visible_where(user: User, on: date | None = None) -> dict[str, Collection[Key]]:
    """The restriction for a person's organisation, to be given to values(); {} for all, an empty collection for nothing.

    A transaction office: itself. A commune's unit: its commune. A mass organisation: itself, or its kind in the province. A
    group's leader: the group. Branch and province: all.
    """
    day = on or clock.today()
    unit = own_organisation(user)
    if unit is None:
        return {"office": frozenset()}
    if is_group_leader(user):
        mine = GroupAccount.objects.filter(living_on(clock.today()), user=user)
        return {"group": frozenset(mine.values_list("group_id", flat=True))}
    if sees_all(user):
        return {}
    if unit.kind == Kind.TRANSACTION_OFFICE:
        return {"office": frozenset({unit.pk} | ancestors_of([unit.pk]))}
    if unit.kind == Kind.MASS_ORGANISATION:
        if unit.level == Level.PROVINCE:
            return {"union": frozenset({unit.type})}
        return {"mass": frozenset({unit.pk} | ancestors_of([unit.pk]))}
    areas = figure_communes(user, day)
    return {} if areas is None else {"commune": areas}
