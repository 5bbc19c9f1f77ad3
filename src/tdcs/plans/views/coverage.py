"""Which screen serves each task, what was done for it; which kinds of records count is confirmed here."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import visible_organisations
from tdcs.core import clock
from tdcs.documents.columns import Cell
from tdcs.organisations.queries import names_on
from tdcs.plans.ports import EvidenceKind
from tdcs.plans.queries.coverage import Covered, coverage
from tdcs.plans.queries.evidence import by_unit_and_month, choices_of, cited, of_year
from tdcs.plans.queries.in_force import every_plan
from tdcs.plans.queries.obligations import map_day
from tdcs.plans.queries.plans import all_tasks, years_of
from tdcs.plans.services import serving
from tdcs.plans.views.requested import (
    bound_to,
    file_name,
    refusing,
    scope_of,
    sheet,
    show_success,
    year_of_request,
)

_HEADER = (
    "Mục",
    "Nhiệm vụ",
    "Màn hình, loại hồ sơ",
    "Đã ghi trong năm",
    "Ngày gần nhất",
    "Số đơn vị đã có",
    "Đơn vị chưa có",
)
_SHOWN = 60


@requires("plans.view")
@require_GET
def coverage_page(request: PersonRequest) -> HttpResponse:
    """Tasks and general duties of a plan: screen, evidence, what was done this year, by whom not."""
    scope = scope_of(request)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    plan = scope.one or scope.plans[0]
    year = year_of_request(request, plan)
    rows = coverage(plan, year, request.user)
    if request.GET.get("export") in ("xlsx", "csv"):
        lines = [_line(row) for row in rows]
        return sheet(request.GET["export"], file_name("do-phu", plan), _HEADER, lines)
    context = {
        "scope": scope,
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "rows": rows,
        "empty": sum(row.empty for row in rows),
        "waiting": sum(bool(row.proposals) for row in rows),
        "may_confirm": request.user.may("plans.publish"),
        "readable": _readable(request, (kind for row in rows for kind in row.kinds)),
    }
    return render(request, "plans/coverage.html", context)


def _readable(request: PersonRequest, kinds: Iterable[EvidenceKind]) -> set[str]:
    """Kinds whose screen the person may open: nothing is offered that the gate would refuse."""
    return {kind.code for kind in kinds if request.user.may(kind.permission)}


def _line(row: Covered) -> tuple[Cell, ...]:
    title = getattr(row.subject, "title", "") or str(row.subject)
    return (
        row.subject.path,
        title,
        "; ".join(kind.name for kind in row.kinds),
        "; ".join(map(str, row.counts)),
        row.last_on,
        row.units,
        "; ".join(row.missing),
    )


@requires("plans.publish")
@require_POST
@refusing
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """The kinds ticked count for the task, the others offered do not."""
    task = get_object_or_404(all_tasks(), pk=pk)
    plan = task.version.plan
    ticked = set(request.POST.getlist("kind"))
    offered = {*request.POST.getlist("offered"), *ticked}
    counts = {code: code in ticked for code in offered}
    serving.decide(plan=plan, task=task, counts=counts, by=request.user, on=clock.today())
    show_success(request, _("Đã xác nhận loại hồ sơ của nhiệm vụ %(path)s.") % {"path": task.path})
    return redirect("plans:task_records", pk=pk)


@requires("plans.publish")
@require_POST
@refusing
def confirm_all(request: PersonRequest, pk: int) -> HttpResponse:
    """Every proposal of a plan that nobody has decided counts."""
    plan = get_object_or_404(every_plan(), pk=pk)
    count = serving.confirm_proposals(plan=plan, by=request.user, on=clock.today())
    show_success(request, _("Đã xác nhận %(n)d đề xuất.") % {"n": count})
    return redirect("plans:coverage")


@requires("plans.view")
@require_GET
def task_records(request: PersonRequest, pk: int) -> HttpResponse:
    """Everything done for a task in a year: by kind, by unit and month, and the records themselves."""
    task = get_object_or_404(all_tasks(), pk=pk)
    plan = task.version.plan
    year = year_of_request(request, plan)
    lineage = str(task.lineage)
    rows = of_year(plan, year, units=visible_organisations(request.user), tasks={lineage})
    names = names_on(map_day(year), rows["unit"].unique().to_list())
    kinds = {one.kind.code: one.kind for one in cited(rows).get(lineage, ())}
    told = rows.sort("day", descending=True).iter_rows(named=True)
    lines = [
        (
            row["day"],
            names.get(row["unit"], ""),
            kinds[row["kind"]],
            row["title"],
            row["address"] if request.user.may(kinds[row["kind"]].permission) else "",
        )
        for row in told
    ]
    if request.GET.get("export") in ("xlsx", "csv"):
        header = ("Ngày", "Đơn vị", "Loại hồ sơ", "Nội dung")
        cells = [(day, unit, kind.name, title) for day, unit, kind, title, _at in lines]
        return sheet(request.GET["export"], f"ho-so-{task.path}", header, cells)
    months, choices = by_unit_and_month(rows), choices_of(plan, [task])[lineage]
    grid = [
        (names.get(unit, ""), [found.get(m, 0) for m in range(1, 13)], sum(found.values()))
        for unit, found in months.items()
    ]
    context = {
        "task": task,
        "plan": plan,
        "scope": bound_to(plan),
        "year": year,
        "years": years_of(plan),
        "total": rows.height,
        "counts": cited(rows).get(lineage, []),
        "grid": sorted(grid, key=lambda row: -row[2])[:_SHOWN],
        "lines": lines[: 2 * _SHOWN],
        "choices": choices,
        "readable": _readable(request, (choice.kind for choice in choices)),
        "may_confirm": request.user.may("plans.publish"),
        "months": range(1, 13),
    }
    return render(request, "plans/task_records.html", context)
