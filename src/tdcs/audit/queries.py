"""Lines of the trail, as an auditor asks for them."""

from __future__ import annotations

from django.db.models import QuerySet

from tdcs.audit.models import AuditLine


def find_lines(*, action: str = "", actor: str = "") -> QuerySet[AuditLine]:
    """Lines of one action, of whoever's name has these words; the newest first."""
    rows = AuditLine.objects.order_by("-id")
    if action:
        rows = rows.filter(action=action)
    return rows.filter(actor_words__icontains=actor) if actor else rows


def known_actions() -> list[str]:
    """Every action that the trail has, by name."""
    rows = AuditLine.objects.values_list("action", flat=True)
    return list(rows.distinct().order_by("action"))
