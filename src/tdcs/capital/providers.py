"""What this room keeps on an organisation that is about to end: the sources of capital it entrusts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from tdcs.capital.models import CapitalSource
from tdcs.core import ending
from tdcs.core.errors import Kept


def register() -> None:
    """Called once when the room starts."""
    ending.answer(kind="organisation", room="capital", find=of_organisation)


def of_organisation(organisation: Any, last: date, on: date) -> Iterator[Kept]:
    """Sources whose investor it is and that run beyond the day."""
    rows = CapitalSource.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=last), investor=organisation
    )
    for source in rows.order_by("code"):
        yield Kept(f"nguồn vốn {source.code}", f"capital source {source.code}")
