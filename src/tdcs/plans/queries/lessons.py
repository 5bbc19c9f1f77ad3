"""What was corrected in earlier documents, as the reader uses it and as a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tdcs.core.text import fold
from tdcs.organisations import catalogue
from tdcs.organisations.models import OrganisationProfile
from tdcs.plans.models import CorrectionKind, ReadingCorrection
from tdcs.plans.reading.lessons import Deadline, Lessons
from tdcs.plans.reading.model import UnitWords


def lessons_for(issuer_words: str) -> Lessons:
    """The lessons of the issuer that a document names; empty when nobody of that name is known."""
    key = fold(issuer_words)
    rows = OrganisationProfile.objects.filter(search__startswith=key) if key else []
    issuers = {row.organisation_id for row in rows if fold(row.name) == key}
    kept: dict[str, dict[str, Any]] = {kind: {} for kind in CorrectionKind.values}
    for row in ReadingCorrection.objects.filter(issuer__in=issuers):
        kept[row.kind][row.key] = _meant(row)
    return Lessons(
        labels=kept[CorrectionKind.LABEL],
        headings=kept[CorrectionKind.HEADING],
        units=kept[CorrectionKind.UNIT],
        deadlines=kept[CorrectionKind.DEADLINE],
    )


def _meant(row: ReadingCorrection) -> str | UnitWords | Deadline:
    meaning = row.meaning
    if row.kind == CorrectionKind.UNIT:
        entry = catalogue.entries().get(meaning["unit"])
        return UnitWords(
            words=row.words,
            unit=meaning["unit"] if entry else "",
            name=entry.name if entry else "",
            levels=tuple(meaning.get("levels", ())),
            area=meaning.get("area", ""),
        )
    if row.kind == CorrectionKind.DEADLINE:
        return Deadline(**meaning)
    return str(meaning["means"])


def corrections(issuer: str = "") -> Iterator[dict[str, Any]]:
    """Every correction as plain data, by issuer; ``issuer``: the code of one."""
    rows = ReadingCorrection.objects.select_related("issuer").order_by(
        "issuer__code", "kind", "key"
    )
    if issuer:
        rows = rows.filter(issuer__code=issuer)
    for row in rows:
        yield {"issuer": row.issuer.code, "kind": row.kind, "words": row.words, **row.meaning}
