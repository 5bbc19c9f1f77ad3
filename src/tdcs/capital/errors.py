"""Refusals of the capital room."""

from typing import Final

from tdcs.core.errors import Refusal

_LOCAL: Final = "TT 11/2017/TT-BTC; TT 84/2025/TT-BTC"
_SOURCES: Final = "NĐ 78/2002/NĐ-CP, Điều 7 (nguồn vốn)"


class InvestorUnfit(Refusal):
    code = "investor_unfit"
    vi = "{name} không phải là UBND; vốn ủy thác địa phương là của ngân sách một cấp."
    en = "{name} is no People's Committee; local entrusted capital comes from a budget."
    next_step_vi = "Chọn UBND của cấp ngân sách ủy thác."
    next_step_en = "Choose the committee whose budget entrusts the money."
    basis = _LOCAL


class FundExhausted(Refusal):
    code = "fund_exhausted"
    vi = "{name} chỉ còn {free} đồng chưa sử dụng, không đủ {amount} đồng."
    en = "{name} has only {free} dong left to use, not {amount} dong."
    next_step_vi = (
        "Chờ nhận thêm vốn hoặc thu hồi nợ của nguồn này, hoặc lập hồ sơ bằng nguồn khác."
    )
    next_step_en = "Wait for more money or repayments of this source, or apply from another source."
    basis = _SOURCES


class ProgrammeNotFunded(Refusal):
    code = "programme_not_funded"
    vi = (
        "{name} chỉ còn {free} đồng được dùng cho chương trình {programme}, không đủ {amount} đồng."
    )
    en = "{name} has only {free} dong left for programme {programme}, not {amount} dong."
    next_step_vi = "Chọn nguồn khác, hoặc đề nghị bên giao vốn sửa phạm vi chương trình."
    next_step_en = "Choose another source, or ask the owner to change the programmes."
    basis = _LOCAL


class TrancheTooLarge(Refusal):
    code = "tranche_too_large"
    vi = "Đợt {amount} đồng vượt quyết định {number}: còn {rest} đồng chưa chia đợt."
    en = "A tranche of {amount} dong is above decision {number}: {rest} dong of it are not planned yet."
    next_step_vi = "Giảm số tiền của đợt, hoặc nhập quyết định bổ sung."
    next_step_en = "Lower the tranche, or enter a further decision."
    basis = _LOCAL


class ReceiptTooLarge(Refusal):
    code = "receipt_too_large"
    vi = "Khoản nhận {amount} đồng vượt {what}: còn {rest} đồng chưa nhận."
    en = "A receipt of {amount} dong is above {what}: {rest} dong are still to come."
    next_step_vi = "Đối chiếu chứng từ; phần vượt phải có quyết định riêng."
    next_step_en = "Compare the voucher; what is above needs a decision of its own."
    basis = _LOCAL


class ContractNotInForce(Refusal):
    code = "funding_contract_not_in_force"
    vi = "{number} không có hiệu lực vào ngày {day:%d/%m/%Y}."
    en = "{number} is not in force on {day:%d/%m/%Y}."
    next_step_vi = "Chọn quyết định đang có hiệu lực, hoặc nhập quyết định mới."
    next_step_en = "Choose a decision in force, or enter the new one."
    basis = _LOCAL


class FundingWrong(Refusal):
    code = "funding_wrong"
    vi = "Chưa ghi được: {field} {why}."
    en = "Not recorded: {field} {why}."
    next_step_vi = "Sửa lại ô đã nêu rồi gửi lại."
    next_step_en = "Correct the field and send again."


class ProgrammesOverlap(Refusal):
    code = "programmes_overlap"
    vi = "Chương trình {programme} đã nằm trong một nhóm khác của nguồn này ({number})."
    en = "Programme {programme} already belongs to another set of this source ({number})."
    next_step_vi = "Ghi đúng nhóm chương trình đã có, hoặc một nhóm không trùng chương trình nào."
    next_step_en = "Give the same set of programmes, or one that shares none with it."
    basis = _LOCAL


