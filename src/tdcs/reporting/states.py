"""The moves of a unit's report: verb, from where, to where, by whose permission."""

from __future__ import annotations

from typing import Final

from tdcs.plans.models import ReportState
from tdcs.plans.states import Move

REPORT_MOVES: Final[dict[str, Move]] = {
    "edit": Move(
        "Soạn báo cáo", (ReportState.DRAFT, ReportState.RETURNED), ReportState.DRAFT, "plans.report"
    ),
    "submit": Move(
        "Nộp báo cáo",
        (ReportState.DRAFT, ReportState.RETURNED),
        ReportState.SUBMITTED,
        "plans.report",
    ),
    "recall": Move("Rút lại báo cáo", (ReportState.SUBMITTED,), ReportState.DRAFT, "plans.report"),
    "return": Move(
        "Trả lại để bổ sung", (ReportState.SUBMITTED,), ReportState.RETURNED, "plans.accept_report"
    ),
    "accept": Move(
        "Tiếp nhận", (ReportState.SUBMITTED,), ReportState.ACCEPTED, "plans.accept_report"
    ),
    "reopen": Move(
        "Mở lại báo cáo", (ReportState.ACCEPTED,), ReportState.RETURNED, "plans.accept_report"
    ),
}
