"""Lines of the trail, as an auditor asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, Func, QuerySet

from tdcs.audit.models import AuditLine
from tdcs.core.text import fold


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What of the trail is asked for; an empty field asks for all. Both days are business days and count in full."""

    action: str = ""
    actor: str = ""
    subject: str = ""
    subject_type: str = ""
    since: date | None = None
    until: date | None = None


class _Folded(Func):
    """Lower case without accents in the database, as core/text.fold does it for Vietnamese letters."""

    output_field = CharField()
    template = (
        "regexp_replace(normalize(translate(lower(%(expressions)s), 'đð', 'dd'), NFD),"
        " '[\u0300-\u036f]', '', 'g')"
    )


def find_lines(asked: TrailFilter) -> QuerySet[AuditLine]:
    """Lines that fit, the newest first; persons and objects are found without accents, in any part of their words."""
    rows = AuditLine.objects.order_by("-id")
    if asked.action:
        rows = rows.filter(action=asked.action)
    if asked.subject_type:
        rows = rows.filter(subject_type=asked.subject_type)
    if asked.since:
        rows = rows.filter(business_date__gte=asked.since)
    if asked.until:
        rows = rows.filter(business_date__lte=asked.until)
    if asked.actor:
        rows = rows.annotate(actor_key=_Folded(F("actor_words")))
        rows = rows.filter(actor_key__contains=fold(asked.actor))
    if asked.subject:
        rows = rows.annotate(subject_key=_Folded(F("subject_words")))
        rows = rows.filter(subject_key__contains=fold(asked.subject))
    return rows


def known_actions() -> list[str]:
    """Every action that the trail has, by name."""
    rows = AuditLine.objects.values_list("action", flat=True)
    return list(rows.distinct().order_by("action"))


def known_subject_types() -> list[str]:
    """Every kind of object that the trail has, as a model's label ("loans.loan"), by name."""
    rows = AuditLine.objects.exclude(subject_type="").values_list("subject_type", flat=True)
    return list(rows.distinct().order_by("subject_type"))
