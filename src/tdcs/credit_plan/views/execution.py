"""How a plan is carried out: by line or in sums, who will miss it, as a table that leaves as others do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.credit_plan.queries.execution import Until, execution, summed, until_of
from tdcs.credit_plan.views.frame import (
    choices,
    filtered,
    framed,
    names_for,
    plan_or_404,
    within,
)
from tdcs.http import FORMATS, paper, refusing, sheet

PAGE = 100
_FILTERS = ("office", "area", "programme", "source")
_CUTS = {
    "line": ("office", "area", "programme", "source"),
    "commune": ("office", "area"),
    "office": ("office",),
    "programme": ("programme",),
    "source": ("source",),
}
_WORDS = {
    "line": gettext_noop("Từng dòng"),
    "commune": gettext_noop("Xã, phường"),
    "office": gettext_noop("Phòng giao dịch"),
    "programme": gettext_noop("Chương trình"),
    "source": gettext_noop("Nguồn vốn"),
}
_FIGURES = (
    "plan",
    "lent",
    "projected",
    "outstanding",
    "planned_outstanding",
    "projected_outstanding",
)


@requires("credit_plan.view")
@require_GET
@refusing
def execution_page(request: PersonRequest, year: int) -> HttpResponse:
    """The lines in the person's area by the cut asked for, the ones that will miss their allotment first."""
    plan, on = plan_or_404(year), clock.today()
    until = until_of(plan, on)
    every = within(request, execution(plan, on), "area")
    told = names_for(every, on)
    offers = {name: choices(every, told, name) for name in _FILTERS}
    lines = filtered(request, every, _FILTERS)
    cut = request.GET.get("by", "commune")
    keys = _CUTS.get(cut, _CUTS["commune"])
    rows = _cut(lines, keys, until)
    if request.GET.get("missing"):
        rows = rows.filter(pl.col("misses"))
    rows = rows.sort(
        pl.col("misses"), "done", *keys, descending=[True, False, *[False] * len(keys)]
    )
    whole = summed(lines, (), until).row(0, named=True)
    if request.GET.get("export") in FORMATS:
        return _export(request, rows, told, keys, until)
    page = Paginator(rows.rows(named=True), PAGE).get_page(request.GET.get("page"))
    context = framed(
        plan,
        "credit_plan:execution",
        shown_day=until.day,
        until=until,
        page=page,
        keys=[(key, _key_word(key)) for key in keys],
        names=told,
        offers=offers,
        chosen={name: request.GET.get(name, "") for name in (*_FILTERS, "missing")},
        cut=cut,
        cuts=[(key, _(words)) for key, words in _WORDS.items()],
        whole=whole,
        shown=len(rows),
        missing=int(rows["misses"].sum()),
        outcomes=[("1", _("Sẽ không đạt"))],
    )
    return render(request, "credit_plan/execution.html", context)


def _cut(lines: pl.DataFrame, keys: tuple[str, ...], until: Until) -> pl.DataFrame:
    return lines if keys == _CUTS["line"] else summed(lines, keys, until)


def _key_word(key: str) -> str:
    words = {"area": _("Xã, phường"), "office": _("Phòng giao dịch")}
    return words.get(key) or {"programme": _("Chương trình"), "source": _("Nguồn vốn")}[key]


def _export(
    request: PersonRequest,
    rows: pl.DataFrame,
    told: dict[str, dict[Any, str]],
    keys: tuple[str, ...],
    until: Until,
) -> HttpResponse:
    header = [
        *(_key_word(key) for key in keys),
        _("Kế hoạch cho vay (đồng)"), _("Đã cho vay (đồng)"), _("Ước cả năm (đồng)"),
        _("Dư nợ (đồng)"), _("Dư nợ kế hoạch (đồng)"), _("Ước dư nợ cuối năm (đồng)"),
        _("Thực hiện (%)"), _("Không đạt"),
    ]  # fmt: skip
    written = [
        (
            *(told[key].get(row[key], str(row[key])) for key in keys),
            *(row[name] for name in _FIGURES),
            None if row["done"] is None else Decimal(row["done"]) / 10_000,
            _("có") if row["misses"] else "",
        )
        for row in rows.iter_rows(named=True)
    ]
    title = _("Thực hiện kế hoạch tín dụng năm %(year)d") % {"year": until.day.year}
    name = f"thuc-hien-{until.day:%Y%m%d}"
    return sheet(request.GET["export"], name, header, written, paper(request, title, on=until.day))
