"""Refusals of the ledger."""

from tdcs.core.errors import Refusal

_RULE = "Luật Kế toán 88/2015/QH13; quy chế sổ cái của hệ thống (docs/rules/ledger.md)"


class EntryUnbalanced(Refusal):
    code = "entry_unbalanced"
    vi = "Bút toán “{words}” không cân: lệch {on} đồng nội bảng, {off} đồng ngoại bảng."
    en = "Entry “{words}” does not balance: {on} dong on balance, {off} dong off balance."
    next_step_vi = "Kiểm tra lại số tiền hai bên."
    next_step_en = "Check the amounts of both sides."
    basis = _RULE


class BeforeClose(Refusal):
    code = "before_close"
    vi = "Ngày {day:%d/%m/%Y} thuộc kỳ kế toán đã khóa (đến hết {closed:%d/%m/%Y})."
    en = "{day:%d/%m/%Y} lies in a closed period (through {closed:%d/%m/%Y})."
    next_step_vi = "Hạch toán vào ngày nghiệp vụ đang mở."
    next_step_en = "Post on the open business day."
    basis = _RULE


class BeforeReversed(Refusal):
    code = "before_reversed"
    vi = "Ngày đảo {day:%d/%m/%Y} đứng trước ngày {on:%d/%m/%Y} của việc được đảo."
    en = "The reversal's day {day:%d/%m/%Y} is before {on:%d/%m/%Y}, the day of what it reverses."
    next_step_vi = "Đảo vào ngày nghiệp vụ đang mở."
    next_step_en = "Reverse on the open business day."
    basis = _RULE


class BookMonitored(Refusal):
    code = "book_monitored"
    vi = "Sổ của đơn vị đang theo dõi theo sao kê của hệ thống lõi từ {since:%d/%m/%Y}, không hạch toán ở đây."
    en = "The office is followed by extracts of the bank's core since {since:%d/%m/%Y}; nothing is booked here."
    next_step_vi = "Hạch toán trên hệ thống lõi; sao kê kỳ sau sẽ mang số liệu về."
    next_step_en = "Book it in the core; the next extract brings the figures."


class CashShort(Refusal):
    code = "cash_short"
    vi = "Quỹ tiền mặt của {office} cuối ngày {day:%d/%m/%Y} chỉ có {held} đồng, thiếu {missing} đồng để chi."
    en = "The cash of {office} at the end of {day:%d/%m/%Y} is {held} dong, {missing} dong short of what is paid out."
    next_step_vi = "Nhận vốn vào quỹ trước (Sổ cái → Hạch toán tay), hoặc chi ít hơn."
    next_step_en = "Receive capital into the cash first (Ledger → Post by hand), or pay out less."
    basis = _RULE


class StillShort(Refusal):
    code = "still_short"
    vi = "Quỹ tiền mặt từ ngày {on:%d/%m/%Y} vẫn có ngày âm ({day:%d/%m/%Y}, thiếu {missing} đồng)."
    en = (
        "From {on:%d/%m/%Y} on the cash is still below zero ({day:%d/%m/%Y}, {missing} dong short)."
    )
    next_step_vi = "Nhận vốn vào quỹ trước khi kết thúc vụ việc."
    next_step_en = "Receive capital before the case is settled."
    basis = _RULE


class DayNotOver(Refusal):
    code = "day_not_over"
    vi = "Ngày {day:%d/%m/%Y} chưa kết thúc; hôm nay là ngày nghiệp vụ {on:%d/%m/%Y}."
    en = "{day:%d/%m/%Y} is not over; the business day is {on:%d/%m/%Y}."
    next_step_vi = "Chọn một ngày trước ngày nghiệp vụ."
    next_step_en = "Choose a day before the business day."
    basis = _RULE


class UnknownAccount(Refusal):
    code = "unknown_account"
    vi = "Không có tài khoản {account}, hoặc tài khoản không được hạch toán trực tiếp."
    en = "There is no account {account}, or nothing may be posted to it directly."
    next_step_vi = "Chọn một tài khoản chi tiết trong hệ thống tài khoản."
    next_step_en = "Choose an account of the lowest level of the chart."
    basis = _RULE


class NotByHand(Refusal):
    code = "not_by_hand"
    vi = "Tài khoản {account} theo dõi chi tiết, không hạch toán tay."
    en = "Account {account} has a sub-ledger; nothing is posted to it by hand."
    next_step_vi = "Thực hiện nghiệp vụ trên khoản vay hoặc sổ tiết kiệm; bút toán tự sinh."
    next_step_en = "Act on the loan or the savings account; the entry follows."
    basis = _RULE


