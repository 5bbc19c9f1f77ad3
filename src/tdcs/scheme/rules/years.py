"""From a projection and what the book says to the years, programmes and communes of a scheme.

A year that is over is the book's. The running one is the book's up to its last closed month-end, then the projection's; what
was repaid is what the two ends and the lending leave. What the local money rises by is divided: the communes' budgets bring
``commune_share`` of it, the province's the rest. If 434 stood on local money, 34 of it of communes, and 639 is projected with a
share of a tenth: communes 34 + 20.5, province 400 + 184.5.

A commune's outstanding and what its budget adds follow its part of the outstanding on the day of the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.forecasting.rules.assumptions import CENTRAL, LOCAL, PPM
from tdcs.forecasting.rules.path import Flows, parts_of
from tdcs.forecasting.rules.scenario import Projection
from tdcs.scheme.rules.figures import CommuneFigures, ProgrammeFigures, YearFigures

_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class BookDay:
    """The book on one closed day: outstanding by programme, source and commune, overdue, and lent since the year began."""

    programmes: Mapping[str, int]
    central: int
    province: int
    communes: int
    by_commune: Mapping[int, int]
    overdue: int
    lent: Mapping[str, int]

    @property
    def closing(self) -> int:
        return self.central + self.province + self.communes


@dataclass(frozen=True, slots=True)
class BookDays:
    """The book on the day of the figures, and at the end of each year before it that the scheme needs."""

    day: date
    now: BookDay
    ends: Mapping[int, BookDay]


@dataclass(frozen=True, slots=True)
class SchemeYears:
    """Which years, and what of the added local money the communes' budgets bring (ppm)."""

    first: int
    last: int
    commune_share: int

    @property
    def years(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class _End:
    """A year's end by source."""

    central: int
    province: int
    communes: int
    overdue: int
    lent: int


@without_basis("phân chia kết quả dự báo theo tỷ lệ đã nêu, không phải quy định")
def years_of(found: Projection, standing: BookDays, asked: SchemeYears) -> list[YearFigures]:
    """The years of the scheme, the book's and the projection's."""
    ends = _ends(found.flows, standing, asked)
    rows = []
    for year in asked.years:
        before, end = ends[year - 1], ends[year]
        opening, closing = _whole(before), _whole(end)
        local = end.province + end.communes
        grown, by_local = closing - opening, local - before.province - before.communes
        rows.append(
            YearFigures(
                year=year,
                opening=opening,
                lent=end.lent,
                repaid=opening + end.lent - closing,
                closing=closing,
                growth=share(grown, opening),
                overdue=end.overdue,
                overdue_share=share(end.overdue, closing),
                central=end.central,
                province=end.province,
                communes=end.communes,
                local_share=share(local, closing),
                central_added=end.central - before.central,
                province_added=end.province - before.province,
                communes_added=end.communes - before.communes,
                local_of_growth=share(by_local, grown) if grown > 0 else None,
                beyond=any(row.beyond for row in found.years if row.year == year),
            )
        )
    return rows


def _whole(end: _End) -> int:
    return end.central + end.province + end.communes


def _ends(flows: Sequence[Flows], standing: BookDays, asked: SchemeYears) -> dict[int, _End]:
    """Every year's end from the one before the scheme on."""
    now = standing.now
    ends = {
        year: _End(one.central, one.province, one.communes, one.overdue, sum(one.lent.values()))
        for year, one in standing.ends.items()
    }
    if standing.day.month == _DECEMBER:
        ends[standing.day.year] = _stood(now)
    stands = _stood(now)
    for of_year in flows:
        year = of_year.ends[-1].year
        if year > asked.last:
            break
        local = of_year.of(LOCAL).at_end("closing")
        added = local - stands.province - stands.communes
        communes = stands.communes + added * asked.commune_share // PPM
        lent = of_year.total("lent")
        stands = _End(
            central=of_year.of(CENTRAL).at_end("closing"),
            province=local - communes,
            communes=communes,
            overdue=of_year.at_end("overdue"),
            lent=lent + (sum(now.lent.values()) if year == standing.day.year else 0),
        )
        ends[year] = stands
    return ends


def _stood(one: BookDay) -> _End:
    return _End(one.central, one.province, one.communes, one.overdue, sum(one.lent.values()))


def programmes_of(
    found: Projection,
    standing: BookDays,
    asked: SchemeYears,
    names: Mapping[str, str],
    needs: Mapping[str, int],
) -> list[ProgrammeFigures]:
    """Each programme that has or had anything: outstanding and lending of each year, the largest first."""
    lent, closing = _by_programme(found.flows, standing)
    codes = {*standing.now.programmes, *(code for code, _ in closing)}
    rows = []
    for code in codes:
        row = ProgrammeFigures(
            code=code,
            name=names.get(code, code),
            base=standing.now.programmes.get(code, 0),
            need=needs.get(code),
            lent=[lent.get((code, year), 0) for year in asked.years],
            closing=[closing.get((code, year), 0) for year in asked.years],
        )
        if row["base"] or any(row["lent"]) or any(row["closing"]):
            rows.append(row)
    return sorted(rows, key=lambda row: (-row["base"], row["code"]))


def _by_programme(
    flows: Iterable[Flows], standing: BookDays
) -> tuple[dict[tuple[str, int], int], dict[tuple[str, int], int]]:
    """Lent and outstanding by programme and year."""
    lent: dict[tuple[str, int], int] = {}
    closing: dict[tuple[str, int], int] = {}
    told = dict(standing.ends)
    if standing.day.month == _DECEMBER:
        told[standing.day.year] = standing.now
    for year, one in told.items():
        lent |= {(code, year): dong for code, dong in one.lent.items()}
        closing |= {(code, year): dong for code, dong in one.programmes.items()}
    year = standing.day.year
    if year not in told:
        lent |= {(code, year): dong for code, dong in standing.now.lent.items()}
    for of_year in flows:
        for programme in {key.programme for key in of_year.keys}:
            own, key = of_year.of_programme(programme), (programme, of_year.ends[-1].year)
            lent[key] = lent.get(key, 0) + own.total("lent")
            closing[key] = own.at_end("closing")
    return lent, closing


def communes_of(
    years: Sequence[YearFigures],
    standing: BookDays,
    names: Mapping[int, str],
    needs: Mapping[int, tuple[int | None, int | None]],
) -> list[CommuneFigures]:
    """Each commune by its part of the outstanding on the day of the figures, by name; ``needs``: counted, and waiting."""
    keys = sorted(standing.now.by_commune, key=lambda key: (names.get(key, ""), key))
    weights = [standing.now.by_commune[key] for key in keys]
    if not sum(weights):
        return []
    told = {**standing.ends}
    if standing.day.month == _DECEMBER:
        told[standing.day.year] = standing.now
    # What stands in no commune has no budget of its own.
    payers = [weight if key else 0 for key, weight in zip(keys, weights, strict=True)]
    payers = payers if sum(payers) else weights
    closing: list[list[int]] = []
    budget: list[list[int | None]] = []
    for year in years:
        over = told.get(year["year"])
        if over is not None:
            closing.append([over.by_commune.get(key, 0) for key in keys])
            budget.append([None] * len(keys))
            continue
        closing.append(list(parts_of(year["closing"], weights)))
        budget.append([*parts_of(year["communes_added"], payers)])
    return [
        CommuneFigures(
            key=key,
            name=names.get(key, ""),
            base=weights[at],
            need=needs.get(key, (None, None))[0],
            waiting=needs.get(key, (None, None))[1],
            closing=[row[at] for row in closing],
            budget=[row[at] for row in budget],
        )
        for at, key in enumerate(keys)
    ]


@without_basis("trung bình nhân của các năm, cách tính của hệ thống")
def average_growth(years: Sequence[YearFigures]) -> int | None:
    """The same growth each year that leads from the first opening to the last closing (ppm, half up); None from nothing."""
    if not years or years[0]["opening"] <= 0 or years[-1]["closing"] < 0:
        return None
    whole = Decimal(years[-1]["closing"]) / Decimal(years[0]["opening"])
    if not whole:
        return -PPM
    yearly = whole ** (Decimal(1) / len(years)) - 1
    return int((yearly * PPM).to_integral_value("ROUND_HALF_UP"))


def share(part: int, whole: int) -> int | None:
    """Parts per million, half up; None of nothing."""
    return (2 * part * PPM + whole) // (2 * whole) if whole else None
