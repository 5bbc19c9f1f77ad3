"""What the review page's form says: rows of units and targets, as typed."""

from __future__ import annotations

from decimal import Decimal

from django.http import QueryDict

from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.plans.errors import UnitNotFound
from tdcs.plans.models import Duty, Task
from tdcs.plans.queries.meanings import code_of, units_named
from tdcs.plans.services.review import Aim, Named
from tdcs.plans.views.requested import parse_decimal, parse_int

# Empty rows that a form offers beside those that are there.
SPARE = 2
COMPARISONS = (">=", "<=", ">", "<", "=", "~")


def named_rows(post: QueryDict, owner: Task | Duty) -> list[Named]:
    """The rows of who does it. Raises UnitNotFound for a name that nothing bears."""
    kept = {row.pk: row for row in owner.assignments.prefetch_related("organisations")}
    rows = []
    for at in range(len(kept) + SPARE):
        before = kept.get(parse_int(post.get(f"row{at}")))
        typed = post.get(f"unit{at}", "").strip()
        if f"drop{at}" in post or (before is None and not typed):
            continue
        code = code_of(typed)
        if code is None:
            raise UnitNotFound(words=typed)
        chosen = [parse_int(key) for key in post.getlist(f"org{at}")]
        if added := post.get(f"org_add{at}", "").strip():
            chosen.append(_unit_of(added))
        same = before is not None and before.unit == code
        rows.append(
            Named(
                role=post.get(f"role{at}", "perform"),
                words=before.words if before else typed,
                unit=code,
                levels=tuple(post.getlist(f"levels{at}")),
                area=before.area if before and same else "",
                qualifier=before.qualifier if before and same else "",
                organisations=tuple(chosen),
                left_out=f"out{at}" in post,
            )
        )
    return rows


def _unit_of(words: str) -> int:
    found = units_named(words, clock.today())
    if not found or (len(found) > 1 and fold(found[0][1]) != fold(words)):
        raise UnitNotFound(words=words)
    return found[0][0]


def goals(post: QueryDict, task: Task) -> list[Aim]:
    """The rows of targets; a row without a figure is taken away."""
    rows = []
    for at in range(task.targets.count() + 1):
        figure = parse_decimal(post.get(f"figure{at}"))
        if figure is None or abs(figure) >= Decimal(10) ** 15:
            continue
        comparison = post.get(f"comparison{at}", "")
        rows.append(
            Aim(
                figure=figure,
                unit=post.get(f"unit_of{at}", ""),
                comparison=comparison if comparison in COMPARISONS else "=",
                base=post.get(f"base{at}", ""),
                words=post.get(f"said{at}", ""),
            )
        )
    return rows