class FundingStateWrong(Refusal):
    code = "funding_state_wrong"
    vi = "Không {verb} được khi đang ở trạng thái “{state}”."
    en = "“{verb}” is not possible in the state “{state}”."
    next_step_vi = "Tải lại trang để xem trạng thái hiện tại."
    next_step_en = "Reload the page to see the present state."
    basis = _LOCAL


class MayNotFund(Refusal):
    code = "may_not_fund"
    vi = "Vai trò hiện tại không được {deed}."
    en = "The present role may not do this: {deed}."
    next_step_vi = "Xem trang Quyền để biết vai trò nào được giao việc này."
    next_step_en = "The page of permissions says which role may."


class SourceInUse(Refusal):
    code = "source_in_use"
    vi = "Không xóa được {name}: còn {listed} dùng nguồn này."
    en = "{name} cannot be deleted: {listed} use it."
    next_step_vi = "Kết thúc hiệu lực của nguồn thay vì xóa."
    next_step_en = "End the source instead of deleting it."
    basis = _SOURCES


class ReceiptReversed(Refusal):
    code = "receipt_reversed"
    vi = "Khoản này đã được đảo, hoặc là bút toán đảo."
    en = "This receipt was reversed already, or is a reversal."
    next_step_vi = "Xem lịch sử nhận vốn của nguồn."
    next_step_en = "See what the source received."


class SavingsBookedByMember(Refusal):
    code = "savings_booked_by_member"
    vi = "Tiền gửi của tổ viên đã hạch toán theo từng tổ viên: khoản đưa vào nguồn {amount} đồng vượt số dư {held} đồng."
    en = "Members' savings are booked member by member: {amount} dong to be counted are above the {held} dong held."
    next_step_vi = "Ghi không quá số dư tiền gửi tổ viên chưa đưa vào nguồn."
    next_step_en = "Count no more than the savings that are not counted yet."
    basis = _SOURCES


class YearNotOver(Refusal):
    code = "split_year_not_over"
    vi = "Năm {year} chưa kết thúc, chưa phân bổ lãi được."
    en = "The year {year} is not over: its interest cannot be shared yet."
    next_step_vi = "Phân bổ sau ngày 31/12."
    next_step_en = "Share it after 31 December."
    basis = _LOCAL


class AlreadySplit(Refusal):
    code = "interest_already_split"
    vi = "Lãi năm {year} của {name} đã phân bổ ngày {on:%d/%m/%Y}."
    en = "The interest of {year} of {name} was shared on {on:%d/%m/%Y}."
    next_step_vi = "Xem phần phân bổ lãi trên trang của nguồn."
    next_step_en = "See the shares on the source's page."
    basis = _LOCAL


class NothingToSplit(Refusal):
    code = "nothing_to_split"
    vi = "{name} không có lãi ủy thác để phân bổ trong năm {year}."
    en = "{name} has no entrusted interest to share in {year}."
    next_step_vi = "Chỉ nguồn ủy thác địa phương có lãi đã thu mới phân bổ."
    next_step_en = "Only local sources that collected interest share it."
    basis = _LOCAL


class NotYourBudget(Refusal):
    code = "not_your_budget"
    vi = "{name} không thuộc ngân sách mà đơn vị bạn đại diện."
    en = "{name} is not of the budget for which your unit speaks."
    next_step_vi = "Chuyển việc này cho cơ quan tài chính của cấp ngân sách ấy."
    next_step_en = "Leave this to the finance body of that budget."
    basis = _LOCAL


class QuarterNotOver(Refusal):
    code = "quarter_not_over"
    vi = "Quý {quarter}/{year} chưa kết thúc, chưa xác nhận số dư được."
    en = "Quarter {quarter} of {year} is not over: its balance cannot be confirmed yet."
    next_step_vi = "Lập sau ngày cuối quý."
    next_step_en = "Draw it up after the quarter's last day."
    basis = _LOCAL


class ConfirmationThere(Refusal):
    code = "confirmation_there"
    vi = "Xác nhận số dư quý {quarter}/{year} của {name} đã lập."
    en = "The confirmation of quarter {quarter} of {year} of {name} is there already."
    next_step_vi = "Mở bản đã lập; bên ủy thác trả lại thì mới lập bản khác."
    next_step_en = "Open it; another is drawn up only when the budget returns it."
    basis = _LOCAL
