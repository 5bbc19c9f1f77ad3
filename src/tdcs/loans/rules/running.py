"""The law of loans that run: from which day a decree gives a loan another rate, as the fold takes it (LAW_COLUMNS)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tdcs.core import law
from tdcs.core.basis import Basis, basis
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.engine import nw
from tdcs.core.errors import NoParametersOnDay
from tdcs.core.frames import Frame
from tdcs.loans.rules.fold import LAW_COLUMNS
from tdcs.programmes.rules import terms_on
from tdcs.programmes.rules.decrees import Decrees
from tdcs.programmes.rules.running import running_changes
from tdcs.programmes.rules.stretches import first_of_stretch

# (day, rate or None, overdue base or None, overdue percent or None)
Change = tuple[int, int | None, int | None, int | None]
# A number of changes with one of them: the values of LAW_COLUMNS.
LawRow = tuple[int, int, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Reached:
    """How the law reaches a loan while it runs. ``own_overdue_rate``: hundredths of ppm, 0 where overdue principal bears a
    percent of the loan's rate; ``known_on``: the last day on which its book took such a law up late, 0 for none;
    ``bases``: of each change its document and article."""

    changes: tuple[Change, ...]
    own_overdue_rate: int
    known_on: int
    bases: tuple[Basis, ...] = ()


@basis("QD-2553-2025-TTg", "Điều 1")
@basis("ND-261-2025", "khoản 1 Điều 3")
def reached(
    programme: str,
    target_group: str,
    disbursed_on: date,
    *,
    province: str = "",
    tier: str = "central",
    decrees: Decrees | None = None,
) -> Reached:
    """What the law changes for a loan after its first day; of ``decrees`` alone where a book is asked.

    Raises UnknownProgramme, NoParametersOnDay.
    """
    where = (province, tier, decrees)
    try:
        # A loan's changes come after its stretch: each begins a stretch of its own.
        return _reached(programme, target_group, first_of_stretch(disbursed_on), *where)
    except NoParametersOnDay:
        # The refusal names the day that was asked for.
        return _reached(programme, target_group, disbursed_on, *where)


@law.remembered
def _reached(
    programme: str,
    target_group: str,
    disbursed_on: date,
    province: str,
    tier: str,
    decrees: Decrees | None,
) -> Reached:
    terms = terms_on(programme, disbursed_on, target_group, province=province, tier=tier)
    taken_up = None if decrees is None else dict(decrees.taken_up)
    found: list[Change] = []
    bases: list[Basis] = []
    known_on = 0
    for change in running_changes(
        programme, disbursed_on, target_group, province=province, tier=tier
    ):
        day = day_number(change.on)
        if taken_up is not None:
            since = taken_up.get(change.document)
            if since is None:
                continue
            known_on = max(known_on, since if since > day else 0)
        found.append((day, change.rate_ppm, change.overdue_base_ppm, change.overdue_percent))
        bases.append(Basis(change.document, change.article))
    base = terms.overdue_base_ppm
    own = base * terms.overdue_percent if base is not None else 0
    return Reached(tuple(found), own, known_on, tuple(bases))


class Numbered:
    """Changes of many loans as one frame: loans with the same ones share a number; 0 is for those with none."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Change, ...], int] = {(): 0}

    def number(self, changes: tuple[Change, ...]) -> int:
        """The value of the loans' column ``law``."""
        return self._numbers.setdefault(changes, len(self._numbers))

    def frame(self) -> Frame:
        """LAW_COLUMNS of all that was numbered."""
        return _frame(LAW_COLUMNS, self.rows())

    def rows(self) -> tuple[LawRow, ...]:
        """The values of LAW_COLUMNS of all that was numbered."""
        return tuple((n, *change) for changes, n in self._numbers.items() for change in changes)


def with_law(contracts: Frame, decrees: Decrees | None) -> tuple[Frame, Frame]:
    """(contracts with law, own_overdue_rate, law_known_on, LAW_COLUMNS). In: programme, target_group, local, disbursed."""
    keys = ("programme", "target_group", "local", "disbursed")
    kinds = contracts.select(*keys).unique()
    numbered = Numbered()
    given: list[tuple[int, int, int]] = []
    here = law.province()
    for programme, group, local, disbursed in kinds.rows():
        law_of = reached(
            programme,
            group,
            day_of_number(disbursed),
            province=here,
            tier="local" if local else "central",
            decrees=decrees,
        )
        given.append((numbered.number(law_of.changes), law_of.own_overdue_rate, law_of.known_on))
    names = ("law", "own_overdue_rate", "law_known_on")
    columns = _frame(names, given)
    reach = nw.concat([kinds, columns], how="horizontal")
    return contracts.join(reach, on=list(keys), how="left"), numbered.frame()


def reached_on(contracts: Frame, day: int, decrees: Decrees | None) -> Frame:
    """loan of those that began before ``day`` and whose law changes on it. In: loan, LAW_TERMS, disbursed."""
    col = nw.col
    older = contracts.filter(col("disbursed") < day)
    named, law = with_law(older, decrees)
    return named.join(law.filter(col("day") == day), on="law", how="semi").select("loan")


def _frame(names: Iterable[str], rows: Sequence[Sequence[object]]) -> Frame:
    named = tuple(names)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(named)
    data = {name: list(column) for name, column in zip(named, columns, strict=True)}
    return nw.DataFrame.from_dict(data, dict.fromkeys(named, nw.Int64()), backend="polars")
