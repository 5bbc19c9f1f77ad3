"""The loans behind a figure, as the snapshot of the day holds them; the loans' own tables are not asked."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import narwhals as nw
import polars as pl
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import figures
from tdcs.core.columns import day_of_number
from tdcs.http import FORMATS, paper, parse_int, refusing, sheet
from tdcs.indicators import queries
from tdcs.indicators.queries.numbers import kept_numbers
from tdcs.indicators.views.cells import names_of
from tdcs.indicators.views.frame import frame, named, place_name
from tdcs.indicators.views.request_params import RequestParams, read_request_params
from tdcs.jobs.exports import later
from tdcs.loans.queries.scope import loans_to_open

PAGE: Final = 50
# Indicator → which loans stand behind it, and by what they are ordered.
BEHIND: Final = {
    "overdue": "overdue",
    "overdue_rate": "overdue",
    "overdue_loans": "overdue",
    "bad_debt_rate": "bad",
    "new_overdue_month": "newly_overdue",
    "frozen": "frozen",
    "frozen_rate": "frozen",
    "frozen_loans": "frozen",
    "interest_arrears": "arrears",
    "disbursed_month": "lent_month",
    "new_loans_month": "lent_month",
    "collected_month": "repaid_month",
    "interest_collected_month": "collected_month",
}
_COLUMNS: Final = (
    "loan", "group", "programme", "source", "disbursed", "balance", "overdue", "frozen", "due", "arrears",
    "overdue_since", "next_due", "next_amount", "final_due",
)  # fmt: skip
_MONEY: Final = ("balance", "overdue", "frozen", "due", "arrears")


@requires("indicators.view")
@require_GET
@refusing
def loans(request: PersonRequest) -> HttpResponse:
    """Loans of what was asked, those that weigh most in the indicator first."""
    asked = read_request_params(request, codes=tuple(queries.catalogue()), code="outstanding")
    if asked is None:
        return render(request, "indicators/no_day.html")
    rows = loans_behind(asked)
    if request.GET.get("export") in FORMATS:
        title = _("Khoản vay của chỉ tiêu ngày %(day)s") % {"day": f"{asked.on:%d/%m/%Y}"}
        if leads_to_job := later(request, title=title, rows=len(rows)):
            return leads_to_job
        return _export(request, asked, rows)
    page = Paginator(range(len(rows)), PAGE).get_page(parse_int(request.GET.get("page"), 1))
    start = (page.number - 1) * PAGE
    context = {
        **frame(asked, "indicators:loans"),
        "page": page,
        "rows": (shown := shown_loans(asked, rows.slice(start, PAGE))),
        "open": loans_to_open(request.user, [row["loan"] for row in shown]),
        "sums": rows.select(pl.col(name).sum() for name in _MONEY).row(0, named=True),
        "count": len(rows),
        "narrowed": asked.code in BEHIND,
    }
    return render(request, "indicators/loans.html", context)


def loans_behind(asked: RequestParams) -> pl.DataFrame:
    """ROW of the day with its figures, filtered to what was asked."""
    offices = asked.where.get("office")
    frame_ = store().read(asked.on, offices=sorted(offices) if offices else None)
    for key, ids in asked.where.items():
        frame_ = frame_.filter(pl.col(key).is_in(sorted(ids)))
    rows: pl.DataFrame = figures(nw.from_native(frame_.collect(), eager_only=True)).to_native()
    rows = rows.with_columns(bad=pl.col("overdue") + pl.col("frozen"))
    behind = BEHIND.get(asked.code, "balance")
    return rows.filter(pl.col(behind) > 0).sort([behind, "loan"], descending=[True, False])


def shown_loans(asked: RequestParams, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of the snapshot as people read them: days, and names of loan, group, programme, source."""
    found: list[dict[str, Any]] = [
        {name: _read(name, row[name]) for name in _COLUMNS} for row in rows.iter_rows(named=True)
    ]
    numbers = kept_numbers({row["loan"] for row in found})
    for row in found:
        row["loan_name"] = numbers.get(row["loan"], str(row["loan"]))
    for key in ("group", "programme", "source"):
        names = names_of(key, sorted({row[key] for row in found}), asked)
        for row in found:
            row[f"{key}_name"] = names.get(row[key], str(row[key]))
    return found


def _read(name: str, value: Any) -> Any:
    dated = name in ("disbursed", "overdue_since", "next_due", "final_due")
    return _day(value) if dated else value


def _day(number: int | None) -> date | None:
    return day_of_number(number) if number else None


def _export(request: PersonRequest, asked: RequestParams, rows: pl.DataFrame) -> HttpResponse:
    header = [
        _("Khoản vay"), _("Tổ TK&VV"), _("Chương trình"), _("Nguồn vốn"), _("Ngày giải ngân"), _("Dư nợ (đồng)"),
        _("Quá hạn (đồng)"), _("Khoanh (đồng)"), _("Lãi phải thu (đồng)"), _("Lãi tồn (đồng)"), _("Quá hạn từ"),
        _("Kỳ trả tới"), _("Gốc kỳ tới (đồng)"), _("Hạn cuối"),
    ]  # fmt: skip
    lines = [
        [row.get(f"{name}_name", row[name]) for name in _COLUMNS]
        for row in shown_loans(asked, rows)
    ]
    sums = {name: int(rows[name].sum()) for name in _MONEY}
    lines.append([_("Tổng cộng"), None, None, None, None, *(sums[name] for name in _MONEY)])
    what = named(queries.catalogue()[asked.code])
    title = _("%(figure)s: khoản vay, %(place)s") % {"figure": what, "place": place_name(asked)}
    name = f"khoan-vay-{asked.on:%Y%m%d}"
    return sheet(request.GET["export"], name, header, lines, paper(request, title, on=asked.on))
