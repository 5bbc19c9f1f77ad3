"""Refusals of projections."""

from __future__ import annotations

from collections.abc import Iterable

from tdcs.core.errors import Refusal


class Listing(Refusal):
    """A refusal that lists what is wrong, each in Vietnamese and in English."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__()

    def _filled(self, english: bool) -> dict[str, str]:
        return {"listed": "; ".join(en if english else vi for vi, en in self.faults)}


class NoMonthClosed(Refusal):
    code = "no_month_closed"
    vi = "Chưa có ngày cuối tháng nào đến {day} được khóa sổ, nên chưa dự báo được."
    en = "No month-end up to {day} is closed, so nothing can be projected yet."
    next_step_vi = "Khóa sổ đến một ngày cuối tháng rồi dự báo lại."
    next_step_en = "Close the days through a month-end, then project again."


class EmptyBook(Refusal):
    """Nothing is lent on the day, so nothing can run off and no habit can be measured."""

    code = "empty_book"
    vi = "Ngày {day} không có khoản vay nào còn dư nợ, nên không có gì để dự báo."
    en = "No loan is outstanding on {day}, so there is nothing to project."
    next_step_vi = "Chọn ngày khác, hoặc nhập dữ liệu khoản vay rồi khóa sổ lại."
    next_step_en = "Choose another day, or load the loans and close again."


class TooFewMonths(Refusal):
    """How borrowers pay is measured on a row of closed months."""

    code = "too_few_months"
    vi = "Đến {day} chỉ có {found} cuối tháng liền nhau đã khóa sổ; đo thói quen trả nợ cần {needed}."
    en = "Through {day} only {found} month-ends in a row are closed; measuring how borrowers pay needs {needed}."
    next_step_vi = "Chọn ngày muộn hơn, hoặc dựng lại các tháng trước bằng tdcs replay."
    next_step_en = "Choose a later day, or build the months before with tdcs replay."


class AssumptionWrong(Listing):
    """A scenario that cannot be: every figure out of bounds is named at once."""

    code = "assumption_wrong"
    vi = "Giả định không thể có: {listed}."
    en = "Assumptions that cannot be: {listed}."
    next_step_vi = "Sửa các giả định đã nêu rồi dự báo lại."
    next_step_en = "Correct the assumptions named, then project again."


class ProjectionTooLarge(Refusal):
    """An amount that the columns of a projection cannot hold: nothing is rounded or cut off silently."""

    code = "projection_too_large"
    vi = "Dự báo vượt mức tính được (9.000 tỷ đồng của một chương trình trong một tháng)."
    en = "The projection goes beyond what can be computed (9,000 billion of one programme in one month)."
    next_step_vi = "Giảm mức tăng trưởng hoặc rút ngắn số năm dự báo."
    next_step_en = "Assume less growth, or fewer years."


class ScenarioIncomplete(Refusal):
    code = "scenario_incomplete"
    vi = "Kịch bản cần tên (đến 120 chữ) và căn cứ (đến 300 chữ)."
    en = "A scenario needs a name (up to 120 letters) and a basis (up to 300)."
    next_step_vi = "Ghi đủ tên và căn cứ rồi lưu lại."
    next_step_en = "Write both, then keep it again."


class ScenarioExists(Refusal):
    code = "scenario_exists"
    vi = "Đã có kịch bản tên “{name}”."
    en = "There is a scenario “{name}” already."
    next_step_vi = "Đặt tên khác, hoặc bỏ kịch bản cũ trước."
    next_step_en = "Choose another name, or give up the old one first."


class NotItsAuthor(Refusal):
    code = "not_its_author"
    vi = "Kịch bản “{name}” do người khác lập; chỉ người lập bỏ được."
    en = "Scenario “{name}” was made by somebody else; only its author gives it up."
    next_step_vi = "Đề nghị người lập, hoặc lập kịch bản của mình với tên khác."
    next_step_en = "Ask its author, or make your own under another name."


class TargetsOutOfReach(Listing):
    """No allotment of the budgets keeps all constraints: what is missing, and which constraints hold it back."""

    code = "targets_out_of_reach"
    vi = "Không có cách bố trí nào đạt các chỉ tiêu: {listed}."
    en = "No allotment reaches the targets: {listed}."
    next_step_vi = "Nâng trần ngân sách hoặc mức nhu cầu đã nêu, hoặc giảm chỉ tiêu, rồi tìm lại."
    next_step_en = "Raise the ceilings or needs named, or lower the targets, then search again."
