"""A step of a programme, an inspection or a finding: allowed from where it stands, with its line of the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import models

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.documents.accepting import Accepted
from tdcs.oversight.errors import OversightReasonMissing, OversightStep
from tdcs.oversight.states import OversightMove


class HasState(Protocol):
    """A row with a state and its words."""

    state: str

    def get_state_display(self) -> str: ...


def require_step(row: HasState, verb: str, moves: Mapping[str, OversightMove]) -> OversightMove:
    """The move of a verb from where the row stands. Raises OversightStep."""
    move = moves[verb]
    if row.state not in move.sources:
        raise OversightStep(verb=move.label, state=row.get_state_display())
    return move


def require_words(words: str) -> str:
    """The words, in one line. Raises OversightReasonMissing."""
    said = squash(words)
    if not said:
        raise OversightReasonMissing
    return said


def note(
    row: models.Model, action: str, *, by: User, on: date, why: str = "", **data: object
) -> None:
    """The line of the trail."""
    trail.record(action=f"oversight.{action}", subject=row, by=by, on=on, why=why, data=data)


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did, with which words and file."""

    verb: str
    source: str
    words: str
    what: Accepted | None = None
    title: str = ""


def step_fields(row: HasState, step: Step, *, by: User, on: date) -> dict[str, Any]:
    """A step to where the row now stands, as the fields of its own table."""
    return {
        "verb": step.verb,
        "source": step.source,
        "target": row.state,
        "on": on,
        "recorded_at": clock.now(),
        "by": by,
        "words": squash(step.words),
        "title": step.title,
        "sha256": step.what.sha256 if step.what else "",
        "ending": step.what.ending if step.what else "",
    }
