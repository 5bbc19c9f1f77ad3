"""The branch's view: matrix, calendar, directives, reminders."""

from __future__ import annotations

import calendar
from datetime import date

import polars as pl
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import visible_organisations
from tdcs.core import clock, workdays
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import Resolver, UnitRef, names_on, province_of
from tdcs.plans.composing.letters import letter_document
from tdcs.plans.models import Channel, Directive, Letter, Obligation
from tdcs.plans.queries.matrix import Filters, matrix
from tdcs.plans.queries.obligations import GROUPS, frame, tallies
from tdcs.plans.queries.plans import current_version, years_of
from tdcs.plans.services import directives, reminders
from tdcs.plans.views.answering import (
    back,
    day,
    done,
    official,
    plan_or_404,
    refusing,
    sheet,
    whole,
    year_of_request,
)


@requires("plans.matrix")
@require_GET
def matrix_page(request: PersonRequest) -> HttpResponse:
    """Units × tasks: what is late, who, where."""
    plan = plan_or_404()
    get = request.GET
    filters = Filters(
        year=year_of_request(request, plan),
        group=get.get("group", ""),
        standing=get.get("standing", ""),
        section=get.get("section", ""),
        office=whole(get.get("office")),
        unit=get.get("unit", "")[:80],
        page=whole(get.get("page"), 1),
    )
    shown = matrix(plan, filters, request.user)
    if fmt := get.get("export"):
        return _export(fmt, shown.rows)
    offices = Organisation.objects.filter(
        kind__in=("transaction_office", "vbsp_branch"), ends_on=None
    )
    names = names_on(clock.today(), offices.values_list("pk", flat=True))
    context = {
        "plan": plan,
        "m": shown,
        "f": filters,
        "years": years_of(plan),
        "groups": [(code, title) for code, title, *_ in GROUPS],
        "sections": current_version(plan)
        .tasks.values_list("section_path", "section_title")
        .distinct()
        .order_by("section_path"),
        "offices": sorted(names.items(), key=lambda pair: pair[1]),
        "standings": ("late", "soon", "on_time", "done", "done_late"),
        "pages": range(1, shown.pages + 1),
    }
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, "plans/_matrix.html" if partial else "plans/matrix.html", context)


def _export(fmt: str, rows: pl.DataFrame) -> HttpResponse:
    names = names_on(clock.today(), rows["holder"].unique().to_list())
    titles = {code: title for code, title, *_ in GROUPS}
    columns = (
        "group",
        "holder",
        "path",
        "standing",
        "percent",
        "due_on",
        "submitted_on",
        "days_late",
    )
    header = (
        "Khối",
        "Đơn vị",
        "Mục",
        "Tình trạng",
        "Tiến độ (%)",
        "Hạn",
        "Ngày báo cáo",
        "Quá hạn (ngày)",
    )
    words = {"late": "Quá hạn", "soon": "Sắp đến hạn", "on_time": "Đúng tiến độ"}
    words |= {"done": "Đã xong", "done_late": "Xong, quá hạn"}
    out = [
        (titles[g], names[h], path, words.get(s, s), p, due, sent, late)
        for g, h, path, s, p, due, sent, late in rows.select(columns).iter_rows()
    ]
    return sheet(fmt, "ma-tran", header, sorted(out, key=lambda r: (r[0], r[1], r[2])))


