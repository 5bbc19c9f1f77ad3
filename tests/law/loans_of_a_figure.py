"""For each figure of the law the loans, days and months that it can touch: what is asked before and after it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tdcs.loans.rules import limits
from tdcs.programmes.rules import default_spacing, terms_on
from tdcs.programmes.rules.figures import Figure

DAY = timedelta(days=1)
FIRST = date(2010, 1, 1)
OPEN_END = date(2027, 6, 1)
# Below every maximum.
SMALL = 5_000_000
Line = dict[str, Any]


def line(
    programme: str, on: date, as_of: date, *, principal: int = SMALL, term: int = 12, **more: Any
) -> Line:
    return {
        "programme": programme, "principal": principal, "disbursed_on": on.isoformat(), "term_months": term,
        "as_of": max(on, as_of).isoformat(), **more,
    }  # fmt: skip


def whom(figure: Figure) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(programme, target group, province and tier) that a figure of programmes speaks of."""
    if figure.file.startswith("provinces/"):
        province, programmes = figure.series.split(".")[:2]
        for one in programmes.split("+"):
            code, _, group = one.partition("/")
            yield code, group, {"province": province, "tier": "local"}
        return
    code, *rest = figure.path
    yield str(code), str(rest[1]) if rest[0] == "target_groups" else "", {}


def programme_lines(figure: Figure) -> list[Line]:
    """Loans of the programme about the first and the last day of the figure's row."""
    found = []
    since = figure.since or date(2026, 3, 5)
    last = (figure.until or OPEN_END) - DAY
    for code, group, money in whom(figure):
        more = {"target_group": group, **money}
        for on in {since, last}:
            # New on that day; overdue some months later; unpaid past its first instalment.
            found += [
                line(code, on, on, **more),
                line(code, on, on + timedelta(430), **more),
                line(code, on, on + timedelta(250), term=24, instalment_months=6, **more),
            ]
        # Running, and overdue, when the row begins.
        found += [
            line(code, since - timedelta(40), since + DAY, **more),
            line(code, since - timedelta(400), since + 2 * DAY, **more),
        ]
        kind, amount = figure.path[-3] if len(figure.path) > 2 else "", figure.row.get("value", 0)
        if kind == "maximum" or ".maximum" in figure.series:
            found += [
                line(code, since, since, principal=amount + more_, **more) for more_ in (0, 1)
            ]
        if kind == "term":
            longest = figure.row["months"]
            found += [line(code, since, since, term=longest + more_, **more) for more_ in (0, 1)]
    return found


def applications(figure: Figure) -> list[Any]:
    """What an application is judged by (loans/services/applications): the most, the longest, the spacing of instalments."""
    found: list[Any] = []
    on = figure.since or date(2026, 3, 5)
    for code, group, money in whom(figure):
        try:
            terms = terms_on(code, on, group, **money)
            found += [terms.maximum, terms.max_term_months]
        except limits.NoParametersOnDay:
            found.append(None)
        found.append(default_spacing(code, 24, "group", on))
    return found


def day_within(figure: Figure) -> date:
    """A day some weeks into the figure's row, when there were loans."""
    assert figure.since is not None
    return max(figure.since, FIRST) + timedelta(10)


def loan_lines(figure: Figure) -> list[Line]:
    """Loans of poor households about a shared figure's row: overdue, scheduled, extended, frozen, on a holiday."""
    on = day_within(figure)
    event = on + timedelta(20)
    found = [
        line("HN", on, on + timedelta(430)),
        line("HN", on, on + timedelta(250), term=24, instalment_months=6),
        line("HN", on, on, principal=3_655_555, term=36, instalment_months=6),
        line("HN", on, on, principal=500_000, term=36, instalment_months=6),
        line("HN", date(2024, 11, 20), date(2025, 12, 5)),
    ]
    found += [line("HN", on, on, term=term) for term in (12, 13, 60, 61)]
    found.append(line("HN", on, on, term=24, channel="direct"))
    # Due on the National Day.
    year = max(on.year, (figure.until or on).year - 2)
    found.append(line("HN", date(year, 9, 2), date(year + 1, 9, 5)))
    found += [_extended(on, event, term) for term in (6, 12, 13, 100)]
    found += [
        _frozen(on, event, loss, months)
        for loss, months in ((39, 1), (40, 1), (40, 36), (79, 36), (80, 37), (80, 60))
    ]
    return found


def _extended(on: date, event: date, term: int) -> Line:
    """Extended a day beyond the most that is allowed."""
    _, latest = limits.extension_of(on, term, event)
    to = (latest + DAY).isoformat()
    return line("HN", on, event, term=term, events=[{"on": event.isoformat(), "kind": "extend", "to": to}])  # fmt: skip


def _frozen(on: date, event: date, loss: int, months: int) -> Line:
    """Frozen a day beyond so many months."""
    to = event.replace(year=event.year + months // 12) + timedelta(31 * (months % 12)) + DAY
    freeze = {"on": event.isoformat(), "kind": "freeze", "to": to.isoformat(), "loss_percent": loss}
    return line("HN", on, event, term=36, events=[freeze])
