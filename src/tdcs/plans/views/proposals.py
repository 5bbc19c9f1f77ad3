"""Units' own plans and proposals to amend the province's."""

from __future__ import annotations

from datetime import date

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core import clock
from tdcs.documents.accepting import MAX_BYTES
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on
from tdcs.plans.composing.amendments import Proposed, submission
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.unit_plan import unit_plan
from tdcs.plans.models import AmendmentProposal, DutyKind, Obligation, Task, UnitPlan
from tdcs.plans.queries.letterheads import branch, branch_name, issuer_name, letterhead, plan_name
from tdcs.plans.queries.plans import current_version, is_closed, years_of
from tdcs.plans.services import amendments, unit_plans
from tdcs.plans.views.requested import (
    official,
    parse_day,
    parse_int,
    plan_or_404,
    refusing,
    show_success,
    year_of_request,
)


def _own(request: PersonRequest) -> Organisation:
    unit = own_organisation(request.user)
    if unit is None:
        raise Http404("no unit")
    return unit


@requires("plans.view")
@require_GET
def unit_plans_page(request: PersonRequest) -> HttpResponse:
    """Which units issued a plan of their own (III.1), which lack one."""
    plan = plan_or_404()
    year = year_of_request(request, plan)
    owed = Obligation.objects.filter(plan=plan, duty__kind=DutyKind.OWN_PLAN, holder__ends_on=None)
    owed = owed.exclude(state__in=("merged", "withdrawn"))
    visible = visible_organisations(request.user)
    if visible is not None:
        owed = owed.filter(holder_id__in=visible)
    units = sorted(set(owed.values_list("holder_id", flat=True)))
    names = names_on(clock.today(), units)
    made = {row.organisation_id: row for row in UnitPlan.objects.filter(plan=plan, year=year)}
    own = own_organisation(request.user)
    rows = sorted(((names[u], made.get(u)) for u in units), key=lambda pair: pair[0])
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "rows": rows,
        "issued": sum(1 for _, row in rows if row and row.state == "issued"),
        "may_open": own is not None and own.pk in units and request.user.may("plans.report"),
    }
    return render(request, "plans/unit_plans.html", context)


@requires("plans.report")
@require_POST
@refusing
def open_unit_plan(request: PersonRequest) -> HttpResponse:
    """Begin my unit's plan, prefilled with its tasks."""
    plan = plan_or_404()
    made = unit_plans.open_unit_plan(
        plan=plan,
        organisation=_own(request),
        year=year_of_request(request, plan),
        by=request.user,
        on=clock.today(),
    )
    return redirect("plans:unit_plan", pk=made.pk)


def _visible_plan(request: PersonRequest, pk: int) -> UnitPlan:
    rows = UnitPlan.objects.select_related("plan", "organisation")
    visible = visible_organisations(request.user)
    if visible is not None:
        rows = rows.filter(organisation_id__in=visible)
    return get_object_or_404(rows, pk=pk)


@requires("plans.view")
@refusing
def unit_plan_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One unit's plan: rows of who does what by when."""
    made = _visible_plan(request, pk)
    own = own_organisation(request.user)
    mine = own is not None and own.pk == made.organisation_id and request.user.may("plans.report")
    if request.method == "POST":
        if not mine:
            raise Http404(pk)
        post = request.POST
        rows = [
            {key: post.get(f"{key}{at}", "") for key in ("path", "title", "who", "when")}
            for at in range(min(len(made.words) + 20, 220))
        ]
        if scan := request.FILES.get("scan"):
            unit_plans.attach(
                unit_plan=made,
                filename=scan.name or "",
                content=scan.read(MAX_BYTES + 1),
                by=request.user,
                on=clock.today(),
            )
            show_success(request, _("Đã lưu bản đã ký."))
            return redirect("plans:unit_plan", pk=pk)
        unit_plans.save(
            unit_plan=made,
            rows=rows,
            revision=parse_int(post.get("revision")) or None,
            by=request.user,
            on=clock.today(),
        )
        if post.get("verb") == "issue":
            unit_plans.issue(
                unit_plan=made,
                number=post.get("number", ""),
                signer=post.get("signer", ""),
                signer_title=post.get("signer_title", ""),
                issued_on=parse_day(post.get("issued_on")) or clock.today(),
                by=request.user,
                on=clock.today(),
            )
        show_success(request, _("Đã lưu."))
        return redirect("plans:unit_plan", pk=pk)
    context = {
        "made": made,
        "plan": made.plan,
        "name": names_on(clock.today(), [made.organisation_id])[made.organisation_id],
        "rows": list(enumerate([*made.words, {}, {}] if mine else made.words)),
        "editable": mine and made.state == "draft" and not is_closed(made.plan, made.year),
        "mine": mine,
        "head": letterhead(made.organisation_id, clock.today()),
    }
    return render(request, "plans/unit_plan.html", context)


