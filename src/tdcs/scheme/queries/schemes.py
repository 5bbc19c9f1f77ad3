"""Schemes, their versions, and what may be chosen for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet

from tdcs.core import law
from tdcs.plans.models import Plan
from tdcs.plans.queries.in_force import plans_in_force
from tdcs.programmes.rules.lawbook import Document, documents
from tdcs.programmes.rules.library import Validity, validity
from tdcs.scheme.models import Scheme, SchemeText, SchemeVersion


def schemes() -> QuerySet[Scheme]:
    """Every scheme, the newest first, with its versions."""
    versions = SchemeVersion.objects.defer("content")
    return Scheme.objects.select_related("plan", "by").prefetch_related(
        Prefetch("versions", queryset=versions)
    )


def texts() -> QuerySet[SchemeText]:
    """Every text of every scheme."""
    return SchemeText.objects.select_related("scheme")


def versions() -> QuerySet[SchemeVersion]:
    """Every version with its scheme."""
    return SchemeVersion.objects.select_related(
        "scheme", "scheme__plan", "against", "composed_by", "submitted_by", "approved_by"
    )


def latest(scheme: Scheme) -> SchemeVersion | None:
    """The version composed last."""
    return versions().filter(scheme=scheme).order_by("-sequence").first()


def compared_with(scheme: Scheme) -> SchemeVersion | None:
    """With which version a new one is compared: the last issued, which others read, else the last composed."""
    rows = versions().filter(scheme=scheme).order_by("-sequence")
    return rows.filter(state=SchemeVersion.State.ISSUED).first() or rows.first()


def usual_bases() -> list[str]:
    """The texts that a new scheme cites unless others are chosen (law/scheme.yaml)."""
    return [code for code in law.load("scheme.yaml")["bases"] if code in documents()]


def offered_bases(on: date, chosen: Sequence[str] = ()) -> list[Document]:
    """Texts that may be cited: with a number, and not ended by a day (unless cited already); the usual ones first."""
    known = documents()
    fit = [
        one
        for one in known.values()
        if one.number and (one.code in chosen or validity(one.code, on) != Validity.ENDED)
    ]
    first = {code: at for at, code in enumerate(usual_bases())}
    return sorted(fit, key=lambda one: (first.get(one.code, len(first)), one.number))


def offered_plans(on: date) -> list[Plan]:
    """The plans that a scheme may serve."""
    return plans_in_force(on)
