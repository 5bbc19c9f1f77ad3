"""What a row of a plan's page asks: the note on its need, whether the person writes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django import template

from tdcs.credit_plan.models import NeedCorrection
from tdcs.credit_plan.queries.needs import NeedRow

register = template.Library()


@register.simple_tag
def note_of(notes: Mapping[tuple[int, str], NeedCorrection], row: NeedRow) -> NeedCorrection | None:
    """The correction behind a row's need."""
    return notes.get((row["commune"] or 0, row["programme"]))


@register.simple_tag
def may_write(writes: Collection[int] | None, key: int | None) -> bool:
    """Whether a commune or cell is among those that the person writes; None means all."""
    return bool(key) and (writes is None or key in writes)
