"""One reading from several structures: the body's tasks and the annex rows, what stands in both only once."""

from __future__ import annotations

import re
from dataclasses import replace

from tdcs.core.text import fold
from tdcs.plans.reading.facts import joined_facts
from tdcs.plans.reading.model import ReadTask, UnitWords

_SHORTEST = 16


def united(body: list[ReadTask], rows: list[ReadTask]) -> list[ReadTask]:
    """Body tasks first; a row that repeats one is merged into it, the others follow."""
    made = list(body)
    keys = [_key(task) for task in body]
    for row in rows:
        at = _same(_key(row), keys)
        if at is None:
            made.append(row)
        else:
            made[at] = _merged(made[at], row)
    return _unique(made)


def _key(task: ReadTask) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(task.text))


def _same(key: str, keys: list[str]) -> int | None:
    """The body task whose words hold the row's, or the other way round."""
    if len(key) < _SHORTEST:
        return keys.index(key) if key in keys else None
    near = (
        at
        for at, other in enumerate(keys)
        if len(other) >= _SHORTEST and (key in other or other in key)
    )
    return next(near, None)


def _merged(body: ReadTask, row: ReadTask) -> ReadTask:
    """The row says more exactly who and when; what only the body says stays."""
    timing = row.timing if row.timing.kind != "unknown" else body.timing
    lead = _joined(row.lead or row.perform, ()) or body.lead
    return replace(
        body,
        lead=lead,
        perform=body.perform if not row.lead else (),
        coordinate=_joined(row.coordinate, body.coordinate),
        timing=timing,
        product=row.product or body.product,
        targets=body.targets or row.targets,
        facts=joined_facts(row.facts, body.facts),
        lines=tuple(sorted({*body.lines, *row.lines})),
        warnings=row.warnings if row.timing.kind != "unknown" else body.warnings,
    )


def _joined(one: tuple[UnitWords, ...], other: tuple[UnitWords, ...]) -> tuple[UnitWords, ...]:
    known = {
        (unit.unit, unit.levels, unit.area) if unit.unit else (fold(unit.words),) for unit in one
    }
    more = (
        u for u in other
        if ((u.unit, u.levels, u.area) if u.unit else (fold(u.words),)) not in known
    )  # fmt: skip
    return (*one, *more)


def _unique(tasks: list[ReadTask]) -> list[ReadTask]:
    """Two items with one number (recognition) keep their own paths."""
    seen: dict[str, int] = {}
    made = []
    for task in tasks:
        seen[task.path] = seen.get(task.path, 0) + 1
        count = seen[task.path]
        made.append(task if count == 1 else replace(task, path=f"{task.path}({count})"))
    return made
