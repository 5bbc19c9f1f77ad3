"""What pages of oversight look up by the address, in the person's scope."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tdcs.access.gate import PersonRequest
from tdcs.core import clock
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.oversight.errors import OversightFieldWrong
from tdcs.oversight.models import Finding, Inspection, InspectionProgramme
from tdcs.oversight.queries.scope import visible_findings, visible_inspections, visible_programmes
from tdcs.oversight.services.inspecting import Spot
from tdcs.oversight.services.programmes import Planned
from tdcs.transaction_points.queries.scope import visible_points


def inspection_or_404(request: PersonRequest, pk: int) -> Inspection:
    """An inspection in scope."""
    found: Inspection = get_object_or_404(visible_inspections(request.user), pk=pk)
    return found


def programme_or_404(request: PersonRequest, pk: int) -> InspectionProgramme:
    """A programme in scope."""
    found: InspectionProgramme = get_object_or_404(visible_programmes(request.user), pk=pk)
    return found


def finding_or_404(request: PersonRequest, pk: int) -> Finding:
    """A finding in scope, or the person's own."""
    found: Finding = get_object_or_404(visible_findings(request.user), pk=pk)
    return found


def planned_of(request: PersonRequest, month: int) -> Planned:
    """What a form says is to be inspected: "g12" a group, "p3" a point. Raises OversightFieldWrong."""
    words = request.POST.get("subject", "")
    number = words[1:] if words[1:].isdecimal() else "0"
    on, group, point = clock.today(), None, None
    if words.startswith("g"):
        group = visible_groups(request.user, on).in_bulk([int(number)]).get(int(number))
    elif words.startswith("p"):
        faces = {face.point_id: face.point for face in visible_points(request.user, on)}
        point = faces.get(int(number))
    if group is None and point is None:
        raise OversightFieldWrong(field="đối tượng kiểm tra", why="chưa chọn")
    return Planned(
        month=month,
        checklist=request.POST.get("checklist", ""),
        group=group,
        point=point,
        surprise=request.POST.get("surprise") == "1",
        why=request.POST.get("why", ""),
    )


def spot_of(request: HttpRequest) -> Spot | None:
    """Where the device says it is, when the form says so."""
    try:
        words = request.POST.get("latitude", ""), request.POST.get("longitude", "")
        return Spot(Decimal(words[0]), Decimal(words[1])) if all(words) else None
    except InvalidOperation:
        return None
