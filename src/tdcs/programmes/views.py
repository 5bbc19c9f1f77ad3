"""Pages of programmes: what is lent on a day; one programme's figures over time, each with its basis."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.http import paper, parse_day, sheet
from tdcs.programmes.rules import programmes
from tdcs.programmes.rules.showing import (
    SummaryRow,
    figure_row,
    kind_names,
    months,
    percent,
    regime_on,
    series,
    summary,
)

_LIST_HEADER = (
    "Mã",
    "Chương trình",
    "Kênh",
    "Cho vay",
    "Lãi suất (phần triệu/năm)",
    "Mức vay tối đa (đồng)",
    "Thời hạn tối đa (tháng)",
    "Ai được vay",
)
_FIGURE_HEADER = (
    "Tham số",
    "Nhóm",
    "Giá trị",
    "Đơn vị",
    "Từ ngày",
    "Đến trước ngày",
    "Căn cứ",
    "Tên văn bản",
    "Nguồn",
    "Độ chắc chắn",
)


@requires("programmes.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Programmes on a day; the search ignores accents."""
    on, words = _day(request), request.GET.get("q", "").strip()[:100]
    key = fold(words)
    rows = [_line(row, on) for row in summary(on)]
    rows = [row for row in rows if key in fold(f"{row['programme']} {row['name']} {row['short']}")]
    if request.GET.get("export"):
        return _export_list(request, rows, on)
    context = {"rows": rows, "on": on, "q": words, "lending": sum(row["in_force"] for row in rows)}
    return render(request, "programmes/list.html", context)


@requires("programmes.view")
@require_GET
def programme_page(request: PersonRequest, code: str) -> HttpResponse:
    """One programme: its figures over time, the one of the day marked; who may borrow; its rules."""
    one = programmes().get(code)
    if one is None:
        raise Http404(code)
    on = _day(request)
    figures = _figures(code, on)
    if request.GET.get("export"):
        return _export_figures(request, code, figures)
    context = {
        "one": one,
        "on": on,
        "figures": figures,
        "in_force": any(
            value["now"] for figure in figures if figure["is_rate"] for value in figure["values"]
        ),
        "groups": [name for name, _figures_of in one.groups.values()],
        "kinds": kind_names(one.kinds),
        "also": kind_names(one.also),
        "not_kinds": kind_names(one.not_kinds),
        "regime": regime_on(one, on),
        "unverified": sum(not v["verified"] for figure in figures for v in figure["values"]),
    }
    return render(request, "programmes/programme.html", context)


def _day(request: PersonRequest) -> date:
    return parse_day(request.GET.get("on")) or clock.today()


def _line(row: SummaryRow, on: date) -> dict[str, Any]:
    one = programmes()[row["programme"]]
    return {
        **row,
        "short": one.short,
        "rate": percent(row["rate_ppm"]) if row["rate_ppm"] is not None else "",
        "term": months(row["max_term_months"]) if row["max_term_months"] else "",
        "kinds": kind_names(one.kinds),
    }


def _figures(code: str, on: date) -> list[dict[str, Any]]:
    """Each figure with its values over time, newest first."""
    one = programmes()[code]
    return [
        {
            "label": label,
            "group": one.groups[key][0] if key else "",
            "is_rate": parameter is one.figures["rate"],
            "values": [
                {
                    **figure_row(label, key, value),
                    "starts_on": value.starts_on,
                    "ends_on": value.ends_on,
                    "now": value.holds_on(on),
                }
                for value in reversed(parameter.values)
            ],
        }
        for label, key, parameter in series(one)
    ]


def _export_list(request: PersonRequest, rows: list[dict[str, Any]], on: date) -> HttpResponse:
    lines = [
        (
            row["programme"],
            row["name"],
            _("trực tiếp") if row["channel"] == "direct" else _("qua tổ"),
            _("có") if row["in_force"] else _("không"),
            row["rate_ppm"],
            row["maximum"],
            row["max_term_months"],
            "; ".join(row["kinds"]),
        )
        for row in rows
    ]
    around = paper(request, _("Chương trình cho vay"), on=on)
    return sheet(request.GET["export"], "chuong-trinh", _LIST_HEADER, lines, around)


def _export_figures(
    request: PersonRequest, code: str, figures: list[dict[str, Any]]
) -> HttpResponse:
    lines = [
        (
            figure["label"],
            figure["group"],
            value["value"],
            value["unit"],
            value["starts_on"],
            value["ends_on"],
            value["basis"],
            value["document_title"],
            value["source"],
            value["certainty_words"],
        )
        for figure in figures
        for value in figure["values"]
    ]
    name = f"chuong-trinh-{code.lower()}"
    around = paper(
        request, _("Tham số của chương trình %(name)s") % {"name": programmes()[code].name}
    )
    return sheet(request.GET["export"], name, _FIGURE_HEADER, lines, around)