@requires("plans.view")
@require_GET
def calendar_page(request: PersonRequest) -> HttpResponse:
    """A month of due days, with weekends and holidays."""
    plan = plan_or_404()
    today = clock.today()
    asked = day(f"{request.GET.get('month', '')}-01") or today.replace(day=1)
    first = asked.replace(day=1)
    rows = frame(plan, first.year, request.user)
    days: dict[date, list[tuple[str, str, int, str]]] = {}
    due = rows.filter(pl.col("due_on").is_not_null())
    for when, path, standing, count in (
        due.group_by("due_on", "path", "standing").len().sort("path").iter_rows()
    ):
        days.setdefault(when, []).append((path, standing, count, ""))
    weeks = [
        [
            (one, days.get(one, []), workdays.is_working_day(one), workdays.holiday_name(one))
            for one in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    before = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    upcoming = sorted(
        (when, sum(c for _, s, c, _ in found if not s.startswith("done")))
        for when, found in days.items()
    )
    context = {
        "plan": plan,
        "first": first,
        "weeks": weeks,
        "before": before,
        "after": after,
        "upcoming": [(when, count, (when - today).days) for when, count in upcoming if count],
        "linked": request.user.may("plans.matrix"),
    }
    return render(request, "plans/calendar.html", context)


@requires("plans.view")
@require_GET
def directives_page(request: PersonRequest) -> HttpResponse:
    """What the branch assigned beside the plan, and how far it is."""
    plan = plan_or_404()
    year = year_of_request(request, plan)
    rows = frame(plan, year, request.user)
    counts = tallies(rows.filter(pl.col("directive").is_not_null()), "directive")
    found = Directive.objects.filter(plan=plan, due_on__year=year).order_by("-due_on", "-pk")
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "directives": [
            (one, counts.get(one.pk)) for one in found if counts.get(one.pk) or one.withdrawn_on
        ],
    }
    return render(request, "plans/directives.html", context)


_AUDIENCES = (
    ("ubnd-xa", "UBND cấp xã", UnitRef("ubnd", ("commune",))),
    ("pgd", "Các phòng giao dịch NHCSXH", UnitRef("nhcsxh-pgd")),
    ("so", "Các sở, ban, ngành", UnitRef("cac-so-ban-nganh")),
    ("doan-the", "Đoàn thể cấp tỉnh", UnitRef("to-chuc-ctxh", ("province",))),
    ("doan-the-xa", "Đoàn thể cấp xã", UnitRef("to-chuc-ctxh", ("commune",))),
)


@requires("plans.assign")
@refusing
def assign_page(request: PersonRequest) -> HttpResponse:
    """Assign a task to classes of units or to chosen ones."""
    plan = plan_or_404()
    today = clock.today()
    resolver = Resolver(province=province_of(plan.issuer, plan.issued_on), on=today)
    audiences = [(code, title, resolver.resolve(ref)) for code, title, ref in _AUDIENCES]
    if request.method == "POST":
        post = request.POST
        chosen = {
            unit
            for code, _, units in audiences
            if code in post.getlist("audience")
            for unit in units
        }
        chosen |= {whole(key) for key in post.getlist("unit") if whole(key)}
        asks = {f"asks_{what}": f"asks_{what}" in post for what in ("words", "figure", "file")}
        asks |= {
            "figure_label": post.get("figure_label", "")[:120],
            "figure_unit": post.get("figure_unit", "")[:30],
        }
        made = directives.assign(
            plan=plan,
            title=post.get("title", ""),
            text=post.get("text", ""),
            period=post.get("period", "day"),
            period_start=day(post.get("period_start")) or today,
            due_on=day(post.get("due_on")) or today,
            organisations=Organisation.objects.on(today).filter(pk__in=chosen),
            asks=asks,
            by=request.user,
            on=today,
        )
        done(request, _("Đã giao việc cho %(n)d đơn vị.") % {"n": made.obligations.count()})
        return redirect("plans:directive", pk=made.pk)
    living = Organisation.objects.on(today).exclude(kind="savings_group")
    names = names_on(
        today, living.filter(level__in=("province", "district")).values_list("pk", flat=True)
    )
    communes = names_on(today, [u for code, _, us in audiences if code == "ubnd-xa" for u in us])
    context = {
        "audiences": [(code, title, len(units)) for code, title, units in audiences],
        "units": sorted((names | communes).items(), key=lambda pair: pair[1]),
        "periods": Directive.Period.choices,
    }
    return render(request, "plans/assign.html", context)


@requires("plans.view")
@require_GET
def directive_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The answers to one directive, summed, and who is missing."""
    directive = get_object_or_404(Directive, pk=pk)
    rows = directive.obligations.select_related("holder").order_by("state", "pk")
    visible = visible_organisations(request.user)
    if visible is not None:
        rows = rows.filter(holder_id__in=visible)
    names = names_on(clock.today(), rows.values_list("holder_id", flat=True))
    if fmt := request.GET.get("export"):
        header = ("Đơn vị", "Trạng thái", "Ngày báo cáo", "Số liệu", "Nội dung")
        out = [
            (names[r.holder_id], r.get_state_display(), r.submitted_on, r.figure, r.words)
            for r in rows
        ]
        return sheet(fmt, "viec-giao", header, out)
    context = {
        "directive": directive,
        "rows": [(row, names[row.holder_id]) for row in rows],
        "sum": rows.filter(state__in=("submitted", "accepted")).aggregate(s=Sum("figure"))["s"],
        "counts": rows.aggregate(
            total=Count("pk"), answered=Count("pk", filter=Q(state__in=("submitted", "accepted")))
        ),
    }
    return render(request, "plans/directive.html", context)


@requires("plans.assign")
@require_POST
@refusing
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a directive back."""
    directive = get_object_or_404(Directive, pk=pk)
    count = directives.withdraw(
        directive=directive, why=request.POST.get("why", ""), by=request.user, on=clock.today()
    )
    done(request, _("Đã thôi giao cho %(n)d đơn vị.") % {"n": count})
    return redirect("plans:directive", pk=pk)


@requires("plans.remind")
@require_GET
def reminders_page(request: PersonRequest) -> HttpResponse:
    """Who has not reported, the latest first; choose and remind."""
    plan = plan_or_404()
    year = year_of_request(request, plan)
    rows = frame(plan, year).filter(pl.col("standing").is_in(["late", "soon"]))
    units = (
        rows.group_by("holder", "group")
        .agg(
            late=(pl.col("standing") == "late").sum(),
            soon=(pl.col("standing") == "soon").sum(),
            worst=pl.col("days_late").max(),
        )
        .sort(["late", "soon", "holder"], descending=[True, True, False])
    )
    only = request.GET.get("only", "late")
    if only == "late":
        units = units.filter(pl.col("late") > 0)
    names = names_on(clock.today(), units["holder"].to_list())
    titles = {code: title for code, title, *_ in GROUPS}
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "only": only,
        "units": [
            (unit, names[unit], titles[group], late, soon, worst)
            for unit, group, late, soon, worst in units.head(300).iter_rows()
        ],
        "count": units.height,
        "letters": Letter.objects.filter(plan=plan)
        .select_related("organisation")
        .order_by("-pk")[:20],
    }
    return render(request, "plans/reminders.html", context)


