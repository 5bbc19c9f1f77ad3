"""A table of units and their indicators; each figure leads to the rows behind it, and the whole leaves as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.documents.columns import Cell as Written
from tdcs.http import FORMATS, paper, sheet
from tdcs.http import parse_int as whole_number
from tdcs.indicators import queries
from tdcs.indicators.views.cells import EMPTY, Cell, Line, askable, lines, names_of, total
from tdcs.indicators.views.frame import KEY_NAMES, frame, named, place_name
from tdcs.indicators.views.request_params import CUTS, RequestParams, read_request_params

PAGE: Final = 200
# Columns that stand in every table where they can be divided so; the chosen indicator stands in front.
COLUMNS: Final = (
    "outstanding",
    "growth_ytd",
    "local_share",
    "overdue",
    "overdue_rate",
    "frozen",
    "interest_arrears",
    "interest_collection_rate",
    "access",
    "borrowers",
)


@dataclass(frozen=True, slots=True)
class Head:
    code: str
    name: str
    unit: str
    direction: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """``url``: one click below, with the indicator as it is; a figure leads there with its own."""

    id: Any
    name: str
    cells: list[tuple[Head, Cell, str]]
    url: str


@requires("indicators.view")
@require_GET
def table(request: PersonRequest) -> HttpResponse:
    """The units below the place asked, or its programmes, sources, organisations."""
    asked = read_request_params(request, codes=tuple(queries.catalogue()), code="outstanding")
    if asked is None:
        return render(request, "indicators/no_day.html")
    key = asked.by or asked.next_key
    if not key:
        key = "programme"
    heads = _heads(asked, key)
    codes = [head.code for head in heads]
    rows, whole = lines(asked, key, codes), total(asked, codes)
    # A column that nobody can fill yet says nothing.
    heads = [head for head in heads if head.code == asked.code or _filled(head.code, rows)]
    names = names_of(key, list(rows), asked)
    ordered = _ordered(asked, rows, names)
    if request.GET.get("export") in FORMATS:
        grid = _Grid(heads=heads, ordered=ordered, names=names, rows=rows, whole=whole)
        title = f"{named(queries.catalogue()[asked.code])}, {place_name(asked)}"
        header, written = _written(asked, key, grid)
        return sheet(
            request.GET["export"],
            f"chi-tieu-{asked.on:%Y%m%d}-{key}",
            header,
            written,
            paper(request, title, on=asked.on),
        )
    page = Paginator(ordered, PAGE).get_page(whole_number(request.GET.get("page"), 1))
    shown = [
        Row(unit, names.get(unit, str(unit)), _cells(asked, key, unit, heads, rows[unit]), _down(asked, key, unit))
        for unit in page.object_list
    ]  # fmt: skip
    context = {
        **frame(asked, "indicators:table", key),
        "key": key,
        "key_name": _(KEY_NAMES[key]),
        "cuts": [(cut, _(KEY_NAMES[cut])) for cut in CUTS],
        "heads": heads,
        "rows": shown,
        "page": page,
        "whole": [
            (head, whole.get(head.code, EMPTY), _counted_twice(head, rows, whole)) for head in heads
        ],
        "astray": _unmatched(heads, rows, whole),
    }
    return render(request, "indicators/table.html", context)


def _heads(asked: RequestParams, key: str) -> list[Head]:
    catalogue = queries.catalogue()
    codes = [asked.code, *(code for code in COLUMNS if code != asked.code)]
    return [
        Head(code, named(catalogue[code]), catalogue[code].unit, catalogue[code].direction)
        for code in codes
        if askable(asked, catalogue[code], key)
    ]


def _filled(code: str, rows: Mapping[Any, Line]) -> bool:
    return any(row.get(code, EMPTY).value is not None for row in rows.values())


def _ordered(asked: RequestParams, rows: Mapping[Any, Line], names: Mapping[Any, str]) -> list[Any]:
    """Worst first by the chosen indicator; the largest first where there is no worse."""
    definition = queries.catalogue()[asked.code]
    rises = definition.direction == "up" and definition.unit == "ppm"

    def place(unit: Any) -> tuple[bool, int, str, str]:
        value = rows[unit].get(asked.code, EMPTY).value
        return (
            value is None,
            (value or 0) if rises else -(value or 0),
            names.get(unit, str(unit)),
            str(unit),
        )

    return sorted(rows, key=place)


def _cells(
    asked: RequestParams, key: str, unit: Any, heads: Sequence[Head], row: Line
) -> list[Any]:
    """(head, cell, address of the rows behind it)."""
    return [(head, row.get(head.code, EMPTY), _down(asked, key, unit, head.code)) for head in heads]


def _down(asked: RequestParams, key: str, unit: Any, code: str | None = None) -> str:
    """One click below: the next units, or the loans of a group."""
    changes = {key: unit, "by": None, "code": code or asked.code}
    below = replace(asked, chosen={**asked.chosen, key: unit}, by="")
    page = "indicators:table" if below.next_key else "indicators:loans"
    return reverse(page) + asked.address(**changes)


def _unmatched(
    heads: Sequence[Head], rows: Mapping[Any, Line], whole: Line
) -> list[tuple[str, str, int, int]]:
    """(name, unit, sum of the rows, the whole) where what ought to add up does not."""
    catalogue = queries.catalogue()
    found = []
    for head in heads:
        if not catalogue[head.code].adds_up:
            continue
        parts = sum(row.get(head.code, EMPTY).numerator or 0 for row in rows.values())
        of_all = whole.get(head.code, EMPTY).numerator or 0
        if parts != of_all:
            unit = head.unit if head.unit != "ppm" else "dong"
            found.append((head.name, unit, parts, of_all))
    return found


def _counted_twice(head: Head, rows: Mapping[Any, Line], whole: Line) -> bool:
    """Whether the rows give more than the whole, as they may where one borrower stands in several."""
    parts = sum(row.get(head.code, EMPTY).numerator or 0 for row in rows.values())
    of_all = whole.get(head.code, EMPTY).numerator or 0
    return not queries.catalogue()[head.code].adds_up and parts != of_all


@dataclass(frozen=True, kw_only=True, slots=True)
class _Grid:
    """The rows of the page, in their order."""

    heads: Sequence[Head]
    ordered: Sequence[Any]
    names: Mapping[Any, str]
    rows: Mapping[Any, Line]
    whole: Line


def _written(asked: RequestParams, key: str, grid: _Grid) -> tuple[list[str], list[list[Written]]]:
    """Header and the same rows as the page, in dong and per cent, with the whole below them."""
    compared = asked.against is not None
    header = [_(KEY_NAMES[key])]
    for head in grid.heads:
        unit = {"ppm": "%", "dong": _("đồng")}.get(head.unit, "")
        header.append(f"{head.name} ({unit})" if unit else head.name)
        if compared and head.code == asked.code:
            header.append(_("Thay đổi so với %(day)s") % {"day": f"{asked.against:%d/%m/%Y}"})

    def written(name: str, row: Line) -> list[Written]:
        cells: list[Written] = [name]
        for head in grid.heads:
            cell = row.get(head.code, EMPTY)
            cells.append(_plain(cell.value, head.unit))
            if compared and head.code == asked.code:
                cells.append(_plain(cell.change, head.unit))
        return cells

    lines_ = [written(grid.names.get(unit, str(unit)), grid.rows[unit]) for unit in grid.ordered]
    lines_.append(written(_("Tổng cộng"), grid.whole))
    for name, _unit, parts, of_all in _unmatched(grid.heads, grid.rows, grid.whole):
        lines_.append([_("Lệch tổng: %(name)s") % {"name": name}, parts - of_all])
    return header, lines_


def _plain(value: int | None, unit: str) -> Written:
    return Decimal(value) / 10_000 if value is not None and unit == "ppm" else value
