"""Kinds of jobs: what runs, for whom, within which bounds. The room that knows the work registers it when it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from tdcs.access.models import User
from tdcs.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Task:
    """What a running job knows."""

    by: User
    on: date
    params: Mapping[str, Any]
    # The file that came with the request; empty without one.
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that a job made."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: a file to fetch, or a record with a page of its own."""

    file: Made | None = None
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job and its bounds. ``run`` works in one transaction with the job's end: both happen or neither."""

    code: str
    run: Callable[[Task], Outcome]
    # Asked again when the job runs and when its result is fetched.
    permission: str
    seconds: int = 300
    mib: int = 1024
    # The page on which an ended job goes on, instead of its own; None where there is none.
    page: Callable[[Job], str | None] = lambda job: None


_KINDS: Final[dict[str, Kind]] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called once when its room starts."""
    _KINDS[kind.code] = kind


def kind_of(code: str) -> Kind:
    """The kind of a code. Raises KeyError for one that nobody registered."""
    return _KINDS[code]