@requires("plans.view")
@require_GET
def unit_plan_scan(request: PersonRequest, pk: int) -> FileResponse:
    """The signed scan, always as a download."""
    made = _visible_plan(request, pk)
    if not made.file:
        raise Http404(pk)
    ending = (made.file.name or "").rpartition(".")[2]
    response = FileResponse(
        made.file.open("rb"), as_attachment=True, filename=f"ke-hoach-don-vi-{pk}.{ending}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@requires("plans.view")
@require_GET
def unit_plan_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """A unit's plan as .docx or PDF."""
    made = _visible_plan(request, pk)
    day = made.issued_on or clock.today()
    duty = current_version(made.plan).duties.filter(kind=DutyKind.YEARLY_REPORT).first()
    due = (
        date(made.year, duty.due_month, duty.due_day)
        if duty and duty.due_month and duty.due_day
        else None
    )
    paper = unit_plan(
        letterhead(made.organisation_id, day),
        Signing(made.number, made.issued_on, made.signer, made.signer_title, made.year),
        plan=plan_name(made.plan),
        unit=names_on(day, [made.organisation_id])[made.organisation_id],
        branch=branch_name(made.plan, day),
        rows=made.words,
        report_due=due,
        report_before=bool(duty and duty.due_before),
    )
    return official(paper, fmt, f"ke-hoach-don-vi-{pk}")


@requires("plans.view")
@require_GET
def proposals_page(request: PersonRequest) -> HttpResponse:
    """Proposals to amend: mine, or all for the branch."""
    plan = plan_or_404()
    rows = (
        AmendmentProposal.objects.filter(plan=plan)
        .select_related("task", "version")
        .order_by("-pk")
    )
    visible = visible_organisations(request.user)
    if visible is not None:
        rows = rows.filter(organisation_id__in=visible)
    names = names_on(clock.today(), rows.values_list("organisation_id", flat=True))
    version = current_version(plan)
    context = {
        "plan": plan,
        "rows": [(row, names[row.organisation_id]) for row in rows],
        "tasks": version.tasks.order_by("position"),
        "sections": version.tasks.values_list("section_path", "section_title")
        .distinct()
        .order_by("section_path"),
        "kinds": AmendmentProposal.Kind.choices,
        "approved": any(row.state == "approved" and row.version_id is None for row in rows),
        "gathered": any(row.state == "consolidated" for row in rows),
    }
    return render(request, "plans/proposals.html", context)


@requires("plans.propose")
@require_POST
@refusing
def propose(request: PersonRequest) -> HttpResponse:
    """My unit asks for a change."""
    plan, post = plan_or_404(), request.POST
    task = Task.objects.filter(pk=parse_int(post.get("task")), version__plan=plan).first()
    amendments.propose(
        plan=plan,
        organisation=_own(request),
        kind=post.get("kind", "change"),
        task=task,
        section_path=post.get("section", ""),
        proposed_text=post.get("text", ""),
        proposed_timing=post.get("timing", ""),
        reason=post.get("reason", ""),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã gửi kiến nghị đến chi nhánh."))
    return redirect("plans:proposals")


@requires("plans.decide_amendment")
@require_POST
@refusing
def decide(request: PersonRequest) -> HttpResponse:
    """Gather chosen proposals, enter a decision, or make the next version."""
    plan, post, on, by = plan_or_404(), request.POST, clock.today(), request.user
    rows = AmendmentProposal.objects.filter(
        plan=plan, pk__in=[parse_int(k) for k in post.getlist("id")]
    )
    verb = post.get("verb")
    if verb == "version":
        version = amendments.next_version(plan=plan, by=by, on=on)
        show_success(
            request, _("Đã lập bản %(n)d; xem khác biệt rồi công bố.") % {"n": version.number}
        )
        return redirect("plans:difference", pk=version.pk)
    if verb == "gather":
        amendments.gather(proposals=rows, by=by, on=on)
    elif verb in ("approve", "reject"):
        amendments.decide(
            proposals=rows,
            approved=verb == "approve",
            number=post.get("number", ""),
            decided_on=parse_day(post.get("decided_on")) or on,
            words=post.get("words", ""),
            by=by,
            on=on,
        )
    show_success(request, _("Đã ghi nhận."))
    return redirect("plans:proposals")


@requires("plans.decide_amendment")
@require_GET
def submission_file(request: PersonRequest, fmt: str) -> HttpResponse:
    """The branch's submission of gathered proposals as .docx or PDF."""
    plan = plan_or_404()
    rows = AmendmentProposal.objects.filter(plan=plan, state="consolidated").select_related("task")
    day = clock.today()
    names = names_on(day, [row.organisation_id for row in rows])
    paper = submission(
        letterhead(branch(plan, day), day),
        Signing(year=day.year),
        plan=plan_name(plan),
        addressee=issuer_name(plan, day),
        proposals=[
            Proposed(
                kind=row.kind,
                unit=names[row.organisation_id],
                path=row.task.path if row.task else row.section_path,
                present=row.task.text if row.task else "",
                present_timing=row.task.timing_text if row.task else "",
                text=row.proposed_text,
                timing=row.proposed_timing,
                reason=row.reason,
            )
            for row in rows
        ],
        opinion="",
    )
    return official(paper, fmt, "to-trinh-sua-doi")
