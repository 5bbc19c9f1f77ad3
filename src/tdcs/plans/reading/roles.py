"""Several roles in one cell or label: "Chủ trì: A. Phối hợp: B", "A chủ trì, phối hợp với B", "A (chủ trì), B (phối hợp)"."""

from __future__ import annotations

import re
from typing import Final

from tdcs.plans.reading.grammar import named_units
from tdcs.plans.reading.labels import read_labels
from tdcs.plans.reading.model import UnitWords
from tdcs.plans.reading.sentences import assignment

_SAYS: Final = re.compile(
    r"\b(?:chủ trì|phối hợp|đầu mối|tham gia|chịu trách nhiệm|phụ trách|thực hiện)\b", re.IGNORECASE
)
_BRACKET: Final = re.compile(r"(?P<who>[^()]+?)\s*\((?P<role>[^()]{3,60})\)\s*[,;.]?\s*(?:và\s+)?")
_COORDINATES: Final = re.compile(r"\b(?:phối hợp|tham gia|hỗ trợ)\b", re.IGNORECASE)
_LONGEST: Final = 600
_ROLES: Final = frozenset({"lead", "perform", "coordinate"})


def units_by_role(words: str, kind: str) -> list[tuple[str, tuple[UnitWords, ...]]]:
    """Each role with its units; ``kind`` is the role of words that name none themselves."""
    if len(words) > _LONGEST or not _SAYS.search(words):
        return [(kind, named_units(words))]
    labels = [label for label in read_labels(words) if label.kind in _ROLES]
    if labels:
        return [(label.kind, named_units(label.words)) for label in labels]
    if made := _bracketed(words, kind):
        return made
    said = assignment(words)
    if said.lead:
        return [
            ("lead" if kind == "coordinate" else kind, said.lead),
            ("coordinate", said.coordinate),
        ]
    return [(kind, named_units(words))]


def _bracketed(words: str, kind: str) -> list[tuple[str, tuple[UnitWords, ...]]]:
    made: list[tuple[str, tuple[UnitWords, ...]]] = []
    end = 0
    for found in _BRACKET.finditer(words):
        if not _SAYS.search(found["role"]):
            continue
        role = "coordinate" if _COORDINATES.search(found["role"]) else "lead"
        made.append((role, named_units(words[end : found.end("who")])))
        end = found.end()
    rest = words[end:].strip(" ,;.")
    return [*made, *([(kind, named_units(rest))] if rest else [])] if made else []