class KeyReused(Refusal):
    code = "key_reused"
    vi = "Khóa lệnh “{key}” đã dùng cho nội dung khác."
    en = "The key “{key}” was used for other content."
    next_step_vi = "Tải lại trang rồi nhập lại; nếu là lệnh mới, dùng khóa mới."
    next_step_en = "Reload the page and enter again; a new order takes a new key."
    basis = _RULE


class AlreadyReversed(Refusal):
    code = "already_reversed"
    vi = "Bút toán {number} đã được đảo."
    en = "Entry {number} has been reversed already."
    next_step_vi = "Mở bút toán để xem bút toán đảo của nó."
    next_step_en = "Open the entry to see what reversed it."
    basis = _RULE


class WordsMissing(Refusal):
    code = "words_missing"
    vi = "Bút toán chưa có diễn giải."
    en = "The entry says nothing of what it is for."
    next_step_vi = "Ghi rõ nội dung nghiệp vụ và chứng từ."
    next_step_en = "Say what happened and by which voucher."
    basis = _RULE


class AmountWrong(Refusal):
    code = "amount_wrong"
    vi = "Số tiền phải là số nguyên đồng lớn hơn 0."
    en = "An amount must be a whole number of dong above 0."
    next_step_vi = "Sửa số tiền rồi gửi lại."
    next_step_en = "Correct the amount and send again."
    basis = _RULE


class DayAhead(Refusal):
    code = "day_ahead"
    vi = "Ngày {day:%d/%m/%Y} chưa đến; ngày nghiệp vụ là {today:%d/%m/%Y}."
    en = "{day:%d/%m/%Y} has not come yet; the business day is {today:%d/%m/%Y}."
    next_step_vi = "Hạch toán vào ngày nghiệp vụ."
    next_step_en = "Post on the business day."
    basis = _RULE


class KeyWrong(Refusal):
    code = "key_wrong"
    vi = "Khóa lệnh phải có từ 1 đến {most} ký tự in được."
    en = "A key has 1 to {most} printable characters."
    next_step_vi = "Tải lại trang rồi nhập lại."
    next_step_en = "Reload the page and enter again."
    basis = _RULE


class SecondPersonNeeded(Refusal):
    code = "second_person_needed"
    vi = "Người đề nghị không tự duyệt: “{about}” phải do người khác duyệt."
    en = "Who asked may not confirm: “{about}” is confirmed by somebody else."
    next_step_vi = "Nhờ kế toán khác hoặc giám đốc phòng giao dịch duyệt."
    next_step_en = "Ask another accountant or the office's director to confirm."
    basis = _RULE


class RequestDecided(Refusal):
    code = "entry_request_decided"
    vi = "Đề nghị này đã có quyết định: {state}."
    en = "This request has been decided already: {state}."
    next_step_vi = "Tải lại trang để xem kết quả."
    next_step_en = "Reload the page to see the outcome."
    basis = _RULE


class AlreadyAsked(Refusal):
    code = "entry_request_open"
    vi = "Việc này đã có đề nghị đang chờ duyệt (số {number})."
    en = "A request for this is waiting already (number {number})."
    next_step_vi = "Mở Sổ cái → Đề nghị hạch toán để xem."
    next_step_en = "See Ledger → Requests."
    basis = _RULE


class LargeSum(Refusal):
    code = "large_sum"
    vi = "Số tiền {amount} đồng vượt mức {limit} đồng phải xác nhận riêng."
    en = "The sum of {amount} dong is above {limit} dong and is confirmed explicitly."
    next_step_vi = "Đối chiếu chứng từ rồi gõ lại đúng số tiền vào ô xác nhận."
    next_step_en = (
        "Compare the voucher, then type the amount once more into the field of confirmation."
    )
    basis = (
        "Mức giao dịch giá trị lớn: Quyết định 11/2023/QĐ-TTg; mức của đơn vị đặt ở TDCS_LARGE_SUM"
    )


class MayNotConfirm(Refusal):
    code = "may_not_confirm"
    vi = "Vai trò hiện tại không được {deed}."
    en = "The present role may not do this: {deed}."
    next_step_vi = "Xem trang Quyền để biết vai trò nào được giao việc này."
    next_step_en = "The page of permissions says which role may."
    basis = _RULE
