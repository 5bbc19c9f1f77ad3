"""Drafts that were tried: the list, one of them with its table and chart, as a workbook and as a report."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.http import FORMATS, official, paper, refusing, sheet, show_success
from tdcs.indicators.views import wording
from tdcs.policy_lab.composing.memo import report
from tdcs.policy_lab.composing.words import ASSUMED, MEASURE_NAMES, measure_unit
from tdcs.policy_lab.models import Comparison
from tdcs.policy_lab.queries.comparisons import Shown, kept_comparisons, shown
from tdcs.policy_lab.rules.summing import MEASURES, SumLine, measure_of
from tdcs.policy_lab.rules.trying import CELL
from tdcs.policy_lab.services import end_comparison

BY: Final = {
    "programme": gettext_noop("Chương trình"),
    "commune": gettext_noop("Xã, phường"),
    "status": gettext_noop("Diện của hộ"),
}
_BARS: Final = 12
_HEAD: Final = (
    gettext_noop("Món vay"),
    gettext_noop("Dư nợ"),
    gettext_noop("Lãi một năm hiện nay"),
    gettext_noop("Lãi một năm theo dự thảo"),
    gettext_noop("Món được lợi"),
    gettext_noop("Số tiền được lợi"),
    gettext_noop("Món bị thiệt"),
    gettext_noop("Số tiền bị thiệt"),
    gettext_noop("Nợ quá hạn hiện nay"),
    gettext_noop("Nợ quá hạn theo dự thảo"),
    gettext_noop("Lãi một năm của hợp đồng mới, chênh lệch"),
    gettext_noop("Phần vượt mức tối đa mới"),
    gettext_noop("Phần được vay thêm"),
    gettext_noop("Hoa hồng và phí, chênh lệch"),
    gettext_noop("Ngân sách bù thêm"),
    gettext_noop("Trong đó nguồn địa phương"),
    gettext_noop("Hộ mới đủ điều kiện"),
    gettext_noop("Hộ không còn đủ điều kiện"),
)


@requires("policy_lab.view")
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """The drafts that were tried and kept."""
    rows = [(one, shown(one)) for one in kept_comparisons().defer(None)[:50]]
    context = {
        "rows": [(one, view.total(), view) for one, view in rows],
        "may_change": request.user.may("policy_lab.change"),
    }
    return render(request, "policy_lab/overview.html", context)


@requires("policy_lab.view")
@require_GET
@refusing
def show(request: PersonRequest, key: int) -> HttpResponse:
    """One draft: what it changes, who gains and loses, by programme, commune or status."""
    view = _shown(key)
    by = request.GET.get("by", "")
    by = by if by in BY else CELL[0]
    wanted = {name: request.GET.get(name, "") for name in CELL}
    rows, total = view.lines(by, wanted), view.total(wanted)
    if request.GET.get("export") in FORMATS:
        return _export(request, view, by, rows, total)
    measure = measure_of(total)
    context: dict[str, Any] = {
        "kept": view.kept,
        "view": view,
        "shown_day": view.kept.day,
        "by": by,
        "by_name": _(BY[by]),
        "rows": rows,
        "total": total,
        "wanted": wanted,
        "filters": [(name, _(BY[name]), _choices(view, name), wanted[name]) for name in CELL],
        "keys": [(name, _(words)) for name, words in BY.items()],
        "chart": _chart(rows, measure),
        "message": _message(total, measure),
        # A column of which nothing moved is left out.
        "seen": [name for name in MEASURES if any(line.measure(name) for _name, line in rows)],
        "assumed": [_(words) for words in ASSUMED],
        "whole": not any(wanted.values()),
        "may_end": request.user.may("policy_lab.change") and view.kept.by_id == request.user.pk,
        "may_change": request.user.may("policy_lab.change"),
    }
    return render(request, "policy_lab/show.html", context)


@requires("policy_lab.view")
@require_GET
@refusing
def memo(request: PersonRequest, key: int, fmt: str) -> HttpResponse:
    """The comparison as a report in the form of Nghị định 30/2020."""
    unit = own_organisation(request.user)
    document = report(_shown(key), unit=unit.pk if unit else None, on=clock.today())
    return official(document, fmt, f"thu-nghiem-chinh-sach-{key}")


@requires("policy_lab.change")
@require_POST
@refusing
def end(request: PersonRequest, key: int) -> HttpResponse:
    """A comparison is given up by its maker."""
    kept = get_object_or_404(Comparison, pk=key)
    end_comparison(comparison=kept, by=request.user, on=clock.today())
    show_success(request, _("Đã bỏ so sánh “%(name)s”.") % {"name": kept.name})
    return HttpResponseRedirect(reverse("policy_lab:overview"))


def _shown(key: int) -> Shown:
    return shown(get_object_or_404(Comparison, pk=key, ended_on=None))


def _choices(view: Shown, name: str) -> list[tuple[str, str]]:
    """What may be chosen of a key: the values that occur."""
    names = view.names(name)
    there = {str(value) for value in view.cells[name].unique().to_list()}
    return sorted(((one, names.get(one, one)) for one in there), key=lambda pair: pair[1])


def _chart(rows: list[tuple[str, SumLine]], measure: str) -> dict[str, Any] | None:
    """What charts.js draws: the lines that moved most; None where nothing did."""
    told = [(name, line.measure(measure)) for name, line in rows if line.measure(measure)]
    told = sorted(told, key=lambda pair: -abs(pair[1]))[:_BARS]
    if not told:
        return None
    return {
        "kind": "bars",
        "name": _(MEASURE_NAMES[measure]),
        "unit": measure_unit(measure),
        "labels": [name for name, _value in told],
        "values": [value for _name, value in told],
        "texts": [wording.changed(value, measure_unit(measure)) for _name, value in told],
        "words": {
            "billion": _("tỷ"),
            "million": _("triệu"),
            "aria": _("Chênh lệch giữa dự thảo và luật hiện hành; bảng bên dưới có cùng số liệu."),
        },
    }


def _message(total: SumLine, measure: str) -> str:
    """The chart's message: what rises or falls, by how much."""
    value = total.measure(measure)
    if not value:
        return _("Dự thảo không làm đổi số nào của sổ")
    words = _("%(name)s tăng %(value)s") if value > 0 else _("%(name)s giảm %(value)s")
    said = wording.said(abs(value), measure_unit(measure))
    return words % {"name": _(MEASURE_NAMES[measure]), "value": said}


def _export(
    request: PersonRequest, view: Shown, by: str, rows: list[tuple[str, SumLine]], total: SumLine
) -> HttpResponse:
    """The table with every figure in dong."""
    lines: list[tuple[str | int, ...]] = [(name, *_figures(line)) for name, line in rows]
    lines.append((_("Cộng"), *_figures(total)))
    head = (_(BY[by]), *(_(words) for words in _HEAD))
    around = paper(request, view.kept.name, on=view.kept.day)
    name = f"thu-nghiem-chinh-sach-{view.kept.pk}"
    return sheet(request.GET["export"], name, head, lines, around)


def _figures(line: SumLine) -> tuple[int, ...]:
    of = line.of
    return (
        of["loans"], of["outstanding"], of["interest_before"], of["interest_after"], of["gaining"],
        of["gain"], of["losing"], of["loss"], of["overdue_before"], of["overdue_after"],
        line.new_interest, of["cut"], of["room"], line.paid, of["cost"], of["cost_local"],
        of["newly_eligible"], of["no_longer"],
    )  # fmt: skip
