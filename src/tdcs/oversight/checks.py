"""Named invariants of oversight; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tdcs.oversight.models import Finding, FindingStep, Inspection, InspectionPhoto
from tdcs.oversight.services.files import folder
from tdcs.oversight.services.inspecting import bad_without_finding
from tdcs.oversight.states import InspectionState


def files_are_as_received() -> Iterator[str]:
    """Photos and proofs lie on disk as they were received."""
    photos = InspectionPhoto.objects.order_by("pk").values_list("pk", "sha256", "ending")
    for key, sha256, ending in photos.iterator():
        if fault := folder().fault(sha256, ending):
            yield f"ảnh kiểm tra {key}: {fault}"
    steps = FindingStep.objects.exclude(sha256="").order_by("pk")
    for key, sha256, ending in steps.values_list("pk", "sha256", "ending").iterator():
        if fault := folder().fault(sha256, ending):
            yield f"minh chứng tồn tại {key}: {fault}"


def findings_stand_where_their_steps_end() -> Iterator[str]:
    """A finding's state is the target of its last step."""
    for row in Finding.objects.order_by("pk").prefetch_related("steps").iterator(chunk_size=1_000):
        steps = sorted(row.steps.all(), key=lambda one: one.pk)
        if not steps or steps[-1].target != row.state:
            yield f"tồn tại {row.pk}: trạng thái {row.state} khác bước cuối"


def bad_answers_have_findings() -> Iterator[str]:
    """Each bad answer of a finished inspection has its finding."""
    for row in Inspection.objects.filter(state=InspectionState.FINISHED).order_by("pk").iterator():
        for words in bad_without_finding(row):
            yield f"cuộc kiểm tra {row.number}: chưa ghi tồn tại “{words}”"


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "oversight.files_are_as_received": files_are_as_received,
    "oversight.findings_stand_where_their_steps_end": findings_stand_where_their_steps_end,
    "oversight.bad_answers_have_findings": bad_answers_have_findings,
}
