"""The Word templates that ship, as a branch would have taken them in."""

from __future__ import annotations

from datetime import date

from tdcs.access.models import User
from tdcs.word_templates.services.shipping import add_shipped


def make(*, on: date, by: User) -> int:
    """The set, brought by the branch's planner; how many."""
    return len(add_shipped(by=by, on=on))
