"""The one place where an import changes its state."""

from __future__ import annotations

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.imports.errors import ImportEnded
from tdcs.imports.models import ExtractImport
from tdcs.imports.states import IMPORT_MOVES, ImportState


def locked(imported: ExtractImport, *states: str) -> ExtractImport:
    """The import's row under lock, in one of the states. Raises ImportEnded."""
    row = ExtractImport.objects.select_for_update().get(pk=imported.pk)
    if row.state not in states:
        raise ImportEnded(number=row.pk, state=ImportState(row.state).label)
    return row


def moved(imported: ExtractImport, verb: str, by: User | None, why: str = "") -> ExtractImport:
    """The import after a move of IMPORT_MOVES. Raises ImportEnded."""
    move = IMPORT_MOVES[verb]
    row = locked(imported, *move.sources)
    row.state, row.ended_by, row.ended_at, row.why = move.target, by, clock.now(), why
    row.save()
    return row
