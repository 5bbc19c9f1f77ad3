"""Steps in the lives of many obligations, entered at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.models import Obligation, ObligationState, ProgressEntry


def enter_steps(
    rows: Iterable[Obligation], verb: str, words: str, *, at: datetime, by: User | None, on: date
) -> None:
    """One step of one kind for each row, by its holder, at what it has reached; in the caller's transaction."""
    ProgressEntry.objects.bulk_create(
        (
            ProgressEntry(
                obligation=row,
                verb=verb,
                on=on,
                at=at,
                by=by,
                organisation_id=row.holder_id,
                percent=row.percent,
                words=words,
            )
            for row in rows
        ),
        batch_size=1000,
    )


def withdraw_rows(rows: list[Obligation], words: str, *, by: User | None, on: date) -> None:
    """They are no longer owed, and each says why; in the caller's transaction, which locked them."""
    moment = clock.now()
    for row in rows:
        row.state, row.touched_at = ObligationState.WITHDRAWN, moment
    update_rows(rows, ["state", "touched_at"])
    enter_steps(rows, ProgressEntry.Verb.WITHDRAW, words, at=moment, by=by, on=on)
