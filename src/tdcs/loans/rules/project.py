"""One loan's terms and events in, schedule and position on a day out; a hundred thousand loans as columns.

The shape of input and output is fixed in docs/reference/commands.md (`tdcs loan project`).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, TypedDict, final

from tdcs.core.columns import day_of_number
from tdcs.core.engine import nw
from tdcs.core.frames import Frame, rows_of
from tdcs.loans.rules.balance import state_of
from tdcs.loans.rules.fold import EVENT_COLUMNS, LOAN_COLUMNS, Folded, PositionRow, fold
from tdcs.loans.rules.kinds import DISBURSEMENT, REVERSE
from tdcs.loans.rules.reading import Case, Event, Refused, Word, convert_case, parse_case, read_case
from tdcs.loans.rules.refusals import RefusalText, refusal
from tdcs.loans.rules.running import Numbered

# Rows of events and instalments judged at once: what one loan or one part of many may take of memory.
MOST_ROWS: Final = 2_000_000
_INT: Final = nw.Int64()
# The values of reading.Event.
_OF_EVENT: Final = tuple(name for name in EVENT_COLUMNS if name not in ("loan", "rank"))


class InstalmentOut(TypedDict):
    """An instalment as it is shown."""

    due_on: str
    principal: int


class WaivedOut(TypedDict, total=False):
    """What only loans have of which interest was written off."""

    interest_written_off: int


@final
class Figures(WaivedOut):
    """A loan's schedule and position; days as text, money in dong."""

    schedule: list[InstalmentOut]
    balance: int
    principal_in_time: int
    principal_overdue: int
    principal_frozen: int
    interest_accrued: int
    interest_collected: int
    interest_due: int
    overdue_since: str | None
    final_due_on: str
    state: str
    rate_ppm: int
    sources: list[str]


@final
class Failed(TypedDict):
    """Why a case has no figures."""

    error: RefusalText


Projection: TypeAlias = Figures | Failed


def project_lines(cases: Iterable[object]) -> list[Projection]:
    """A result for each case, in order: figures, or {"error": {code, message, message_en, next_step, basis}}.

    A case is a line of JSON (bytes) or what it would parse to.
    """
    return project_read(read_lines(cases))


def read_lines(cases: Iterable[object]) -> list[Case | Refused]:
    """Each case checked and with the law of its days, or why it is none."""
    read: list[Case | Refused] = []
    for given in cases:
        case = parse_case(given) if isinstance(given, bytes) else convert_case(given)
        if isinstance(case, Refused):
            read.append(case)
            continue
        try:
            read.append(read_case(case))
        except Refused as refused:
            read.append(refused)
    return read


def project_read(read: Sequence[Case | Refused]) -> list[Projection]:
    """``project_lines`` of cases that were read already."""
    results: dict[int, Projection] = {}
    for part in _parts(read, results):
        found = _project([case for _, case, _ in part], [views for _, _, views in part])
        for (place, _, _), result in zip(part, found, strict=True):
            results[place] = result
    return [results[place] for place in range(len(read))]


def _parts(
    read: Sequence[Case | Refused], results: dict[int, Projection]
) -> Iterator[list[tuple[int, Case, list[View]]]]:
    """Cases with their views, as many at once as memory is meant for; those refused are answered in ``results``."""
    part: list[tuple[int, Case, list[View]]] = []
    rows = 0
    for place, one in enumerate(read):
        try:
            if isinstance(one, Refused):
                raise one
            views = views_of(one, len(part))
        except Refused as refused:
            words = refusal(refused.code, asked_on=refused.asked_on, **refused.params)
            results[place] = {"error": words}
            continue
        part.append((place, one, views))
        rows += sum(len(view.events) for view in views)
        if rows > MOST_ROWS:
            yield part
            part, rows = [], 0
    if part:
        yield part


def _project(cases: Sequence[Case], found: Sequence[list[View]]) -> list[Projection]:
    views = [view for one in found for view in one]
    folded = fold(*_frames(cases, views))
    errors = _errors(cases, views, folded.refused)
    schedules = _schedules(folded)
    figures = {row["loan"]: row for row in rows_of(folded.positions, PositionRow)}
    last = {view.case: number for number, view in enumerate(views)}
    return [
        {"error": errors[at]}
        if at in errors
        else _result(case, figures[last[at]], schedules[last[at]])
        for at, case in enumerate(cases)
    ]


class View:
    """A case as it is judged: its events up to a reversal, right after one, or all of them.

    A payment made before another was reversed must have been right then; what is left must be right afterwards.
    """

    __slots__ = ("after_reversal", "as_of", "case", "events")

    def __init__(self, case: int, as_of: int, events: Sequence[int], after_reversal: bool) -> None:
        self.case = case
        self.as_of = as_of
        self.events = events
        self.after_reversal = after_reversal


def views_of(case: Case, at: int = 0) -> list[View]:
    """A case's views, the one that gives the result last. Raises Refused when they hold more than MOST_ROWS.

    One pass over the events: a view is what counts when a reversal comes, and the same without what it makes void.
    """
    if not case.flips:
        return [View(at, case.as_of, case.order, False)]
    rank = {n: position for position, n in enumerate(case.order)}
    plain = [n for n in case.order if case.events[n][1] != REVERSE]
    coming = deque(sorted(plain, key=lambda n: (case.events[n][0], n)))
    found = _Found(case, at, rank)
    for n, flipped, is_void in case.flips:
        day = case.events[n][0]
        while coming and (case.events[coming[0]][0], coming[0]) < (day, n):
            found.count(coming.popleft())
        found.view(day, False)
        for one in flipped:
            found.flip(one, is_void)
        found.view(day, True)
    for n in coming:
        found.count(n)
    found.view(case.as_of, False)
    return found.views


