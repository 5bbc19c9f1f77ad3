"""Units' own plans and proposals to amend the province's."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.documents.accepting import MAX_BYTES
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on
from tdcs.plans.composing.amendments import Proposed, submission
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.letterheads import branch, branch_name, issuer_name, letterhead, plan_name
from tdcs.plans.composing.unit_plan import UnitPlanContent, unit_plan
from tdcs.plans.models import (
    AmendmentProposal,
    ProposalState,
    UnitPlan,
)
from tdcs.plans.queries.plans import current_version, is_closed, task_in_plan, tasks_of, years_of
from tdcs.plans.queries.proposals import (
    chosen_proposals,
    gathered_proposals,
    report_day_of,
    sections_of,
    unit_plans_of,
    units_owing_a_plan,
    visible_proposals,
    visible_unit_plans,
)
from tdcs.plans.services import amendments, unit_plans
from tdcs.plans.services.amendments import CommitteeDecision, ProposalDraft
from tdcs.plans.views.kept_files import KeptFile, hand_out
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
    units = units_owing_a_plan(plan, request.user)
    names = names_on(clock.today(), units)
    made = unit_plans_of(plan, year)
    own = own_organisation(request.user)
    rows = sorted(((names[u], made.get(u)) for u in units), key=lambda pair: pair[0])
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "rows": rows,
        "issued": sum(1 for _, row in rows if row and row.state == UnitPlan.State.ISSUED),
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
    return get_object_or_404(visible_unit_plans(request.user), pk=pk)


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
                signing=Signing(
                    number=post.get("number", ""),
                    signer=post.get("signer", ""),
                    signer_title=post.get("signer_title", ""),
                    issued_on=parse_day(post.get("issued_on")) or clock.today(),
                ),
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
        "editable": mine
        and made.state == UnitPlan.State.DRAFT
        and not is_closed(made.plan, made.year),
        "mine": mine,
        "head": letterhead(made.organisation_id, clock.today()),
    }
    return render(request, "plans/unit_plan.html", context)


@requires("plans.view")
@require_GET
def unit_plan_scan(request: PersonRequest, pk: int) -> HttpResponse | FileResponse:
    """The signed scan, always as a download."""
    made = _visible_plan(request, pk)
    if not made.file:
        raise Http404(pk)
    ending = (made.file.name or "").rpartition(".")[2]
    return hand_out(
        request,
        kept=KeptFile(
            file=made.file,
            sha256=made.sha256,
            title=str(made),
            filename=f"ke-hoach-don-vi-{pk}.{ending}",
        ),
        subject=made,
        on=clock.today(),
    )


@requires("plans.view")
@require_GET
def unit_plan_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """A unit's plan as .docx or PDF."""
    made = _visible_plan(request, pk)
    day = made.issued_on or clock.today()
    due, before = report_day_of(made.plan, made.year)
    paper = unit_plan(
        letterhead(made.organisation_id, day),
        Signing(made.number, made.issued_on, made.signer, made.signer_title, made.year),
        content=UnitPlanContent(
            plan=plan_name(made.plan),
            unit=names_on(day, [made.organisation_id])[made.organisation_id],
            branch=branch_name(made.plan, day),
            rows=made.words,
            report_due=due,
            report_before=before,
        ),
    )
    return official(paper, fmt, f"ke-hoach-don-vi-{pk}")


@requires("plans.view")
@require_GET
def proposals_page(request: PersonRequest) -> HttpResponse:
    """Proposals to amend: mine, or all for the branch."""
    plan = plan_or_404()
    rows = visible_proposals(plan, request.user)
    names = names_on(clock.today(), rows.values_list("organisation_id", flat=True))
    context = {
        "plan": plan,
        "rows": [(row, names[row.organisation_id]) for row in rows],
        "tasks": tasks_of(current_version(plan)),
        "sections": sections_of(plan),
        "kinds": AmendmentProposal.Kind.choices,
        "approved": any(
            row.state == ProposalState.APPROVED and row.version_id is None for row in rows
        ),
        "gathered": any(row.state == ProposalState.CONSOLIDATED for row in rows),
    }
    return render(request, "plans/proposals.html", context)


@requires("plans.propose")
@require_POST
@refusing
def propose(request: PersonRequest) -> HttpResponse:
    """My unit asks for a change."""
    plan, post = plan_or_404(), request.POST
    task = task_in_plan(plan, parse_int(post.get("task")))
    amendments.propose(
        plan=plan,
        organisation=_own(request),
        draft=ProposalDraft(
            kind=post.get("kind", "change"),
            task=task,
            section_path=post.get("section", ""),
            text=post.get("text", ""),
            timing=post.get("timing", ""),
            reason=post.get("reason", ""),
        ),
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
    rows = chosen_proposals(plan, [parse_int(k) for k in post.getlist("id")])
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
            decision=CommitteeDecision(
                approved=verb == "approve",
                number=post.get("number", ""),
                decided_on=parse_day(post.get("decided_on")) or on,
                words=post.get("words", ""),
            ),
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
    rows = gathered_proposals(plan)
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
