"""Capital sources as shipped with the province."""

from __future__ import annotations

from tdcs.capital.models import CapitalSource
from tdcs.core import law
from tdcs.organisations.models import Organisation


def load() -> int:
    """Bring law/provinces/dong-nai/capital.yaml into the database; returns the number of sources."""
    rows = law.load("provinces/dong-nai/capital.yaml")
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
