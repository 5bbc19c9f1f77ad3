"""Where the gap to a target comes from: which units, programmes, sources, old or new debt, which loans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core.columns import day_of_number
from tdcs.documents.numbers import ppm
from tdcs.http import FORMATS, paper, sheet
from tdcs.indicators import queries
from tdcs.indicators.rules.definitions import Definition, Target
from tdcs.indicators.rules.ratios import PPM
from tdcs.indicators.rules.shortfall import Ratio, weight
from tdcs.indicators.views.cells import EMPTY, Line, askable, lines, names_of, total
from tdcs.indicators.views.closing import amount_unit, closings
from tdcs.indicators.views.frame import KEY_NAMES, frame, named, place_name
from tdcs.indicators.views.loans import loans_behind, shown_loans
from tdcs.indicators.views.request_params import RequestParams, read_request_params
from tdcs.indicators.views.target_rows import target_rows
from tdcs.loans.queries.scope import loans_to_open

SHOWN: Final = 15
LOANS: Final = 20
# By what a gap is taken apart besides the next units below.
_KEYS: Final = ("programme", "source", "union")
# What moved outstanding, by whose money it is.
_MOVES: Final = ("growth_ytd_amount", "disbursed_year", "collected_year")
_MONEY: Final = {False: gettext_noop("Vốn trung ương"), True: gettext_noop("Vốn địa phương")}


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit's part of the gap: its own ratio, and the amount by which it pulls the whole to the wrong side (or helps)."""

    name: str
    url: str
    value: int | None
    numerator: int
    denominator: int
    amount: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The gap by one key: all pieces, the worst first. ``amount``: the whole's, which the pieces add up to."""

    key: str
    title: str
    pieces: list[Piece]
    amount: int

    @property
    def shown(self) -> list[Piece]:
        return self.pieces[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.pieces) - len(self.shown)


@requires("indicators.view")
@require_GET
def gap(request: PersonRequest, code: str) -> HttpResponse:
    """One target of one place, taken apart."""
    definition = queries.catalogue().get(code)
    if definition is None:
        raise Http404(code)
    asked = read_request_params(request, codes=(code,), code=code)
    if asked is None:
        return render(request, "indicators/no_day.html")
    target = definition.target_on(asked.on)
    if target is None:
        raise Http404(code)
    row = next(a for a in closings(asked, target_rows(asked)) if a.line.code == code)
    cuts = _cuts(asked, definition, target)
    if request.GET.get("export") in FORMATS:
        return _export(request, asked, definition, target, cuts)
    context: dict[str, Any] = {
        **frame(asked, "indicators:overview"),
        "name": named(definition),
        "row": row,
        "target": target,
        "unit": amount_unit(target),
        "below": target.at_least is None,
        "cuts": cuts,
        "of_overdue": code == "overdue_rate",
    }
    if code == "overdue_rate":
        context |= _overdue(request, asked)
    elif asked.where.keys() <= set(queries.catalogue()["growth_ytd_amount"].keys) and code != "access":  # fmt: skip
        context["moves"] = _moved(asked)
    return render(request, "indicators/gap.html", context)


def _cuts(asked: RequestParams, definition: Definition, target: Target) -> list[Cut]:
    keys = [key for key in (asked.next_key, *_KEYS) if key and askable(asked, definition, key)]
    whole = total(asked, [definition.code]).get(definition.code, EMPTY)
    found = []
    for key in dict.fromkeys(keys):
        rows = lines(asked, key, [definition.code])
        if len(rows) > 1:
            pieces = _pieces(asked, definition, target, key, rows)
            ratio = Ratio(whole.numerator or 0, whole.denominator or 0)
            found.append(Cut(key, _(KEY_NAMES[key]), pieces, _rounded(weight(ratio, target))))
    return found


def _pieces(
    asked: RequestParams,
    definition: Definition,
    target: Target,
    key: str,
    rows: Mapping[Any, Line],
) -> list[Piece]:
    names = names_of(key, list(rows), asked)
    found = []
    for unit, line in rows.items():
        cell = line.get(definition.code, EMPTY)
        over, under = cell.numerator or 0, cell.denominator or 0
        below = asked.address(**{key: unit, "by": None, "code": None})
        page = reverse("indicators:gap", args=[definition.code])
        away = weight(Ratio(over, under), target)
        name = names.get(unit, str(unit))
        found.append((away, Piece(name, page + below, cell.value, over, under, _rounded(away))))
    found.sort(key=lambda one: (-one[0], one[1].name))
    return [piece for _away, piece in found]


def _rounded(away: int) -> int:
    """A weight as an amount, half up; what is added is added before."""
    return (2 * away + PPM) // (2 * PPM)


def _overdue(request: PersonRequest, asked: RequestParams) -> dict[str, Any]:
    """Old and new debt, and the loans that weigh most."""
    rows = loans_behind(asked)
    shown = shown_loans(asked, rows.head(LOANS))
    return {
        "ages": ages(rows, asked.on),
        "loans": shown,
        "count": len(rows),
        "open": loans_to_open(request.user, [row["loan"] for row in shown]),
    }


def ages(rows: pl.DataFrame, on: date) -> list[tuple[str, int, int]]:
    """(words, loans, dong) of overdue loans by when they fell overdue: this month, earlier this year, before it."""
    month, year = on.replace(day=1), date(on.year, 1, 1)
    sums = [[0, 0], [0, 0], [0, 0]]
    for since, amount in rows.select("overdue_since", "overdue").rows():
        day = day_of_number(since) if since else on
        place = 0 if day >= month else 1 if day >= year else 2
        sums[place][0] += 1
        sums[place][1] += amount
    words = (
        _("Mới phát sinh trong tháng này"),
        _("Phát sinh từ đầu năm đến hết tháng trước"),
        _("Tồn từ các năm trước"),
    )
    return [(said, *found) for said, found in zip(words, sums, strict=True)]  # type: ignore[misc]


def _moved(asked: RequestParams) -> list[tuple[str, Line]]:
    """Growth, lending and collection since the year began, by whose money."""
    rows = lines(asked, "local", _MOVES)
    return [(_(_MONEY[local]), rows[local]) for local in (True, False) if local in rows]


def _export(
    request: PersonRequest,
    asked: RequestParams,
    definition: Definition,
    target: Target,
    cuts: Sequence[Cut],
) -> HttpResponse:
    """Every piece of every cut."""
    less = target.at_least is None
    away = _("Vượt mức (+), dưới mức (−)") if less else _("Thiếu (+), vượt (−)")
    header = (_("Chia theo"), _("Đơn vị"), named(definition), _("Tử số"), _("Mẫu số"), away)
    rows = [
        (
            cut.title,
            piece.name,
            None if piece.value is None else ppm(piece.value),
            piece.numerator,
            piece.denominator,
            piece.amount,
        )
        for cut in cuts
        for piece in cut.pieces
    ]
    title = _("Phân tích khoảng cách đến chỉ tiêu")
    title = f"{title}: {named(definition)}, {place_name(asked)}"
    name = f"khoang-cach-{asked.on:%Y%m%d}"
    return sheet(request.GET["export"], name, header, rows, paper(request, title, on=asked.on))
