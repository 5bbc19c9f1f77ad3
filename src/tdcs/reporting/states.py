"""The moves of a unit's report: verb, from where, to where, by whose permission."""

from __future__ import annotations

from typing import Final

from tdcs.plans.states import Move

REPORT_MOVES: Final[dict[str, Move]] = {
    "edit": Move("Soạn báo cáo", ("draft", "returned"), "draft", "plans.report"),
    "submit": Move("Nộp báo cáo", ("draft", "returned"), "submitted", "plans.report"),
    "recall": Move("Rút lại báo cáo", ("submitted",), "draft", "plans.report"),
    "return": Move("Trả lại để bổ sung", ("submitted",), "returned", "plans.accept_report"),
    "accept": Move("Tiếp nhận", ("submitted",), "accepted", "plans.accept_report"),
    "reopen": Move("Mở lại báo cáo", ("accepted",), "returned", "plans.accept_report"),
}
