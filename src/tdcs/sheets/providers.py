"""What the room gives to others: the job that makes a large sheet in the background."""

from __future__ import annotations

from typing import Final

from tdcs.jobs.kinds import Kind, Outcome, Task, register
from tdcs.sheets.queries.requesting import Words, asked_of, sheet_of
from tdcs.sheets.services import make

CODE: Final = "sheets.make"


def _run(task: Task) -> Outcome:
    """The file, asked for again as the person is now."""
    words = Words(**task.params["words"])
    asked = asked_of(sheet_of(str(task.params["sheet"])), words, task.by)
    return Outcome(file=make(asked=asked, by=task.by, on=task.on))


KIND: Final = Kind(code=CODE, run=_run, permission="sheets.view", seconds=900, mib=4096)


def register_jobs() -> None:
    """Called once when the application starts."""
    register(KIND)
