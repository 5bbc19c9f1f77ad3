"""Refusals of the policy laboratory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tdcs.core.errors import Refusal
from tdcs.policy_lab.rules.faults import Fault


class OverlayTooLarge(Refusal):
    code = "overlay_too_large"
    vi = "Dự thảo dài {size} byte, quá {most} byte."
    en = "The draft is {size} bytes long, more than {most}."
    next_step_vi = "Chỉ giữ các giá trị thay đổi; không chép cả tệp luật."
    next_step_en = "Keep only the values that change, not the law's whole file."


class OverlayNotRead(Refusal):
    """No YAML, or YAML that could unfold into more than it says."""

    code = "overlay_not_read"
    vi = "Không đọc được dự thảo: {why}."
    en = "The draft cannot be read: {why}."
    next_step_vi = "Sửa tệp theo mẫu ở trang hướng dẫn thử nghiệm chính sách."
    next_step_en = "Correct the file after the example of the how-to."


class OverlayFaulty(Refusal):
    """Every fault of a draft at once: ``faults``, each with its code."""

    code = "overlay_faulty"
    vi = "Dự thảo có {count} lỗi: {listed}."
    en = "The draft has {count} faults: {listed}."
    next_step_vi = "Sửa các lỗi đã nêu rồi thử lại."
    next_step_en = "Correct the faults named, then try again."

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults), listed="")

    def sentence(self, language: str = "vi") -> str:
        english = language.startswith("en")
        listed = "; ".join(fault.en if english else fault.vi for fault in self.faults)
        return (self.en if english else self.vi).format(count=len(self.faults), listed=listed)

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(super().as_json())
        found["faults"] = [asdict(fault) for fault in self.faults]
        return found


class NothingClosed(Refusal):
    code = "policy_nothing_closed"
    vi = "Chưa có ngày nào đến {day} được khóa sổ, nên chưa có sổ để thử."
    en = "No day up to {day} is closed, so there is no book to try it on."
    next_step_vi = "Khóa sổ rồi thử lại."
    next_step_en = "Close a day, then try again."


class ComparisonExists(Refusal):
    code = "comparison_exists"
    vi = "Đã có so sánh tên “{name}”."
    en = "There is a comparison “{name}” already."
    next_step_vi = "Đặt tên khác cho dự thảo, hoặc bỏ so sánh cũ trước."
    next_step_en = "Give the draft another name, or give up the old comparison first."


class NotItsMaker(Refusal):
    code = "not_its_maker"
    vi = "So sánh “{name}” do người khác lập; chỉ người lập bỏ được."
    en = "Comparison “{name}” was made by somebody else; only its maker gives it up."
    next_step_vi = "Đề nghị người lập, hoặc lập so sánh của mình với tên khác."
    next_step_en = "Ask its maker, or make your own under another name."
