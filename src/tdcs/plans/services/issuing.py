"""What every document that leaves has in common: its number, day and signer, and the duty that it meets."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.text import nfc
from tdcs.plans.composing.framing import Signing
from tdcs.plans.errors import AnswerIncomplete
from tdcs.plans.models import Obligation, ObligationState, ProgressEntry


class Signed(Protocol):
    """A record of a document with its number, day and signer."""

    number: str
    signer: str
    signer_title: str
    issued_on: date | None


def require_signed(signing: Signing, **there: bool) -> None:
    """A number and a signer must be given, and what else the document needs. Raises AnswerIncomplete."""
    needed = {"số, ký hiệu": signing.number.strip(), "người ký": signing.signer.strip(), **there}
    missing = [words for words, given in needed.items() if not given]
    if missing:
        raise AnswerIncomplete(what=", ".join(missing))


def write_signed(row: Signed, signing: Signing, on: date) -> None:
    """Number, signer and day into the record, in the lengths of its columns; issued on ``on`` when no day is given."""
    row.number, row.signer = nfc(signing.number).strip()[:60], nfc(signing.signer).strip()[:120]
    row.signer_title = nfc(signing.signer_title).strip()[:120]
    row.issued_on = signing.issued_on or on


def meet_duties(rows: QuerySet[Obligation], words: str, *, by: User | None, on: date) -> None:
    """Duties that a document meets by leaving are done, with its number as their answer."""
    at = clock.now()
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        row.state, row.submitted_on, row.percent = ObligationState.SUBMITTED, on, 100
        row.words, row.touched_at = words, at
        row.save()
        ProgressEntry.objects.create(
            obligation=row,
            verb=ProgressEntry.Verb.SUBMIT,
            on=on,
            at=at,
            by=by,
            organisation_id=row.holder_id,
            percent=100,
            words=words,
        )
