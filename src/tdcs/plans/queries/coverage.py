"""The proof that no task is without a place where it is done: screens, evidence, what was done in a year, by whom not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core.text import by_name
from tdcs.organisations.queries import names_on
from tdcs.plans.models import AssignmentRole, Duty, Plan, Task
from tdcs.plans.ports import EvidenceKind, RecordsAsked, evidence
from tdcs.plans.queries.evidence import Choice, Cited, choices_of, cited, of_year
from tdcs.plans.queries.obligations import frame, map_day
from tdcs.plans.queries.plans import current_version, tasks_of

# Who owes a task itself; who only helps is not missed.
_OWING: Final = (AssignmentRole.LEAD, AssignmentRole.PERFORM)


@dataclass(frozen=True, slots=True)
class Covered:
    """One task or duty: the kinds that count, what is only proposed, records of the year, units with and without any."""

    subject: Task | Duty
    kinds: tuple[EvidenceKind, ...]
    proposals: tuple[Choice, ...]
    counts: tuple[Cited, ...]
    last_on: date | None
    units: int
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        """Records of the year."""
        return sum(one.count for one in self.counts)

    @property
    def empty(self) -> bool:
        """Without a screen, or without anything done in the year."""
        return not self.kinds or not self.total


def coverage(plan: Plan, year: int, user: User) -> list[Covered]:
    """Every task of the plan, then its general duties, as far as a person may see its units."""
    version, visible = current_version(plan), visible_organisations(user)
    tasks = list(tasks_of(version))
    owed = frame(plan, year, user).filter(pl.col("role").is_in(_OWING))
    done = of_year(plan, year, units=visible)
    choices, counts = choices_of(plan, tasks), cited(done)
    names = names_on(map_day(year), owed["holder"].unique().to_list())
    made = []
    for task in tasks:
        own = done.filter(pl.col("lineage") == str(task.lineage))
        offered = choices[str(task.lineage)]
        made.append(
            Covered(
                task,
                tuple(c.kind for c in offered if c.counts),
                tuple(c for c in offered if not c.decided),
                tuple(counts.get(str(task.lineage), ())),
                _last(own),
                own["unit"].n_unique(),
                _missing(owed.filter(pl.col("path") == task.path), own, names),
            )
        )
    duties = version.duties.order_by("position")
    return made + [_duty(duty, year, owed, names, visible) for duty in duties]


def _duty(
    duty: Duty,
    year: int,
    owed: pl.DataFrame,
    names: dict[int, str],
    visible: frozenset[int] | None,
) -> Covered:
    """A general duty is served by the kinds that name it, without anybody's word."""
    kinds = tuple(kind for kind in evidence.kinds().values() if duty.kind in kind.duties)
    asked = RecordsAsked(date(year, 1, 1), date(year + 1, 1, 1), visible)
    frames = [(kind, kind.rows(asked)) for kind in kinds]
    counts = tuple(Cited(kind, rows.height) for kind, rows in frames if rows.height)
    done = pl.concat([rows for _, rows in frames]) if frames else None
    if done is None:
        return Covered(duty, kinds, (), counts, None, 0, ())
    column = f"d{duty.path}-{duty.kind}"
    mine = owed.filter(pl.col("column").str.ends_with(column))
    return Covered(
        duty, kinds, (), counts, _last(done), done["unit"].n_unique(), _missing(mine, done, names)
    )


def _last(rows: pl.DataFrame) -> date | None:
    found = rows["day"].max()
    return found if isinstance(found, date) else None


def _missing(owed: pl.DataFrame, done: pl.DataFrame, names: dict[int, str]) -> tuple[str, ...]:
    """Units that owe and have no record, by name."""
    left = owed.filter(~pl.col("holder").is_in(done["unit"].to_list()))
    units = left["holder"].unique().to_list()
    return tuple(sorted((names.get(unit, "") for unit in units), key=by_name))
