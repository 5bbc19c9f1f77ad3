"""Refusals of the yearly plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from tdcs.core.errors import Kept, Refusal


class CreditPlanExists(Refusal):
    code = "credit_plan_exists"
    vi = "Kế hoạch tín dụng năm {year} đã mở."
    en = "The credit plan of {year} is open already."
    next_step_vi = "Mở kế hoạch đã có trong danh sách."
    next_step_en = "Open the plan in the list."


class PlanYearWrong(Refusal):
    code = "plan_year_wrong"
    vi = "Năm {year} không lập kế hoạch được vào ngày {day}: chỉ năm nay hoặc năm sau."
    en = "No plan of {year} can be opened on {day}: only this year's or the next."
    next_step_vi = "Chọn năm nay hoặc năm sau."
    next_step_en = "Choose this year or the next."


class MoveNotOpen(Refusal):
    """The matter stands where this step does not begin."""

    code = "plan_move_not_open"
    vi = "Không thể “{move}” khi đang ở trạng thái “{state}”."
    en = "“{move}” is not possible while it is “{state}”."
    next_step_vi = "Tải lại trang để xem trạng thái mới nhất."
    next_step_en = "Load the page again to see where it stands."


class NotYourPen(Refusal):
    """Only who holds the pen writes."""

    code = "not_your_pen"
    vi = "Kế hoạch của {office} đang ở chỗ: {state}; lúc này đơn vị của anh, chị không sửa được."
    en = "The plan of {office} stands at: {state}; your unit cannot change it now."
    next_step_vi = "Đợi đến lượt, hoặc trao đổi với nơi đang giữ."
    next_step_en = "Wait for your turn, or talk to who holds it."


class NotYourLine(Refusal):
    code = "not_your_line"
    vi = "Dòng này thuộc xã, phường ngoài địa bàn của đơn vị anh, chị."
    en = "This line belongs to a commune outside your unit's area."
    next_step_vi = "Chọn xã, phường của đơn vị mình."
    next_step_en = "Choose a commune of your own unit."


class PlanAmountWrong(Refusal):
    code = "plan_amount_wrong"
    vi = "Số tiền {amount} đồng không hợp lệ: phải là bội số của {unit} đồng, từ 0 đến {most}."
    en = "{amount} dong will not do: it must be a multiple of {unit} dong from 0 to {most}."
    next_step_vi = "Làm tròn theo đơn vị của kế hoạch."
    next_step_en = "Round it to the plan's unit."


class WordsNeeded(Refusal):
    code = "plan_words_needed"
    vi = "Cần ghi {what} (đến {most} chữ)."
    en = "{what} must be written (up to {most} letters)."
    next_step_vi = "Ghi rồi gửi lại."
    next_step_en = "Write it and send again."


class NothingToSpread(Refusal):
    code = "nothing_to_spread"
    vi = "Chưa chia được chỉ tiêu: chưa có chỉ tiêu nào, hoặc nguồn không dùng được ở xã nào."
    en = "Nothing can be spread: there is no target, or the fund serves no commune."
    next_step_vi = "Nhập chỉ tiêu theo chương trình và nguồn trước."
    next_step_en = "Enter targets by programme and fund first."


class AsksOpen(Refusal):
    code = "asks_open"
    vi = "{office} còn {count} dòng đề nghị khác số phân bổ, nên chưa thống nhất được."
    en = "{office} still asks for other amounts in {count} lines, so it cannot agree."
    next_step_vi = "Bỏ đề nghị, hoặc trả lại chi nhánh kèm ý kiến."
    next_step_en = "Withdraw them, or return the round with a comment."


class NotBranchDirector(Refusal):
    code = "not_branch_director"
    vi = "Chỉ giám đốc chi nhánh phê duyệt kế hoạch tín dụng."
    en = "Only the branch's director approves the credit plan."
    next_step_vi = "Chuyển giám đốc chi nhánh."
    next_step_en = "Leave it to the branch's director."
    basis = "NĐ 06/2026/NĐ-CP, Điều 14.2"


class SamePerson(Refusal):
    code = "plan_same_person"
    vi = "Người trình không tự phê duyệt."
    en = "Who submitted it does not approve it."
    next_step_vi = "Người khác có thẩm quyền phê duyệt."
    next_step_en = "Another person with the authority approves it."


class AdjustmentDayWrong(Refusal):
    code = "adjustment_day_wrong"
    vi = "Điều chỉnh có hiệu lực từ {day} không được: phải trong năm {year} và sau lần thay đổi trước của mỗi dòng."
    en = "An adjustment from {day} will not do: it must lie in {year} and after each line's last change."
    next_step_vi = "Chọn ngày khác."
    next_step_en = "Choose another day."


class NothingAdjusted(Refusal):
    code = "nothing_adjusted"
    vi = "Chưa có dòng nào thay đổi."
    en = "No line is changed."
    next_step_vi = "Ghi số mới của ít nhất một dòng."
    next_step_en = "Write a new amount in at least one line."


class _Listed(Refusal):
    """All that is wrong at once: ``lines`` in both languages."""

    def __init__(self, *, lines: Iterable[Kept]) -> None:
        self.lines = tuple(lines)
        super().__init__()

    def sentence(self, language: str = "vi") -> str:
        english = language.startswith("en")
        listed = "\n".join(one.en if english else one.vi for one in self.lines)
        return (self.en if english else self.vi).format(count=len(self.lines), listed=listed)


class PlanDoesNotAddUp(_Listed):
    code: ClassVar[str] = "plan_does_not_add_up"
    vi: ClassVar[str] = "Kế hoạch chưa khớp ở {count} chỗ:\n{listed}"
    en: ClassVar[str] = "The plan does not add up in {count} places:\n{listed}"
    next_step_vi: ClassVar[str] = "Sửa phân bổ, chỉ tiêu hoặc nguồn đã nêu rồi trình lại."
    next_step_en: ClassVar[str] = (
        "Correct the allotments, targets or funds named, then submit again."
    )
    basis: ClassVar[str] = "NĐ 06/2026/NĐ-CP, Điều 14.2"


class OfficesNotAgreed(_Listed):
    code: ClassVar[str] = "offices_not_agreed"
    vi: ClassVar[str] = "{count} phòng giao dịch chưa thống nhất:\n{listed}"
    en: ClassVar[str] = "{count} offices have not agreed:\n{listed}"
    next_step_vi: ClassVar[str] = "Kết thúc vòng thương lượng với các phòng đã nêu."
    next_step_en: ClassVar[str] = "Finish the rounds with the offices named."


class CutBelowLent(_Listed):
    code: ClassVar[str] = "cut_below_lent"
    vi: ClassVar[str] = "{count} dòng bị giảm xuống dưới số đã cho vay:\n{listed}"
    en: ClassVar[str] = "{count} lines would fall below what is lent already:\n{listed}"
    next_step_vi: ClassVar[str] = "Giảm ít hơn, không dưới số đã cho vay."
    next_step_en: ClassVar[str] = "Cut less, not below what is lent."


class PlanLocked(Refusal):
    code = "plan_locked"
    vi = "Kế hoạch năm {year} đang ở trạng thái “{state}”, không sửa được."
    en = "The plan of {year} is “{state}” and cannot be changed."
    next_step_vi = "Đề nghị trả lại, hoặc lập điều chỉnh khi đã phê duyệt."
    next_step_en = "Ask for it to be sent back, or propose an adjustment once it is approved."


class NoBookYet(Refusal):
    code = "plan_no_book"
    vi = "Chưa có ngày nào đến {day} được khóa sổ, nên chưa có số liệu cho kế hoạch."
    en = "No day up to {day} is closed, so there are no figures for a plan."
    next_step_vi = "Khóa sổ một ngày rồi thử lại."
    next_step_en = "Close a day, then try again."


class PlanProgrammeUnknown(Refusal):
    code = "plan_programme_unknown"
    vi = "Không có chương trình {programme}, hoặc nguồn vốn đã chọn không còn hiệu lực."
    en = "There is no programme {programme}, or the fund chosen is not in force."
    next_step_vi = "Chọn chương trình và nguồn trong danh sách."
    next_step_en = "Choose a programme and a fund from the list."
