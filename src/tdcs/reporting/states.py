"""The moves of a unit's report: verb, from where, to where, by whose permission."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from tdcs.plans.models import ReportState
from tdcs.plans.states import Move

REPORT_MOVES: Final[dict[str, Move]] = {
    "edit": Move(
        _("Soạn báo cáo"),
        (ReportState.DRAFT, ReportState.RETURNED),
        ReportState.DRAFT,
        "plans.report",
    ),
    "submit": Move(
        _("Nộp báo cáo"),
        (ReportState.DRAFT, ReportState.RETURNED),
        ReportState.SUBMITTED,
        "plans.report",
    ),
    "recall": Move(
        _("Rút lại báo cáo"), (ReportState.SUBMITTED,), ReportState.DRAFT, "plans.report"
    ),
    "return": Move(
        _("Trả lại để bổ sung"),
        (ReportState.SUBMITTED,),
        ReportState.RETURNED,
        "plans.accept_report",
    ),
    "accept": Move(
        _("Tiếp nhận"), (ReportState.SUBMITTED,), ReportState.ACCEPTED, "plans.accept_report"
    ),
    "reopen": Move(
        _("Mở lại báo cáo"), (ReportState.ACCEPTED,), ReportState.RETURNED, "plans.accept_report"
    ),
}
