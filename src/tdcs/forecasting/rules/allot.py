"""Which allotments of the budgets reach the targets at least cost: a linear programme, solved with HiGHS.

For each commune c, programme p and year y, money is added from three sources: the commune's budget, the province's, the centre.

    growth       all that is added in y                              = what growth asks of y
    share        what the budgets add through y                      ≥ share × what growth asks through y
    need         what is added to c, p in y                          ≤ what c can take of p in y
    least        what is added to c in y                             ≥ what no commune goes below
    ceiling      what a budget adds in y                             ≤ the most it can give in y
    central      what the centre adds in y                           ≤ the most it gives in y, where that is bounded

Cost: a dong costs its budget ``price`` for each year through the last; what is more than the budget's usual amount costs
``dearer`` on top. So each first does what it did last year, and who does more does it late. A programme that takes no local
money takes none. Amounts are solved in millions, in floating point, and told in whole dong; the province tops up what rounding
leaves of the share. The duals say which constraints bind, and what a dong less of each would spare.

A growth of 100 with a share of 30, one commune that gives at most 10, a province that gives at most 25, one year: the budgets
give 30, 10 of it the commune if that is its usual amount and the province's is 20. At most 15 + 10 makes 25: refused, and it is
said that the ceilings of the budgets miss 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tdcs.core.basis import without_basis
from tdcs.forecasting.errors import TargetsOutOfReach
from tdcs.forecasting.rules.assumptions import PPM, Fault

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult
    from scipy.sparse import csr_array

Vector = np.ndarray[Any, np.dtype[np.float64]]
_MILLION: Final = 1_000_000
# A price so small binds nothing, and so few million are rounding.
_TINY: Final = 1e-7
_SLACK: Final = 1e-4
GROWTH, SHARE, NEED, LEAST, CEILING, CENTRAL = (
    "growth",
    "share",
    "need",
    "least",
    "ceiling",
    "central",
)
PROVINCE: Final = -1


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget: a commune's key or PROVINCE, what it gave in the last year, and the most it can give in each year (dong)."""

    key: int
    usual: int
    most: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be reached, in dong and ppm.

    ``asked``: what growth asks of each year; ``need``: by commune and programme, what can be taken in each year; ``least``: by
    commune and year; ``closed``: programmes that take no local money; ``central``: the centre's most in each year, or None.
    """

    years: tuple[int, ...]
    asked: tuple[int, ...]
    share: int
    need: Mapping[tuple[int, str], tuple[int, ...]]
    least: Mapping[int, tuple[int, ...]]
    budgets: tuple[Budget, ...]
    price: int
    dearer: int
    closed: frozenset[str] = frozenset()
    central: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A constraint that binds: of which kind, year, budget or commune, programme; ``worth``: what the budgets' cost falls by
    for each dong that it asks less or lets more (ppm).
    """

    kind: str
    year: int
    unit: int | None
    programme: str | None
    worth: int


@dataclass(frozen=True, slots=True)
class Allotments:
    """What each budget gives in each year (dong), what the centre gives, what it costs the budgets, and what binds.

    ``local``: what the budgets add by programme and year.
    """

    given: Mapping[int, tuple[int, ...]]
    central: tuple[int, ...]
    local: Mapping[str, tuple[int, ...]]
    cost: int
    binding: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """The linear programme in numbers: minimise ``cost`` · x where upper x ≤ most, equal x = exact, 0 ≤ x ≤ ``highest``."""

    cost: Vector
    upper: csr_array
    most: Vector
    equal: csr_array
    exact: Vector
    highest: Vector
    rows: tuple[tuple[str, int, int | None, str | None], ...]


@without_basis("bài toán tối ưu trên các giả định hiện cùng kết quả, không phải quy định")
def allot(task: Task) -> Allotments:
    """The allotments of least cost. Raises TargetsOutOfReach, which says what is missing and why."""
    programme = laid_out(task)
    found = _solved(programme)
    if found.status == 2:
        raise TargetsOutOfReach(_missing(task, programme))
    if found.status != 0:
        raise RuntimeError(found.message)
    return _rounded(task, programme, found)


def laid_out(task: Task) -> Programme:
    """The task in millions of dong. Columns: commune, province, centre by cell and year; then each budget's excess."""
    return _Layout(task).programme()