class _Found:
    """The events that count so far, by their rank, and the views found."""

    def __init__(self, case: Case, at: int, rank: Mapping[int, int]) -> None:
        self.case, self.at, self.rank = case, at, rank
        self.counted: list[int] = []
        self.come: set[int] = set()
        self.void: set[int] = set()
        self.views: list[View] = []
        term, spacing = case.terms[2:4]
        self.rows, self.instalments = 0, 1 + term // spacing

    def count(self, n: int) -> None:
        """An event comes; it counts unless it is void already."""
        self.come.add(n)
        if n not in self.void:
            insort(self.counted, self.rank[n])

    def flip(self, n: int, is_void: bool) -> None:
        """An event becomes void, or stands again."""
        (self.void.add if is_void else self.void.discard)(n)
        if n not in self.come:
            return
        if is_void:
            del self.counted[bisect_left(self.counted, self.rank[n])]
        else:
            insort(self.counted, self.rank[n])

    def view(self, day: int, after_reversal: bool) -> None:
        """What counts now is judged."""
        self.rows += len(self.counted) + self.instalments
        if self.rows > MOST_ROWS:
            raise Refused("too_many_reversals", most=MOST_ROWS)
        order = self.case.order
        events = [order[position] for position in self.counted]
        self.views.append(View(self.at, day, events, after_reversal))


def _errors(cases: Sequence[Case], views: Sequence[View], refused: Frame) -> dict[int, RefusalText]:
    """What each refused case is told: the first refusal of its first refused view."""
    errors: dict[int, RefusalText] = {}
    for number, rank, code in sorted(refused.select("loan", "rank", "code").rows()):
        view = views[number]
        if view.case not in errors:
            case = cases[view.case]
            named = "reversal_leaves_invalid" if view.after_reversal else code
            words = _total(case, view, rank) if named == "above_maximum" else {}
            asked_on = day_of_number(_event_of(case, view, rank)[0])
            errors[view.case] = refusal(named, asked_on=asked_on, **{**case.words, **words})
    return errors


def _event_of(case: Case, view: View, rank: int) -> Event:
    return case.events[view.events[rank]]


def _total(case: Case, view: View, rank: int) -> dict[str, Word]:
    """What a disbursement lifts the total to, and the most that may be lent on its day."""
    lent = [case.events[at] for at in view.events[: rank + 1]]
    more = sum(event[2] for event in lent if event[1] == DISBURSEMENT)
    return {
        "principal": case.terms[1] + more,
        "maximum": lent[-1][6],
        "day": day_of_number(lent[-1][0]),
    }


def _frames(cases: Sequence[Case], views: Sequence[View]) -> tuple[Frame, Frame, Frame]:
    """LOAN_COLUMNS, EVENT_COLUMNS and LAW_COLUMNS of the views."""
    numbered = Numbered()
    loans: list[tuple[int, ...]] = []
    events: list[Event] = []
    numbers: list[int] = []
    ranks: list[int] = []
    for number, view in enumerate(views):
        case = cases[view.case]
        law = case.law
        reach = (numbered.number(law.changes), law.own_overdue_rate, law.known_on)
        loans.append((number, *case.terms, *reach, view.as_of))
        events += [case.events[at] for at in view.events]
        numbers += [number] * len(view.events)
        ranks += range(len(view.events))
    rows = frame_of(_OF_EVENT, events, set())
    keys = nw.DataFrame.from_dict(
        {"loan": numbers, "rank": ranks}, {"loan": _INT, "rank": _INT}, backend="polars"
    )
    joined = nw.concat([keys, rows], how="horizontal").select(*EVENT_COLUMNS)
    return frame_of(LOAN_COLUMNS, loans, {"by_instalment"}), joined, numbered.frame()


def frame_of(names: Sequence[str], rows: Sequence[Sequence[object]], flags: set[str]) -> Frame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    schema = {name: nw.Boolean() if name in flags else _INT for name in names}
    data = {name: list(column) for name, column in zip(names, columns, strict=True)}
    return nw.DataFrame.from_dict(data, schema, backend="polars")


def _schedules(folded: Folded) -> dict[int, list[InstalmentOut]]:
    rows = folded.instalments.sort("loan", "number").select("loan", "due", "trigger", "principal")
    found: dict[int, list[InstalmentOut]] = {}
    days: dict[int, str] = {}
    for loan, due, _trigger, principal in rows.rows():
        words = days.get(due)
        if words is None:
            words = days[due] = day_of_number(due).isoformat()
        found.setdefault(loan, []).append({"due_on": words, "principal": principal})
    return found


def _result(case: Case, row: PositionRow, schedule: list[InstalmentOut]) -> Figures:
    since = row["overdue_since"]
    # What few loans have is told of those alone: the shape of the others stays.
    waived: WaivedOut = {"interest_written_off": row["waived"]} if row["waived"] else {}
    return {
        "schedule": schedule,
        "balance": row["balance"],
        "principal_in_time": row["in_time"],
        "principal_overdue": row["overdue"],
        "principal_frozen": row["frozen"],
        "interest_accrued": row["accrued"],
        "interest_collected": row["collected"],
        "interest_due": row["due"],
        **waived,
        "overdue_since": day_of_number(since).isoformat() if since is not None else None,
        "final_due_on": day_of_number(row["final_due"]).isoformat(),
        "state": state_of(row),
        "rate_ppm": row["rate"],
        "sources": case.sources,
    }
