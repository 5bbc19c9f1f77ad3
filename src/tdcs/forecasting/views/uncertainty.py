"""How sure a scenario is: its bands, and what each assumption moves."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.numbers import ppm
from tdcs.forecasting.errors import NoMonthClosed
from tdcs.forecasting.queries.opening import base_of
from tdcs.forecasting.queries.scenarios import Named, scenarios
from tdcs.forecasting.queries.uncertainty import MEASURES, Tornado, bands_of, tornado_of
from tdcs.forecasting.rules.bands import Band
from tdcs.http import FORMATS, paper, sheet

_NAMES: Final = {
    "growth": gettext_noop("Tăng trưởng dư nợ"),
    "local": gettext_noop("Vốn địa phương trong mức tăng"),
    "share": gettext_noop("Tỷ trọng vốn địa phương"),
    "lending": gettext_noop("Cho vay so với năm qua"),
    "slipped": gettext_noop("Chuyển quá hạn so với năm qua"),
    "early": gettext_noop("Trả trước hạn so với năm qua"),
    "cured": gettext_noop("Thu nợ quá hạn so với năm qua"),
}
_MEASURES: Final = {
    "lent": gettext_noop("Phải cho vay"),
    "local_added": gettext_noop("Ngân sách thêm"),
    "central_added": gettext_noop("Trung ương thêm"),
    "closing": gettext_noop("Dư nợ cuối kỳ"),
    "overdue": gettext_noop("Nợ quá hạn cuối kỳ"),
    "interest": gettext_noop("Lãi phát sinh"),
}
_USUAL: Final = "lent"
_BANDS: Final = {
    "closing": gettext_noop("Dư nợ cuối năm"),
    "repaid": gettext_noop("Thu nợ trong năm"),
    "overdue": gettext_noop("Nợ quá hạn cuối năm"),
    "interest": gettext_noop("Lãi phát sinh trong năm"),
}


@requires("forecasting.view")
@require_GET
def uncertainty(request: PersonRequest) -> HttpResponse:
    """A scenario's bands and tornado, both from the last closed month-end."""
    language = get_language() or "vi"
    try:
        base = base_of(clock.today())
    except NoMonthClosed as refusal:
        words = {"reason": refusal.sentence(language), "next_step": refusal.next_step(language)}
        return render(request, "forecasting/no_month.html", words)
    known = scenarios()
    key = request.GET.get("scenario", "")
    chosen = next((one for one in known if one.key == key), known[0])
    asked = request.GET.get("measure", "")
    measure = asked if asked in MEASURES else _USUAL
    context: dict[str, Any] = {
        "shown_day": base,
        "scenario": chosen,
        "measure": measure,
        "first": known[0].said(language),
        "others": [(one.key, one.said(language)) for one in known[1:]],
        "usual": _(_MEASURES[_USUAL]),
        "measures": [(name, _(words)) for name, words in _MEASURES.items() if name != _USUAL],
    }
    try:
        found = bands_of(chosen.assumed, base)
        torn = tornado_of(chosen.assumed, base, measure)
    except Refusal as refusal:
        context["refusal"] = f"{refusal.sentence(language)} {refusal.next_step(language)}"
        return render(request, "forecasting/uncertainty.html", context)
    if request.GET.get("export") in FORMATS:
        return _export(request, chosen, found, base)
    context |= {
        "bands": [(name, _(words), _of(found, name)) for name, words in _BANDS.items()],
        "tornado": torn,
        "measure_name": _(_MEASURES[measure]),
        "bars": [(_(_NAMES[bar.name]), ppm(bar.low), ppm(bar.high), bar) for bar in torn.bars],
        "band_chart": _band_chart(_of(found, "closing"), _("Dư nợ cuối mỗi năm và biên độ")),
        "overdue_chart": _band_chart(_of(found, "overdue"), _("Nợ quá hạn cuối năm và biên độ")),
        "tornado_chart": _tornado_chart(torn),
        "chart": True,
    }
    return render(request, "forecasting/uncertainty.html", context)


def _of(found: list[Band], measure: str) -> list[Band]:
    return [one for one in found if one.measure == measure]


def _words(aria: str) -> dict[str, str]:
    return {"billion": _("tỷ"), "million": _("triệu"), "aria": aria}


def _band_chart(rows: list[Band], aria: str) -> dict[str, Any]:
    words = {"low": _("Mức thấp"), "middle": _("Mức giữa"), "high": _("Mức cao")}
    return {
        "kind": "bands",
        "unit": "dong",
        "years": [str(row.year) for row in rows],
        "low": [row.low for row in rows],
        "middle": [row.middle for row in rows],
        "high": [row.high for row in rows],
        "words": {**_words(aria), **words},
    }


def _tornado_chart(found: Tornado) -> dict[str, Any]:
    return {
        "kind": "tornado",
        "unit": "dong",
        "value": found.value,
        "bars": [
            {
                "name": _(_NAMES[bar.name]),
                "low": bar.at_low,
                "high": bar.at_high,
                "lowText": ppm(bar.low),
                "highText": ppm(bar.high),
            }
            for bar in found.bars
        ],
        "words": _words(_("Mỗi giả định thấp hơn và cao hơn làm kết quả đổi bao nhiêu")),
    }


def _export(request: PersonRequest, chosen: Named, found: list[Band], base: date) -> HttpResponse:
    head = [_("Năm"), _("Số liệu"), _("Bình quân"), _("Mức thấp"), _("Mức giữa"), _("Mức cao")]
    rows = [
        (one.year, _(_BANDS[one.measure]), one.mean, one.low, one.middle, one.high) for one in found
    ]
    title = ": ".join((_("Biên độ dự báo"), chosen.said(get_language() or "vi")))
    return sheet(request.GET["export"], "bien-do", head, rows, paper(request, title, on=base))