@requires("plans.remind")
@require_POST
@refusing
def remind(request: PersonRequest) -> HttpResponse:
    """Remind the chosen units, or write a letter to each."""
    plan = plan_or_404()
    year = year_of_request(request, plan)
    units = Organisation.objects.filter(pk__in=[whole(key) for key in request.POST.getlist("unit")])
    channel = request.POST.get("channel", "")
    if channel == Channel.LETTER:
        for unit in units.order_by("pk"):
            reminders.write_letter(
                plan=plan,
                organisation=unit,
                year=year,
                number=request.POST.get("number", ""),
                signer=request.POST.get("signer", ""),
                signer_title=request.POST.get("signer_title", ""),
                by=request.user,
                on=clock.today(),
            )
        done(request, _("Đã lập %(n)d công văn đôn đốc.") % {"n": len(units)})
        return back(request)
    owed = Obligation.objects.filter(plan=plan, year=year, holder__in=units)
    chosen = channel if channel in (Channel.IN_APP, Channel.EMAIL) else Channel.IN_APP
    told = reminders.remind_by_hand(
        plan=plan, obligations=owed, channel=chosen, by=request.user, on=clock.today()
    )
    done(request, _("Đã nhắc %(n)d đơn vị.") % {"n": told})
    return back(request)


@requires("plans.view")
@require_GET
def letter_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """A reminder letter as .docx or PDF, for the branch and the unit it went to."""
    letters = Letter.objects.all()
    visible = visible_organisations(request.user)
    if visible is not None:
        letters = letters.filter(organisation_id__in=visible)
    letter = get_object_or_404(letters, pk=pk)
    return official(letter_document(letter), fmt, f"cong-van-don-doc-{letter.pk}")
