"""The matrix units × tasks, and the units of one task or duty."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation, sees_all
from tdcs.core import clock
from tdcs.core.text import by_name
from tdcs.organisations.queries import names_on, subtree
from tdcs.plans.models import Plan
from tdcs.plans.queries.matrix import (
    PAGE_UNITS,
    SORTS,
    STANDING_FILTERS,
    MatrixFilters,
    area_choices,
    matrix,
    sections,
)
from tdcs.plans.queries.obligations import (
    GROUP_ORDER,
    GROUP_TITLES,
    answers_of,
    frame,
    map_day,
    tally,
)
from tdcs.plans.queries.plans import (
    all_duties,
    all_tasks,
    current_plan,
    current_version,
    is_closed,
    tasks_of,
    years_of,
)
from tdcs.plans.views import work_cells
from tdcs.plans.views.requested import parse_int, sheet, year_of_request


@requires("plans.view")
@require_GET
def matrix_page(request: PersonRequest) -> HttpResponse:
    """Units × tasks; every filter is in the address."""
    plan = current_plan()
    if plan is None:
        return render(request, "plans/no_plan.html")
    if not _has_units_below(request):
        return _own_row(request)
    filters = _filters(request, plan)
    shown = matrix(plan, filters, request.user)
    if fmt := request.GET.get("export"):
        header, lines = work_cells.wide(shown)
        return sheet(fmt, f"ma-tran-{filters.year}", header, lines)
    address = reverse("plans:unit_work", args=[0]) + f"?year={filters.year}"
    context = {
        "plan": plan,
        "m": shown,
        "f": filters,
        "sections": sections(shown.columns),
        "body": work_cells.body(shown, address),
        "foot": work_cells.foot(shown),
    }
    if request.headers.get("HX-Request"):
        return render(request, "plans/_matrix.html", context)
    return render(request, "plans/matrix.html", context | _choices(plan, filters))


def _own_row(request: PersonRequest) -> HttpResponse:
    """A unit without others below it has one row: its own work."""
    unit = own_organisation(request.user)
    if unit is None or request.user.may("plans.work"):
        return redirect("plans:inbox")
    return redirect("plans:unit_work", pk=unit.pk)


def _has_units_below(request: PersonRequest) -> bool:
    if sees_all(request.user) or request.user.may("plans.matrix"):
        return True
    unit = own_organisation(request.user)
    return unit is not None and len(subtree(unit.pk, clock.today())) > 1


def _filters(request: PersonRequest, plan: Plan) -> MatrixFilters:
    get = request.GET
    return MatrixFilters(
        year=year_of_request(request, plan),
        group=get.get("group", "")[:20],
        standing=get.get("standing", "")[:12],
        section=get.get("section", "")[:60],
        area=get.get("area", "")[:14],
        unit=get.get("unit", "")[:80],
        waiting=get.get("waiting") == "1",
        sort=get.get("sort", "") if get.get("sort", "") in SORTS else "",
        page=parse_int(get.get("page"), 1),
    )


def _choices(plan: Plan, filters: MatrixFilters) -> dict[str, Any]:
    tasks = list(tasks_of(current_version(plan)))
    return {
        "years": years_of(plan),
        "groups": list(GROUP_TITLES.items()),
        "areas": area_choices(filters.day),
        "standings": [(code, _(work_cells.WORDS[code])) for code in STANDING_FILTERS],
        "sections_all": sorted({(t.section_path, t.section_title) for t in tasks}),
        "tasks": [(f"t{t.path}", f"{t.path} {t.title}") for t in tasks],
        "sorts": [
            ("", _("Tên đơn vị")),
            ("late", _("Quá hạn nhiều")),
            ("least", _("Xong ít nhất")),
        ],
    }


@requires("plans.view")
@require_GET
def task_units(request: PersonRequest, pk: int) -> HttpResponse:
    """The units that owe one task, with what each answered."""
    task = get_object_or_404(all_tasks(), pk=pk)
    plan, year = task.version.plan, year_of_request(request, task.version.plan)
    # Years before an amendment hang on the task's earlier row; the path is the key that people know.
    rows = frame(plan, year, request.user).filter(pl.col("column") == f"t{task.path}")
    return _units_of(request, plan, year, rows, {"task": task, "thing": task})


@requires("plans.view")
@require_GET
def duty_units(request: PersonRequest, pk: int) -> HttpResponse:
    """The units that owe one general duty."""
    duty = get_object_or_404(all_duties(), pk=pk)
    plan, year = duty.version.plan, year_of_request(request, duty.version.plan)
    key = f"d{duty.path}-{duty.kind}"
    rows = frame(plan, year, request.user).filter(pl.col("column") == key)
    return _units_of(request, plan, year, rows, {"duty": duty, "thing": duty})


def _units_of(
    request: PersonRequest, plan: Plan, year: int, rows: pl.DataFrame, context: dict[str, Any]
) -> HttpResponse:
    standing = request.GET.get("standing", "")
    total = tally(rows)
    shown = rows.filter(pl.col("standing") == standing) if standing else rows
    lines = answer_lines(shown, year)
    if fmt := request.GET.get("export"):
        return export_answers(fmt, f"don-vi-{year}", lines)
    page = Paginator(lines, PAGE_UNITS).get_page(request.GET.get("page"))
    context |= {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "total": total,
        "standing": standing,
        "standings": [(code, _(work_cells.WORDS[code])) for code in STANDING_FILTERS],
        "lines": page,
        "page": page,
        "closed": is_closed(plan, year),
        "may_review": request.user.may("plans.review") and not is_closed(plan, year),
        "may_remind": request.user.may("plans.remind") and not is_closed(plan, year),
    }
    return render(request, "plans/thing_units.html", context)


def answer_lines(rows: pl.DataFrame, year: int) -> list[dict[str, Any]]:
    """Obligations of one thing as lines of a table: by group, then by name."""
    found = answers_of(rows["id"].to_list())
    names = names_on(map_day(year), rows["holder"].to_list())
    lines = [
        row | found[row["id"]] | {"name": names[row["holder"]]}
        for row in rows.iter_rows(named=True)
    ]
    return sorted(lines, key=lambda r: (GROUP_ORDER[r["group"]], by_name(r["name"]), r["id"]))


def export_answers(fmt: str, name: str, lines: list[dict[str, Any]]) -> HttpResponse:
    """The lines as .xlsx or .csv."""
    header = (
        _("Khối"),
        _("Đơn vị"),
        _("Tình trạng"),
        _("Tiến độ (%)"),
        _("Hạn"),
        _("Ngày báo cáo"),
        _("Quá hạn (ngày)"),
        _("Số liệu"),
        _("Kết quả"),
        _("Số minh chứng"),
    )
    rows = [
        (
            _(GROUP_TITLES[r["group"]]),
            r["name"],
            _(work_cells.WORDS[r["standing"]]),
            r["percent"],
            r["due_on"],
            r["submitted_on"],
            r["days_late"],
            r["figure"],
            r["words"],
            r["evidence_count"],
        )
        for r in lines
    ]
    return sheet(fmt, name, header, rows)
