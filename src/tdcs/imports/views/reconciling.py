"""Reports of an office and day beside each other: what differs, by how much, whom to trust, what explains it."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.http import paper, parse_day, refusing, sheet
from tdcs.imports.queries.imports import kinds
from tdcs.imports.queries.reconciling import (
    differences_between,
    kinds_compared,
    office_days,
    pairs,
    printed_totals,
)
from tdcs.imports.rules.reconciling import settings

PAGE: Final = 100
_HEADER: Final = (
    "Báo cáo",
    "So với (tin hơn)",
    "Theo",
    "Dòng",
    "Số liệu",
    "Báo cáo này",
    "Báo cáo tin hơn",
    "Chênh lệch",
    "Giải thích",
)


@requires("imports.view")
@require_GET
@refusing
def reports_page(request: PersonRequest) -> HttpResponse:
    """The pairs of reports that differ, and with ``pair`` their rows; ``open`` leaves out what a rule explains."""
    days = office_days(request.user)
    offered = [
        (f"{code} {day.isoformat()}", f"{code} · {day:%d/%m/%Y} · {count}")
        for code, day, count in days
    ]
    asked = request.GET.get("of", offered[0][0] if offered else "")
    if asked and asked not in dict(offered):
        raise Http404(asked)
    context: dict[str, Any] = {"days": offered, "of": asked}
    if not asked:
        return render(request, "imports/reports.html", context)
    office, _sign, words = asked.partition(" ")
    day = parse_day(words)
    assert day is not None
    found = differences_between(request.user, office, day)
    summed = pairs(found)
    pair, unexplained = request.GET.get("pair", ""), request.GET.get("open") == "1"
    rows = _chosen(found, pair, unexplained)
    if request.GET.get("export"):
        around = paper(request, _("Đối chiếu báo cáo của %(of)s") % {"of": asked})
        cells = [_cells(row) for row in rows.iter_rows(named=True)]
        return sheet(request.GET["export"], f"doi-chieu-bao-cao-{office}-{day}", _HEADER, cells, around)  # fmt: skip
    page = Paginator(rows.rows(named=True) if pair else [], PAGE).get_page(request.GET.get("page"))
    names = _names()
    context |= {
        "office": office,
        "day": day,
        "pair": pair,
        "open": "1" if unexplained else "",
        "opens": [("1", _("Chưa giải thích được"))],
        "trust": [names.get(one, one) for one in kinds_compared(request.user, office, day)],
        "pairs": [(one, _words(one), f"{one.kind}.{one.grain}.{one.measure}") for one in summed],
        "count": len(found),
        "unexplained": int((found["rule"] == "").sum()),
        "totals": [(one, names.get(one.kind, one.kind)) for one in printed_totals(request.user, office, day)],
        "page": page,
        "rows": [_cells(row) for row in page],
        "rules": [(one["name_en"] if _english() else one["name"], one["why"]) for one in settings()["rules"]],
    }  # fmt: skip
    return render(request, "imports/reports.html", context)


def _chosen(found: pl.DataFrame, pair: str, unexplained: bool) -> pl.DataFrame:
    """The rows of a pair as its address names it, kind.grain.measure."""
    if pair:
        kind, _dot, rest = pair.partition(".")
        grain, _dot, measure = rest.partition(".")
        found = found.filter(
            (pl.col("kind") == kind) & (pl.col("grain") == grain) & (pl.col("measure") == measure)
        )
    return found.filter(pl.col("rule") == "") if unexplained else found


def _english() -> bool:
    return get_language() == "en"


def _names() -> dict[str, str]:
    return {code: name_en if _english() else name for code, name, name_en in kinds()}


def _words(one: Any) -> tuple[str, str, str, str]:
    """Names of a pair: its report, the trusted one, the grain, the measure."""
    names, at = _names(), 1 if _english() else 0
    return (
        names.get(one.kind, one.kind),
        names.get(one.trusted_kind, one.trusted_kind),
        settings()["grains"][one.grain][at],
        settings()["measures"][one.measure][at],
    )


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    names, at = _names(), 1 if _english() else 0
    rules = {one["rule"]: one["name_en"] if at else one["name"] for one in settings()["rules"]}
    return (
        names.get(row["kind"], row["kind"]),
        names.get(row["trusted_kind"], row["trusted_kind"]),
        settings()["grains"][row["grain"]][at],
        "" if row["key"] == "*" else row["key"],
        settings()["measures"][row["measure"]][at],
        row["said"],
        row["trusted"],
        row["dong"],
        rules.get(row["rule"], ""),
    )
