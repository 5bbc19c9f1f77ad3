"""Templates are checked and filled in by a process of its own under bounds; plain data goes in and comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec

from tdcs.core.errors import Refusal
from tdcs.documents import errors as files
from tdcs.documents.reading.guarded import Bounds, ask
from tdcs.word_templates import errors
from tdcs.word_templates.filling.places import Place

CHECKING: Final = Bounds(seconds=10, mib=1024)
FILLING: Final = Bounds(seconds=30, mib=1024)
# Many records in one document.
JOINING: Final = Bounds(seconds=180, mib=3072)
_DAY: Final = "\x00day"
_PLACE: Final = "\x00place"


@dataclass(frozen=True, slots=True)
class Report:
    """What a template uses and what is wrong with it."""

    used: list[str]
    problems: list[Refusal]


def check_apart(content: bytes, kind: str, bounds: Bounds = CHECKING) -> Report:
    """``rendering.check`` under bounds. Raises what it raises, and TemplateTooHard."""
    answer = _asked("check", {"content": content, "kind": kind}, bounds)
    return Report(list(answer["used"]), [_refusal(*one) for one in answer["problems"]])


def fill_apart(
    content: bytes, kind: str, records: Sequence[Mapping[str, Any]], *, joined: bool = False
) -> list[bytes]:
    """``rendering.fill`` under bounds. Raises what it raises, and TemplateTooHard."""
    given = {
        "content": content,
        "kind": kind,
        "records": [_packed(one) for one in records],
        "joined": joined,
    }
    bounds = JOINING if joined and len(records) > 1 else FILLING
    return list(_asked("fill", given, bounds)["files"])


def _asked(name: str, given: dict[str, Any], bounds: Bounds) -> dict[str, Any]:
    try:
        words = ask(f"{__name__}:_{name}", msgspec.msgpack.encode(given), bounds)
    except files.FileTooHard as wrong:
        raise errors.TemplateTooHard from wrong
    answer: dict[str, Any] = msgspec.msgpack.decode(words)
    if "refused" in answer:
        raise _refusal(*answer["refused"])
    return answer


def _check(content: bytes) -> dict[str, Any]:
    """In the child."""
    from tdcs.word_templates.filling import rendering
    from tdcs.word_templates.filling.tags import tags_of

    given = msgspec.msgpack.decode(content)
    try:
        found = rendering.check(given["content"], tags_of(given["kind"]))
    except Refusal as refusal:
        return {"refused": _named(refusal)}
    return {"used": sorted(found.used), "problems": [_named(one) for one in found.problems]}


def _fill(content: bytes) -> dict[str, Any]:
    """In the child."""
    from tdcs.word_templates.filling import rendering
    from tdcs.word_templates.filling.tags import tags_of

    given = msgspec.msgpack.decode(content)
    records = [_unpacked(one) for one in given["records"]]
    tags = tags_of(given["kind"])
    try:
        made = rendering.fill(given["content"], tags, records, joined=given["joined"])
    except Refusal as refusal:
        return {"refused": _named(refusal)}
    return {"files": made}


def _named(refusal: Refusal) -> list[Any]:
    return [type(refusal).__name__, {name: _packed(one) for name, one in refusal.params.items()}]


def _refusal(name: str, params: dict[str, Any]) -> Refusal:
    made: type[Refusal] = getattr(errors, name, getattr(files, name, files.BrokenFile))
    return made(**{one: _unpacked(value) for one, value in params.items()})


def _packed(value: Any) -> Any:
    """MessagePack has no days and no places."""
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Place):
        return {_PLACE: [value.part, value.paragraph, value.table, value.row, value.column]}
    if isinstance(value, Mapping):
        return {name: _packed(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(one) for one in value]
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if _DAY in value:
            return date.fromisoformat(value[_DAY])
        if _PLACE in value:
            return Place(*value[_PLACE])
        return {name: _unpacked(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_unpacked(one) for one in value]
    return value
