"""What the law makes of the core's figures: differences by kind, then loan by loan, and as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import polars as pl
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core.columns import day_of_number
from tdcs.http import paper, parse_day, sheet
from tdcs.imports.queries.audits import (
    audited,
    audited_days,
    by_kind,
    by_reason,
)
from tdcs.imports.rules.auditing import CHECKS
from tdcs.imports.rules.unjudged import REASONS
from tdcs.programmes.citing import cited

PAGE: Final = 100
_HEADER: Final = (
    "Số khế ước",
    "Mã PGD",
    "Mã xã",
    "Nội dung",
    "Theo sao kê",
    "Theo quy định",
    "Chênh lệch (đồng)",
    "Căn cứ",
)


@requires("imports.view")
@require_GET
def audit_page(request: PersonRequest) -> HttpResponse:
    """Differences of a day's extracts by kind, and what could not be judged by reason; with ``check`` the loans of one."""
    days = audited_days(request.user)
    day = parse_day(request.GET.get("day")) or (days[0] if days else None)
    check = request.GET.get("check", "")
    if (check and check not in CHECKS and check not in REASONS) or (day and day not in days):
        raise Http404(check)
    context: dict[str, Any] = {"days": [(one.isoformat(), f"{one:%d/%m/%Y}") for one in days]}
    if day is None:
        return render(request, "imports/audit.html", context)
    made = audited(request.user, day)
    found, untold = made.differences, made.not_judged
    both = pl.concat([found, untold])
    rows = both.filter(pl.col("check") == check) if check else both
    if request.GET.get("export"):
        around = paper(request, _("Đối chiếu sao kê ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"})
        cells = [_cells(row) for row in rows.iter_rows(named=True)]
        return sheet(request.GET["export"], f"doi-chieu-{day}", _HEADER, cells, around)
    page = Paginator(rows.rows(named=True) if check else [], PAGE).get_page(request.GET.get("page"))
    context |= {
        "day": day,
        "check": check,
        "words": _words(check) if check else "",
        "kinds": [(one, _words(one.check), cited(one.basis)) for one in by_kind(found)],
        "page": page,
        "rows": [(row, *_cells(row)[4:7], cited(row["basis"])) for row in page],
        "count": len(found),
        "loans": made.loans,
        "untold": untold["contract"].n_unique(),
        "reasons": [(one, _words(one[0])) for one in by_reason(untold)],
    }
    return render(request, "imports/audit.html", context)


def _words(check: str) -> str:
    vi, en = REASONS[check] if check in REASONS else CHECKS[check][:2]
    return en if get_language() == "en" else vi


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["contract"],
        row["office"],
        row["commune"],
        _words(row["check"]),
        _figure(row["check"], row["said"]),
        _figure(row["check"], row["law"]),
        row["dong"],
        row["basis"],
    )


def _figure(check: str, value: int | None) -> str | int | date:
    """A figure as its kind writes it: dong, percent a year, months or a day."""
    if value is None:
        return ""
    unit = CHECKS[check][2]
    if unit == "day":
        return f"{day_of_number(value):%d/%m/%Y}"
    if unit == "rate":
        return f"{value / 10_000:.2f}%".replace(".", ",")
    return f"{value:,}".replace(",", ".")
