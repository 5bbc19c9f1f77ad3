"""The terms of a programme on a day: rate, maximum, longest term, how a missed instalment counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias

import narwhals as nw

from tdcs.core import law
from tdcs.core.basis import basis, without_basis
from tdcs.core.dated import DatedRow, Parameter, Value, digest, read_value
from tdcs.core.errors import NoParametersOnDay
from tdcs.core.frames import Frame
from tdcs.programmes.errors import UnknownProgramme
from tdcs.programmes.rules.law_rows import AmountName, FigureName, FiguresRow, ProgrammeRow
from tdcs.programmes.rules.overlays import CENTRAL, laid_over
from tdcs.programmes.rules.shared import shared

BASE: Final = "HN"
# Under which words a programme's limits say when a student pays first.
_FIRST_DUE: Final = "Trả nợ lần đầu"
_FIGURES: Final[tuple[FigureName, ...]] = ("rate", "maximum", "term", "monthly")
_RATES: Final[tuple[FigureName, ...]] = ("rate", "overdue_rate")
_EVERY: Final[tuple[FigureName, ...]] = (*_FIGURES, "regime", "overdue_rate")
# 1: a missed instalment becomes overdue; 0: only what is unpaid at the final due day.
REGIME_UNIT: Final = "chế độ"
_UNITS: Final = {
    "rate": "phần triệu/năm",
    "maximum": "đồng",
    "term": "tháng",
    "monthly": "đồng/tháng/người học",
    "regime": REGIME_UNIT,
    "overdue_rate": "phần triệu/năm",
}
_FIELDS: Final[Mapping[str, AmountName]] = {
    "maximum": "value",
    "term": "months",
    "monthly": "value",
    "regime": "value",
}


# programme, target group, first day, end, rate, maximum, longest term
_Stretch: TypeAlias = tuple[str, str, date, date | None, int, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme: ``figures`` by name, ``groups``: target group → (name, its own figures), ``limits`` of parts of a loan.

    ``written``: target group → the rows of its rate as the law writes them, a multiple not yet worked out; for what a later
    decision changes in loans that run.
    """

    code: str
    name: str
    short: str
    channel: str
    kinds: tuple[str, ...]
    also: tuple[str, ...]
    not_kinds: tuple[str, ...]
    spacing: int | None
    figures: Mapping[str, Parameter]
    groups: Mapping[str, tuple[str, Mapping[str, Parameter]]]
    limits: Mapping[str, Parameter] = field(default_factory=dict)
    not_debts: tuple[str, ...] = ()
    written: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    def parameter(
        self, figure: str, target_group: str = "", *, province: str = "", tier: str = CENTRAL
    ) -> Parameter | None:
        """The figure for a target group, or the programme's own; None where the law sets none.

        Where ``province`` sets its own for money of ``tier``, the figure over time is what its rule makes of the two.
        Raises UnknownProvince.
        """
        own = self.groups[target_group][1].get(figure) if target_group else None
        central = self.figures.get(figure) if own is None else own
        return laid_over(province, tier, (self.code, target_group), figure, central)

    def rates_written(self, target_group: str = "") -> tuple[Value, ...]:
        """The rows of the rate as written, the target group's own or the programme's."""
        return self.written.get(target_group) or self.written[""]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a loan made on a day. ``regime``: "instalment" when a missed instalment becomes overdue, else "final".

    Overdue principal bears ``overdue_percent`` of ``overdue_base_ppm``, or of the rate in force where that is None.
    ``missed``: the value that sets the regime; ``own_regime``: it is the programme's own, whatever the channel.
    """

    programme: str
    rate_ppm: int
    maximum: int | None
    max_term_months: int | None
    monthly: int | None
    channel: str
    regime: str
    overdue_percent: int
    overdue_base_ppm: int | None
    sources: tuple[str, ...]
    law_hash: str
    missed: Value = field(repr=False)
    values: tuple[tuple[str, Value], ...] = field(repr=False, default=())
    own_regime: bool = field(repr=False, default=False)


@law.remembered
def programmes() -> Mapping[str, Programme]:
    """Every programme of law/parameters/programmes.yaml by code, in its order."""
    rows: Mapping[str, ProgrammeRow] = law.load("parameters/programmes.yaml")
    base = _base(rows[BASE]["rate"])
    return {code: _programme(code, row, base) for code, row in rows.items()}


def programme(code: str) -> Programme:
    """One programme. Raises UnknownProgramme."""
    found = programmes().get(code)
    if found is None:
        raise UnknownProgramme(programme=code)
    return found


@without_basis("tìm giới hạn của chương trình; văn bản nằm ở từng giá trị")
def first_due_limit(chosen: Programme) -> Parameter | None:
    """Months after the studies within which a student's first instalment is due; None where the programme has no such limit."""
    named = (one for words, one in chosen.limits.items() if words.startswith(_FIRST_DUE))
    return next(named, None)


