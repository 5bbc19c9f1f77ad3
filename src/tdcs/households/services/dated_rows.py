"""Dated rows pass from one household to another: the old row ends on the day, the new one begins on it, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypedDict, TypeVar

from django.db.models import QuerySet

from tdcs.organisations.models import Dated, living_on

Row = TypeVar("Row", bound=Dated)


class HandedOver(TypedDict):
    """Rows that ended, with the day on which they would have, and those that began; kept as JSON."""

    ended: list[tuple[int, str | None]]
    made: list[int]


def hand_over(
    rows: QuerySet[Row], since: date, change: Callable[[Row], Mapping[str, object] | None]
) -> HandedOver:
    """Ends the rows that hold on ``since`` and begins what follows them; what ``hand_back`` needs to know.

    ``change``: a row → the fields that its successor has instead; None when nothing follows it.
    """
    ended: list[tuple[int, str | None]] = []
    made: list[int] = []
    for row in rows.filter(living_on(since)).order_by("pk").select_for_update():
        key, end = row.pk, row.ends_on
        row.ends_on = since
        row.save(update_fields=["ends_on"])
        ended.append((key, end.isoformat() if end else None))
        fields = change(row)
        if fields is not None:
            made.append(_copy(row, since, end, fields))
    return {"ended": ended, "made": made}


def hand_back(model: type[Dated], note: HandedOver, since: date, on: date) -> None:
    """What was handed over on ``since`` is again where it was from ``on`` on; the days between stay as they were."""
    for row in model.objects.filter(pk__in=note["made"]).select_for_update():
        if row.starts_on >= on:
            row.delete()
        elif row.ends_on is None or row.ends_on > on:
            row.ends_on = on
            row.save(update_fields=["ends_on"])
    ends = {key: date.fromisoformat(end) if end else None for key, end in note["ended"]}
    for row in model.objects.filter(pk__in=ends).select_for_update():
        end = ends[row.pk]
        if on <= since:
            row.ends_on = end
            row.save(update_fields=["ends_on"])
        elif end is None or end > on:
            _copy(row, on, end, {})


def _copy(row: Dated, since: date, end: date | None, fields: Mapping[str, object]) -> int:
    """A row like ``row`` that holds from ``since`` to ``end``; its key."""
    made = type(row)(
        **{
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not field.primary_key
        }
    )
    made.starts_on, made.ends_on = since, end
    for name, value in fields.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    return int(made.pk)
