"""How sure each fact of a task is and where in the document it stands, so that a person looks at the doubtful ones first."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import TextLine
from tdcs.plans.reading.model import Fact, Timing, UnitWords

# In percent: a cell or a label says it outright, a heading for all below it, a sentence by its grammar.
LABELLED: Final = 95
HEADED: Final = 90
BY_SENTENCE: Final = 75
MISSING: Final = 30
_UNKNOWN_UNIT: Final = 15
_SLIP: Final = 35
_RECOGNISED: Final = 20
# What a person should look at: below this a fact is doubtful.
DOUBTFUL: Final = 70


def task_facts(
    found: dict[str, Fact],
    units: dict[str, tuple[UnitWords, ...]],
    timing: Timing,
    first_line: int,
) -> tuple[Fact, ...]:
    """Facts of one task: its text, who leads, who coordinates, when."""
    lead_kind = "lead" if units["lead"] or not units["perform"] else "perform"
    leading = (*units["lead"], *units["perform"])
    made = [found.get("text", Fact("text", LABELLED, first_line))]
    at = found.get(lead_kind) or found.get("lead") or found.get("perform")
    made.append(
        _of_units("lead", leading, at, first_line) if leading else Fact("lead", MISSING, first_line)
    )
    if units["coordinate"]:
        made.append(
            _of_units("coordinate", units["coordinate"], found.get("coordinate"), first_line)
        )
    when = found.get("timing", Fact("timing", BY_SENTENCE, first_line))
    sure = MISSING if timing.kind == "unknown" else when.confidence
    return (*made, Fact("timing", sure, when.block, when.cell))


def _of_units(kind: str, units: tuple[UnitWords, ...], at: Fact | None, line: int) -> Fact:
    place = at or Fact(kind, BY_SENTENCE, line)
    lost = _SLIP if any(unit.fuzzy for unit in units) else 0
    if not lost and not all(unit.resolved for unit in units):
        lost = _UNKNOWN_UNIT
    return Fact(kind, place.confidence - lost, place.block, place.cell)


def joined_facts(one: tuple[Fact, ...], other: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Two readings of one task: of each fact the surer one."""
    best: dict[str, Fact] = {}
    for fact in (*one, *other):
        if fact.kind not in best or fact.confidence > best[fact.kind].confidence:
            best[fact.kind] = fact
    return tuple(best.values())


def less_sure(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Facts of a scan: recognition may have taken one letter or digit for another."""
    return tuple(replace(one, confidence=max(one.confidence - _RECOGNISED, 5)) for one in facts)


def header_facts(lines: list[TextLine], said: dict[str, tuple[str, ...]]) -> tuple[Fact, ...]:
    """``said``: for number, issued_on, issuer, title and signer the words by which the document may say it."""
    return tuple(_header_fact(kind, words, lines) for kind, words in said.items())


def _header_fact(kind: str, words: tuple[str, ...], lines: list[TextLine]) -> Fact:
    """Where all the words stand; nowhere whole means that the fact was put together from pieces."""
    keys = [fold(squash(one)) for one in words if one]
    if not keys:
        return Fact(kind, MISSING, 0)
    for line in lines:
        if all(key in fold(squash(line.text)) for key in keys):
            return Fact(kind, LABELLED, line.number)
    last = keys[-1].rsplit(" ", 2)[-1]
    near = next((line.number for line in lines if last in fold(line.text)), 0)
    return Fact(kind, BY_SENTENCE, near)