@basis("ND-06-2026", "Điều 32.2")
@law.remembered
def terms_on(
    code: str, day: date, target_group: str = "", *, province: str = "", tier: str = CENTRAL
) -> Terms:
    """The terms of a programme on a day. Raises UnknownProgramme, UnknownProvince, NoParametersOnDay; never a zero.

    ``province`` and ``tier`` of the money ("central", "local"): local money follows its province where that set its own.
    """
    chosen = programme(code)
    if target_group and target_group not in chosen.groups:
        raise NoParametersOnDay(name=f"{code} ({target_group})", day=day)
    found: dict[str, Value] = {}
    for figure in _FIGURES:
        parameter = chosen.parameter(figure, target_group, province=province, tier=tier)
        if parameter is not None:
            found[figure] = parameter.on(day)
    missed, own_regime = _missed(chosen, target_group, day)
    # CV 597 is about entrusted loans; direct ones follow their contract.
    by_instalment = missed.amount and (own_regime or chosen.channel != "direct")
    percent, base, overdue = _overdue(chosen, target_group, day)
    values = tuple(found.items())
    return Terms(
        programme=code,
        rate_ppm=found["rate"].amount,
        maximum=found["maximum"].amount if "maximum" in found else None,
        max_term_months=found["term"].amount if "term" in found else None,
        monthly=found["monthly"].amount if "monthly" in found else None,
        channel=chosen.channel,
        regime="instalment" if by_instalment else "final",
        overdue_percent=percent,
        overdue_base_ppm=base,
        sources=(
            *(f"{_LABELS[name]}: {value.basis}" for name, value in values),
            f"Quá hạn: {missed.basis}",
        ),
        law_hash=digest(
            (*values, ("missed_instalment_overdue", missed), ("overdue_percent", overdue))
        ),
        missed=missed,
        values=values,
        own_regime=own_regime,
    )


def _missed(chosen: Programme, target_group: str, day: date) -> tuple[Value, bool]:
    """What sets how a missed instalment counts, and whether it is the programme's own rule."""
    own = chosen.parameter("regime", target_group)
    value = own.find(day) if own is not None else None
    return (shared("missed_instalment_overdue").on(day), False) if value is None else (value, True)


def _overdue(chosen: Programme, target_group: str, day: date) -> tuple[int, int | None, Value]:
    """Percent, the rate it is a percent of (None: the rate in force), and the value that says so.

    Computers (QĐ 09/2022): overdue principal bears 100% of the poor-household rate on the day of lending.
    """
    general = shared("overdue_percent").on(day)
    own = chosen.parameter("overdue_rate", target_group)
    value = own.find(day) if own is not None else None
    if value is None:
        return general.amount, None, general
    percent = value.multiple or 100
    return percent, value.amount * 100 // percent, value


_LABELS: Final = {
    "rate": "Lãi suất",
    "maximum": "Mức vay tối đa",
    "term": "Thời hạn tối đa",
    "monthly": "Mức vay tháng",
}


@basis("VB-2174")
@law.remembered
def default_spacing(code: str, term_months: int, channel: str, on: date) -> int:
    """Months between instalments when the contract sets none: the programme's, the direct loans', or by the term.

    ``on``: the day of the loan, whose figures and whose borders between short, medium and long terms decide.
    """
    own = programme(code).spacing
    if own is not None:
        return own
    if channel == "direct":
        return shared("spacing_direct").on(on).amount
    if term_months <= shared("short_term_months").on(on).amount:
        return shared("spacing_short").on(on).amount
    medium = term_months <= shared("medium_term_months").on(on).amount
    return shared("spacing_medium" if medium else "spacing_long").on(on).amount


def terms_table() -> Frame:
    """Stretches of unchanged terms.

    Columns programme, target_group, starts_on, ends_on (null: open), rate_ppm, maximum, max_term_months.
    """
    rows: list[_Stretch] = []
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


def _stretches(code: str, chosen: Programme, group: str) -> list[_Stretch]:
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


def _base(rows: list[DatedRow]) -> Parameter:
    return Parameter(BASE, [read_value(row, row["ppm"], _UNITS["rate"]) for row in rows])


def _programme(code: str, row: ProgrammeRow, base: Parameter) -> Programme:
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
        figures=_figures(code, row, base),
        groups=groups,
        limits={
            name: Parameter(
                f"{code}: {name}", [read_value(one, one["value"], one["unit"]) for one in rows]
            )
            for name, rows in (row.get("limits") or {}).items()
        },
        written={
            key: tuple(_as_written(one) for one in rates)
            for key, rates in (
                ("", row.get("rate")),
                *((key, own.get("rate")) for key, own in (row.get("target_groups") or {}).items()),
            )
            if rates is not None
        },
    )


def _as_written(row: DatedRow) -> Value:
    if "ppm" in row:
        return read_value(row, row["ppm"], _UNITS["rate"])
    return read_value(row, row["multiple"], "% lãi suất hộ nghèo")


def _figures(name: str, row: FiguresRow, base: Parameter) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for figure in _EVERY:
        if figure not in row:
            continue
        values = (
            [value for one in row[figure] for value in _rates(one, base)]
            if figure in _RATES
            else [read_value(one, one[_FIELDS[figure]], _UNITS[figure]) for one in row[figure]]
        )
        found[figure] = Parameter(f"{name}: {figure}", values)
    return found


def _rates(row: DatedRow, base: Parameter) -> list[Value]:
    """A rate as it is, or one for each stretch of the base that it is a multiple of."""
    if "ppm" in row:
        return [read_value(row, row["ppm"], _UNITS["rate"])]
    made = []
    for value in base.values:
        starts = max(value.starts_on, row["from"])
        ends = min((d for d in (value.ends_on, row.get("to")) if d is not None), default=None)
        if ends is None or starts < ends:
            part: DatedRow = {**row, "from": starts, "to": ends}
            # 66,000 × 127% = 83,820: whole for every multiple in force.
            made.append(read_value(part, value.amount * row["multiple"] // 100, _UNITS["rate"]))
            # The law's own row reaches whom it says; the stretches after it come from the base and reach whom the base does.
            if starts > row["from"]:
                made[-1] = replace(made[-1], reach=value.reach, overdue=value.overdue)
    return made
