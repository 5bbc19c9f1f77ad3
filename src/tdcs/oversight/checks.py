"""Named invariants of oversight; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from tdcs.oversight.models import (
    AuditEngagement,
    AuditQuery,
    AuditQueryStep,
    Finding,
    FindingStep,
    Inspection,
    InspectionLine,
    InspectionPhoto,
    UploadedPhoto,
)
from tdcs.oversight.queries.auditing import engaged_holdings
from tdcs.oversight.queries.field import name_of
from tdcs.oversight.services.files import folder
from tdcs.oversight.services.inspecting import bad_without_finding
from tdcs.oversight.states import InspectionState
from tdcs.transaction_points.services.chained import unlike_what_was_signed


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

    uploads = UploadedPhoto.objects.order_by("pk").values_list("pk", "sha256", "ending")
    for key, sha256, ending in uploads.iterator():
        if fault := folder().fault(sha256, ending):
            yield f"ảnh thiết bị gửi {key}: {fault}"
    answers = AuditQueryStep.objects.exclude(sha256="").order_by("pk")
    for key, sha256, ending in answers.values_list("pk", "sha256", "ending").iterator():
        if fault := folder().fault(sha256, ending):
            yield f"tài liệu trả lời kiểm toán {key}: {fault}"


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


def logs_are_as_signed() -> Iterator[str]:
    """Each line of an inspection's log has the hash of its content and of the line before, and its device's signature."""
    rows = InspectionLine.objects.select_related("pack", "device")
    ordered = rows.order_by("device", "inspection", "seq").iterator()
    for (device, inspection), lines in groupby(
        ordered, lambda one: (one.device_id, one.inspection_id)
    ):
        for line in unlike_what_was_signed(lines, name_of(inspection)):
            yield f"nhật ký kiểm tra {inspection}, thiết bị {device}, dòng {line.seq}: khác nội dung thiết bị đã ký"


def audit_queries_stand_where_their_steps_end() -> Iterator[str]:
    """A query's state is the target of its last step."""
    for row in AuditQuery.objects.order_by("pk").prefetch_related("steps").iterator(1_000):
        steps = sorted(row.steps.all(), key=lambda one: one.pk)
        if not steps or steps[-1].target != row.state:
            yield f"câu hỏi kiểm toán {row.pk}: trạng thái {row.state} khác bước cuối"


def auditors_read_no_longer_than_their_engagement() -> Iterator[str]:
    """Each role of an engaged auditor ends, at the latest on the day after the last of an engagement of the person."""
    ends: dict[int, date] = {}
    for row in AuditEngagement.objects.order_by("pk"):
        ends[row.auditor_id] = max(ends.get(row.auditor_id, date.min), row.ends_on)
    for held in engaged_holdings():
        last = ends.get(held.user_id)
        if last is None or held.ends_on is None or held.ends_on > last + timedelta(days=1):
            yield f"vai trò kiểm toán viên {held.user.username}: không hết cùng cuộc kiểm toán"


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "oversight.files_are_as_received": files_are_as_received,
    "oversight.findings_stand_where_their_steps_end": findings_stand_where_their_steps_end,
    "oversight.logs_are_as_signed": logs_are_as_signed,
    "oversight.audit_queries_stand_where_their_steps_end": audit_queries_stand_where_their_steps_end,
    "oversight.auditors_read_no_longer_than_their_engagement": auditors_read_no_longer_than_their_engagement,
    "oversight.bad_answers_have_findings": bad_answers_have_findings,
}
