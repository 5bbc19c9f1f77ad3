"""The matrix units × tasks, and the units of one task or duty."""

from __future__ import annotations

from dataclasses import replace
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
from tdcs.documents.paper import Paper
from tdcs.http.kept import kept_page
from tdcs.http.table_columns import as_chosen
from tdcs.organisations.queries import names_on, subtree
from tdcs.plans.models import Plan, Task
from tdcs.plans.queries.in_force import Plans, Scope
from tdcs.plans.queries.matrix import (
    PAGE_UNITS,
    SORTS,
    STANDING_FILTERS,
    MatrixFilters,
    area_choices,
    matrix,
    plan_heads,
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
    is_closed,
    tasks_in_force,
    years_of,
)
from tdcs.plans.views import work_cells
from tdcs.plans.views.requested import (
    bound_to,
    file_name,
    paper,
    parse_int,
    scope_of,
    sheet,
    year_of_request,
)


@requires("plans.view")
@kept_page()
@require_GET
def matrix_page(request: PersonRequest) -> HttpResponse:
    """Units × tasks; every filter is in the address."""
    scope = scope_of(request)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    if not _has_units_below(request):
        return _own_row(request)
    filters = _filters(request, scope.plans)
    shown = matrix(scope.plans, filters, request.user)
    if fmt := request.GET.get("export"):
        header, lines = work_cells.wide(shown, brief=fmt == "pdf")
        title = _("Ma trận thực hiện %(plan)s, năm %(year)d")
        around = paper(
            request,
            title % {"plan": ", ".join(plan.number for plan in scope.plans), "year": filters.year},
        )
        around = replace(around, note=work_cells.legend(shown))
        return sheet(fmt, file_name(f"ma-tran-{filters.year}", scope.plans), header, lines, around)
    address = reverse("plans:unit_work", args=[0]) + f"?plan={scope.code}&amp;year={filters.year}"
    context = {
        "scope": scope,
        "year": filters.year,
        "m": shown,
        "f": filters,
        "plan_heads": plan_heads(shown.columns),
        "sections": sections(shown.columns),
        "body": work_cells.body(shown, address),
        "foot": work_cells.foot(shown),
    }
    if request.headers.get("HX-Request"):
        return render(request, "plans/_matrix.html", context)
    return render(request, "plans/matrix.html", context | _choices(scope, filters))


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


def _filters(request: PersonRequest, plans: Plans) -> MatrixFilters:
    get = request.GET
    return MatrixFilters(
        year=year_of_request(request, plans),
        group=get.get("group", "")[:20],
        standing=get.get("standing", "")[:12],
        section=get.get("section", "")[:60],
        area=get.get("area", "")[:14],
        unit=get.get("unit", "")[:80],
        waiting=get.get("waiting") == "1",
        sort=get.get("sort", "") if get.get("sort", "") in SORTS else "",
        page=parse_int(get.get("page"), 1),
    )


def _choices(scope: Scope, filters: MatrixFilters) -> dict[str, Any]:
    tasks = list(tasks_in_force(scope.plans))
    marks = {plan.pk: (f"{plan.pk}:", f"{plan.number} · ") for plan in scope.plans}
    if not scope.several:
        marks = dict.fromkeys(marks, ("", ""))

    def marked(task: Task, key: str, words: str) -> tuple[str, str]:
        mark, number = marks[task.version.plan_id]
        return f"{mark}{key}", f"{number}{words}"

    return {
        "years": years_of(scope.plans),
        "groups": [(code, _(title)) for code, title in GROUP_TITLES.items()],
        "areas": area_choices(filters.day),
        "standings": [(code, _(work_cells.WORDS[code])) for code in STANDING_FILTERS],
        "sections_all": list(
            dict.fromkeys(
                marked(t, t.section_path, f"{t.section_path} {t.section_title}") for t in tasks
            )
        ),
        "duty_sections": [
            (f"{mark}{code}", f"{number}{words}")
            for mark, number in marks.values()
            for code, words in (("III", _("Nhiệm vụ chung")), ("G", _("Việc giao thêm")))
        ],
        "tasks": [marked(t, f"t{t.path}", f"{t.path} {t.title}") for t in tasks],
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
    if request.GET.get("export"):
        around = paper(
            request,
            _("Các đơn vị thực hiện %(thing)s, năm %(year)d")
            % {"thing": context["thing"].path, "year": year},
        )
        return export_answers(request, file_name(f"don-vi-{year}", plan), lines, around)
    page = Paginator(lines, PAGE_UNITS).get_page(request.GET.get("page"))
    context |= {
        "plan": plan,
        "scope": bound_to(plan),
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


def export_answers(
    request: PersonRequest, name: str, lines: list[dict[str, Any]], around: Paper
) -> HttpResponse:
    """The lines as a file, with the columns that the person chose."""
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
    return sheet(
        request.GET["export"], name, *as_chosen(request, "obligations", header, rows), around
    )