class _Layout:
    """Where each variable stands."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.cells = tuple(task.need)
        self.years = len(task.years)
        self.block = len(self.cells) * self.years
        self.of_commune: dict[int, list[int]] = {}
        for at, (commune, _) in enumerate(self.cells):
            self.of_commune.setdefault(commune, []).append(at)
        self.width = 3 * self.block + len(task.budgets) * self.years
        self.row_at: list[int] = []
        self.column_at: list[int] = []
        self.factor: list[float] = []
        self.most: list[float] = []
        self.rows: list[tuple[str, int, int | None, str | None]] = []

    def cell(self, source: int, at: int, year: int) -> int:
        return source * self.block + at * self.years + year

    def excess(self, budget: int, year: int) -> int:
        return 3 * self.block + budget * self.years + year

    def row(
        self,
        name: tuple[str, int, int | None, str | None],
        columns: Sequence[int],
        most: float,
        sign: int = 1,
    ) -> None:
        """sign × the sum of the columns ≤ most."""
        self.row_at += [len(self.rows)] * len(columns)
        self.column_at += columns
        self.factor += [sign] * len(columns)
        self.most.append(most / _MILLION)
        self.rows.append(name)

    def of_budget(self, budget: Budget, year: int) -> list[int]:
        """The columns of what a budget gives in a year."""
        if budget.key == PROVINCE:
            return [self.cell(1, at, year) for at in range(len(self.cells))]
        return [self.cell(0, at, year) for at in self.of_commune.get(budget.key, [])]

    def programme(self) -> Programme:
        # SciPy takes half a second to import: only who searches waits for it.
        from scipy import sparse

        task = self.task
        everything = range(len(self.cells))
        asked = np.cumsum(task.asked)
        equal = sparse.lil_array((self.years, self.width))
        for year, name in enumerate(task.years):
            for source in (0, 1, 2):
                equal[year, [self.cell(source, at, year) for at in everything]] = 1.0
            local = [
                self.cell(source, at, before)
                for source in (0, 1)
                for at in everything
                for before in range(year + 1)
            ]
            wanted = int(asked[year]) * task.share / PPM
            self.row((SHARE, name, None, None), local, -wanted, -1)
            if task.central is not None:
                centre = [self.cell(2, at, year) for at in everything]
                self.row((CENTRAL, name, None, None), centre, task.central[year])
        self._places()
        self._budgets()
        matrix = sparse.csr_array(
            (self.factor, (self.row_at, self.column_at)), shape=(len(self.rows), self.width)
        )
        exact = np.array(task.asked, dtype=np.float64) / _MILLION
        return Programme(
            self._costs(),
            matrix,
            np.array(self.most),
            equal.tocsr(),
            exact,
            self._highest(),
            tuple(self.rows),
        )

    def _places(self) -> None:
        for year, name in enumerate(self.task.years):
            for at, (commune, code) in enumerate(self.cells):
                most = self.task.need[commune, code][year]
                columns = [self.cell(source, at, year) for source in (0, 1, 2)]
                self.row((NEED, name, commune, code), columns, most)
            for commune, least in self.task.least.items():
                if least[year]:
                    columns = [
                        self.cell(source, at, year)
                        for source in (0, 1, 2)
                        for at in self.of_commune[commune]
                    ]
                    self.row((LEAST, name, commune, None), columns, -least[year], -1)

    def _budgets(self) -> None:
        for number, budget in enumerate(self.task.budgets):
            for year, name in enumerate(self.task.years):
                columns = self.of_budget(budget, year)
                self.row((CEILING, name, budget.key, None), columns, budget.most[year])
                # What is more than usual: the sum − excess ≤ usual.
                self.row(("usual", name, budget.key, None), columns, budget.usual)
                self.row_at.append(len(self.rows) - 1)
                self.column_at.append(self.excess(number, year))
                self.factor.append(-1.0)

    def _costs(self) -> Vector:
        held = np.arange(self.years, 0, -1)
        cost = np.zeros(self.width)
        cost[: 2 * self.block] = np.tile(held * self.task.price / PPM, 2 * len(self.cells))
        cost[3 * self.block :] = np.tile(held * self.task.dearer / PPM, len(self.task.budgets))
        return cost

    def _highest(self) -> Vector:
        highest = np.full(self.width, np.inf)
        paying = {budget.key for budget in self.task.budgets}
        for at, (commune, code) in enumerate(self.cells):
            closed = code in self.task.closed
            for source, budget in ((0, commune), (1, PROVINCE)):
                if closed or budget not in paying:
                    first = self.cell(source, at, 0)
                    highest[first : first + self.years] = 0.0
        return highest


def _solved(programme: Programme) -> OptimizeResult:
    from scipy.optimize import linprog

    bounds = np.column_stack([np.zeros_like(programme.highest), programme.highest])
    return linprog(
        programme.cost,
        A_ub=programme.upper,
        b_ub=programme.most,
        A_eq=programme.equal,
        b_eq=programme.exact,
        bounds=bounds,
        method="highs",
    )


def _rounded(task: Task, programme: Programme, found: OptimizeResult) -> Allotments:
    layout = _Layout(task)
    dong = np.rint(found.x * _MILLION).astype(np.int64)
    given = {
        budget.key: [
            int(dong[layout.of_budget(budget, year)].sum()) for year in range(layout.years)
        ]
        for budget in task.budgets
    }
    _top_up(task, given)
    cells = dong[: 3 * layout.block].reshape(3, len(layout.cells), layout.years)
    local: dict[str, list[int]] = {}
    for at, (_, code) in enumerate(layout.cells):
        row = local.setdefault(code, [0] * layout.years)
        for year in range(layout.years):
            row[year] += int(cells[:2, at, year].sum())
    central = tuple(
        asked - sum(row[year] for row in given.values()) for year, asked in enumerate(task.asked)
    )
    return Allotments(
        {key: tuple(row) for key, row in given.items()},
        central,
        {code: tuple(row) for code, row in local.items()},
        round(found.fun * _MILLION),
        _binding(task, programme, found),
    )


def _top_up(task: Task, given: Mapping[int, list[int]]) -> None:
    """What rounding to the dong leaves of the share is added to the first budget."""
    first = given.get(PROVINCE) or next(iter(given.values()), [])
    asked = reached = 0
    for year, amount in enumerate(task.asked):
        asked += amount
        reached += sum(row[year] for row in given.values())
        left = -(-asked * task.share // PPM) - reached
        # Never more than rounding: a dong for each cell.
        if first and 0 < left <= 2 * len(task.need) + len(given):
            first[year] += left
            reached += left


def _binding(task: Task, programme: Programme, found: OptimizeResult) -> tuple[Binding, ...]:
    """Constraints with a price, the dearest first: growth by year, then the others."""
    rows = [
        Binding(GROWTH, year, None, None, round(float(price) * PPM))
        for year, asked, price in zip(task.years, task.asked, found.eqlin.marginals, strict=True)
        if asked and abs(price) > _TINY
    ]
    for name, price in zip(programme.rows, found.ineqlin.marginals, strict=True):
        if name[0] != "usual" and -price > _TINY:
            rows.append(Binding(*name, round(-float(price) * PPM)))
    return tuple(sorted(rows, key=lambda row: (-row.worth, row.kind, row.year)))


def _missing(task: Task, programme: Programme) -> list[Fault]:
    """What of growth, share and least cannot be, found by letting each fall short at a price; and what holds it back."""
    from scipy import sparse

    elastic = [at for at, row in enumerate(programme.rows) if row[0] in (SHARE, LEAST)]
    years = len(task.years)
    upper = sparse.lil_array((len(programme.rows), years + len(elastic)))
    for place, at in enumerate(elastic):
        upper[at, years + place] = -1.0
    equal = sparse.hstack(
        [programme.equal, sparse.eye_array(years), sparse.csr_array((years, len(elastic)))]
    )
    # Growth is given up last: without it no share of it can be.
    price = [3.0] * years + [1.0 if programme.rows[at][0] == SHARE else 2.0 for at in elastic]
    wide = Programme(
        np.concatenate([np.zeros_like(programme.cost), price]),
        sparse.csr_array(sparse.hstack([programme.upper, upper.tocsr()])),
        programme.most,
        sparse.csr_array(equal),
        programme.exact,
        np.concatenate([programme.highest, np.full(years + len(elastic), np.inf)]),
        programme.rows,
    )
    found = _solved(wide)
    short = found.x[len(programme.cost) :]
    holds = {
        row[0]
        for row, dual in zip(programme.rows, found.ineqlin.marginals, strict=True)
        if -dual > _TINY
    }
    missing: list[tuple[str, int, float]] = [
        (GROWTH, year, short[at]) for at, year in enumerate(task.years) if short[at] > _SLACK
    ]
    missing += [
        (*programme.rows[at][:2], short[years + place])
        for place, at in enumerate(elastic)
        if short[years + place] > _SLACK
    ]
    why = [words for kind, words in HOLDS.items() if kind in holds]
    return [_said(kind, year, amount) for kind, year, amount in missing] + why


HOLDS: Final = {
    CEILING: Fault("các ngân sách đã đến trần", "the budgets are at their ceilings"),
    NEED: Fault(
        "nhu cầu của các xã, chương trình đã hết",
        "the needs of communes and programmes are used up",
    ),
    CENTRAL: Fault("vốn trung ương đã đến mức tối đa", "the central money is at its most"),
}
_MISSED: Final = {
    GROWTH: Fault("năm {year} tăng trưởng thiếu {vi}", "growth of {year} is short by {en}"),
    SHARE: Fault(
        "đến hết năm {year} vốn địa phương thiếu {vi}",
        "local money through {year} is short by {en}",
    ),
    LEAST: Fault(
        "năm {year} có xã thiếu {vi} để đạt mức tăng tối thiểu",
        "a commune is short by {en} of its least growth in {year}",
    ),
}


def _said(kind: str, year: int, millions: float) -> Fault:
    count = f"{round(millions):,}"
    amounts = {"vi": f"{count.replace(',', '.')} triệu đồng", "en": f"{count} million dong"}
    return Fault(*(words.format(year=year, **amounts) for words in _MISSED[kind]))
