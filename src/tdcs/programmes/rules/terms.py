"""The terms of a programme on a day: rate, maximum, longest term, how a missed instalment counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

import narwhals as nw

from tdcs.core import law
from tdcs.core.dated import NoParametersOnDay, Parameter, Value, digest, read_value
from tdcs.programmes.errors import UnknownProgramme
from tdcs.programmes.rules.shared import shared

BASE: Final = "HN"
_FIGURES: Final = ("rate", "maximum", "term", "monthly")
_UNITS: Final = {
    "rate": "phần triệu/năm",
    "maximum": "đồng",
    "term": "tháng",
    "monthly": "đồng/tháng/người học",
}
_FIELDS: Final = {"maximum": "value", "term": "months", "monthly": "value"}


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme: ``figures`` by name, ``groups``: target group → (name, its own figures), ``limits`` of parts of a loan."""

    code: str
    name: str
    short: str
    channel: str
    kinds: tuple[str, ...]
    also: tuple[str, ...]
    not_kinds: tuple[str, ...]
    spacing: int | None
    regime: str | None
    figures: Mapping[str, Parameter]
    groups: Mapping[str, tuple[str, Mapping[str, Parameter]]]
    limits: Mapping[str, Parameter] = field(default_factory=dict)
    not_debts: tuple[str, ...] = ()

    def parameter(self, figure: str, target_group: str = "") -> Parameter | None:
        """The figure for a target group, or the programme's own; None where the law sets none."""
        if target_group:
            own = self.groups[target_group][1].get(figure)
            if own is not None:
                return own
        return self.figures.get(figure)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a loan made on a day. ``regime``: "instalment" when a missed instalment becomes overdue, else "final"."""

    programme: str
    rate_ppm: int
    maximum: int | None
    max_term_months: int | None
    monthly: int | None
    channel: str
    regime: str
    sources: tuple[str, ...]
    law_hash: str
    missed: Value = field(repr=False)
    values: tuple[tuple[str, Value], ...] = field(repr=False, default=())


@cache
def programmes() -> Mapping[str, Programme]:
    """Every programme of law/parameters/programmes.yaml by code, in its order."""
    rows: Mapping[str, Any] = law.load("parameters/programmes.yaml")
    base = _base(rows[BASE]["rate"])
    return {code: _programme(code, row, base) for code, row in rows.items()}


def programme(code: str) -> Programme:
    """One programme. Raises UnknownProgramme."""
    found = programmes().get(code)
    if found is None:
        raise UnknownProgramme(programme=code)
    return found


@lru_cache(maxsize=100_000)
def terms_on(code: str, day: date, target_group: str = "") -> Terms:
    """The terms of a programme on a day. Raises UnknownProgramme, NoParametersOnDay; never a zero."""
    chosen = programme(code)
    if target_group and target_group not in chosen.groups:
        raise NoParametersOnDay(name=f"{code} ({target_group})", day=day)
    found: dict[str, Value] = {}
    for figure in _FIGURES:
        parameter = chosen.parameter(figure, target_group)
        if parameter is not None:
            found[figure] = parameter.on(day)
    missed = shared("missed_instalment_overdue").on(day)
    # CV 597 is about entrusted loans; direct ones follow their contract.
    by_instalment = missed.amount and chosen.channel != "direct"
    regime = chosen.regime or ("instalment" if by_instalment else "final")
    values = tuple(found.items())
    return Terms(
        programme=code,
        rate_ppm=found["rate"].amount,
        maximum=found["maximum"].amount if "maximum" in found else None,
        max_term_months=found["term"].amount if "term" in found else None,
        monthly=found["monthly"].amount if "monthly" in found else None,
        channel=chosen.channel,
        regime=regime,
        sources=(
            *(f"{_LABELS[name]}: {value.basis}" for name, value in values),
            f"Quá hạn: {missed.basis}",
        ),
        law_hash=digest((*values, ("missed_instalment_overdue", missed))),
        missed=missed,
        values=values,
    )


_LABELS: Final = {
    "rate": "Lãi suất",
    "maximum": "Mức vay tối đa",
    "term": "Thời hạn tối đa",
    "monthly": "Mức vay tháng",
}


def default_spacing(code: str, term_months: int, channel: str = "group") -> int:
    """Months between instalments when the contract sets none: the programme's, the direct loans', or by the term."""
    own = programme(code).spacing
    if own is not None:
        return own
    if channel == "direct":
        return _figure("spacing_direct")
    if term_months <= 12:
        return _figure("spacing_short")
    return _figure("spacing_medium" if term_months <= 60 else "spacing_long")


@cache
def _figure(name: str) -> int:
    return shared(name).values[-1].amount


def terms_table() -> nw.DataFrame[Any]:
    """Stretches of unchanged terms.

    Columns programme, target_group, starts_on, ends_on (null: open), rate_ppm, maximum, max_term_months.
    """
    rows: list[tuple[Any, ...]] = []
    for code, chosen in programmes().items():
        for group in ("", *chosen.groups):
            rows += _stretches(code, chosen, group)
    names = (
        "programme",
        "target_group",
        "starts_on",
        "ends_on",
        "rate_ppm",
        "maximum",
        "max_term_months",
    )
    kinds = (nw.String(), nw.String(), nw.Date(), nw.Date(), nw.Int64(), nw.Int64(), nw.Int64())
    data = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return nw.DataFrame.from_dict(data, dict(zip(names, kinds, strict=True)), backend="polars")


def _stretches(code: str, chosen: Programme, group: str) -> list[tuple[Any, ...]]:
    edges: set[date] = set()
    for figure in _FIGURES:
        parameter = chosen.parameter(figure, group)
        for value in parameter.values if parameter else ():
            edges.add(value.starts_on)
            if value.ends_on:
                edges.add(value.ends_on)
    ordered = sorted(edges)
    rows = []
    for at, start in enumerate(ordered):
        end = ordered[at + 1] if at + 1 < len(ordered) else None
        try:
            terms = terms_on(code, start, group)
        except NoParametersOnDay:
            continue
        rows.append((code, group, start, end, terms.rate_ppm, terms.maximum, terms.max_term_months))
    return rows


def _base(rows: list[Mapping[str, Any]]) -> Parameter:
    return Parameter(BASE, [read_value(row, row["ppm"], _UNITS["rate"]) for row in rows])


def _programme(code: str, row: Mapping[str, Any], base: Parameter) -> Programme:
    groups = {
        key: (group["name"], _figures(f"{code} ({key})", group, base))
        for key, group in (row.get("target_groups") or {}).items()
    }
    return Programme(
        code=code,
        name=row["name"],
        short=row["short"],
        channel=row["channel"],
        kinds=tuple(row["kinds"]),
        also=tuple(row.get("also", ())),
        not_kinds=tuple(row.get("not_kinds", ())),
        not_debts=tuple(row.get("not_debts", ())),
        spacing=row.get("spacing"),
        regime=row.get("regime"),
        figures=_figures(code, row, base),
        groups=groups,
        limits={
            name: Parameter(
                f"{code}: {name}", [read_value(one, one["value"], one["unit"]) for one in rows]
            )
            for name, rows in (row.get("limits") or {}).items()
        },
    )


def _figures(name: str, row: Mapping[str, Any], base: Parameter) -> dict[str, Parameter]:
    found = {}
    for figure in _FIGURES:
        if figure not in row:
            continue
        values = (
            [value for one in row[figure] for value in _rates(one, base)]
            if figure == "rate"
            else [read_value(one, one[_FIELDS[figure]], _UNITS[figure]) for one in row[figure]]
        )
        found[figure] = Parameter(f"{name}: {figure}", values)
    return found


def _rates(row: Mapping[str, Any], base: Parameter) -> list[Value]:
    """A rate as it is, or one for each stretch of the base that it is a multiple of."""
    if "ppm" in row:
        return [read_value(row, row["ppm"], _UNITS["rate"])]
    made = []
    for value in base.values:
        starts = max(value.starts_on, row["from"])
        ends = min((d for d in (value.ends_on, row.get("to")) if d is not None), default=None)
        if ends is None or starts < ends:
            part = {**row, "from": starts, "to": ends}
            # 66,000 × 127% = 83,820: whole for every multiple in force.
            made.append(read_value(part, value.amount * row["multiple"] // 100, _UNITS["rate"]))
    return made
