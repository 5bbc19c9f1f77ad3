"""Capital sources: as shipped with the province, a budget that begins to entrust, one that nobody used and is deleted."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models.deletion import ProtectedError

from tdcs.access.models import User
from tdcs.capital.errors import InvestorUnfit, SourceInUse
from tdcs.capital.models import CapitalSource, Fund, Tier
from tdcs.core import law, trail
from tdcs.organisations.models import Kind, Organisation
from tdcs.organisations.queries import names_on


def load() -> int:
    """Bring capital.yaml of the installation's province into the database; returns the number of sources."""
    rows = law.of_province("capital.yaml")
    for row in rows:
        investor = Organisation.objects.filter(code=row.get("investor", "")).first()
        CapitalSource.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "tier": row["tier"],
                "investor": investor,
                "starts_on": row["from"],
            },
        )
    return len(rows)


def invest(*, investor: Organisation, by: User | None, on: date) -> CapitalSource:
    """The source of a local budget that entrusts money; made on first use. Raises InvestorUnfit.

    The investor is a People's Committee: the province's has its shipped source, a commune's gets its own.
    """
    if investor.kind != Kind.PEOPLE_COMMITTEE:
        raise InvestorUnfit(name=names_on(on, [investor.pk])[investor.pk])
    with transaction.atomic():
        found = CapitalSource.objects.on(on).filter(investor=investor).first()
        if isinstance(found, CapitalSource):
            return found
        name = names_on(on, [investor.pk])[investor.pk]
        made: CapitalSource = CapitalSource.objects.create(
            code=f"DP-{investor.code}"[:40],
            name=f"Vốn ngân sách ủy thác: {name}"[:200],
            tier=Tier.LOCAL,
            investor=investor,
            starts_on=on,
        )
        trail.record(action="capital.invest", subject=made, by=by, on=on)
    return made


def remove_source(*, source: CapitalSource, by: User | None, on: date) -> None:
    """Delete a source that nothing uses. Raises SourceInUse naming what does."""
    with transaction.atomic():
        held = CapitalSource.objects.select_for_update().get(pk=source.pk)
        trail.record(action="capital.remove_source", subject=held, by=by, on=on)
        try:
            with transaction.atomic():
                Fund.objects.filter(source=held, received=0).delete()
                held.delete()
        except ProtectedError as used:
            raise SourceInUse(name=held.name, listed=_listed(used)) from used


def _listed(used: ProtectedError) -> str:
    """What stands on the source: how many of which kind."""
    counts: dict[str, int] = {}
    for row in used.protected_objects:
        name = str(row._meta.verbose_name)
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))
