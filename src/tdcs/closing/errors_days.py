"""Refusals of closing a day: out of order, at once, or on a book that does not hold together."""

from __future__ import annotations

from tdcs.core.errors import Refusal

_RULE = "Quy tắc khóa sổ ngày (docs/how-to/close-a-day.md)"


class CloseBusy(Refusal):
    code = "close_busy"
    vi = "Một lần khóa sổ khác đang chạy."
    en = "Another close is running."
    next_step_vi = "Đợi lần đó xong rồi làm lại."
    next_step_en = "Wait until it has ended, then try again."
    basis = _RULE


class BranchOnly(Refusal):
    code = "branch_only"
    vi = "Ngày được khóa một lần cho toàn tỉnh; phòng giao dịch không tự khóa được."
    en = "A day is closed once for the whole province; an office cannot close it alone."
    next_step_vi = "Đề nghị chi nhánh tỉnh hoặc quản trị hệ thống khóa sổ."
    next_step_en = "Ask the provincial branch or the administrator to close the day."
    basis = _RULE


class PostingBusy(Refusal):
    code = "posting_busy"
    vi = "Đang có đợt hạch toán lớn chưa xong nên chưa đọc được diễn biến của ngày."
    en = "A large posting is still running; the day's events cannot be read yet."
    next_step_vi = "Đợi đợt hạch toán xong rồi khóa sổ lại."
    next_step_en = "Wait until it has ended, then close again."
    basis = _RULE


class DayToCome(Refusal):
    code = "day_to_come"
    vi = "Chưa khóa được ngày {day:%d/%m/%Y}: hôm nay mới là {today:%d/%m/%Y}."
    en = "{day:%d/%m/%Y} cannot be closed: today is {today:%d/%m/%Y}."
    next_step_vi = "Chọn ngày không sau hôm nay."
    next_step_en = "Choose a day that is not after today."
    basis = _RULE


class DaysMissing(Refusal):
    """``days``: those that must be closed first."""

    code = "days_missing"
    vi = "Chưa khóa được ngày {day:%d/%m/%Y}: còn {count} ngày trước đó chưa khóa ({words})."
    en = "{day:%d/%m/%Y} cannot be closed: {count} days before it are not closed ({words})."
    next_step_vi = "Khóa lần lượt các ngày còn thiếu, hoặc dùng tdcs close --day {day} --through."
    next_step_en = "Close the missing days in order, or use tdcs close --day {day} --through."
    basis = _RULE


class BeforeFirstEvent(Refusal):
    code = "before_first_event"
    vi = "Ngày {day:%d/%m/%Y} trước diễn biến đầu tiên của sổ ({first:%d/%m/%Y})."
    en = "{day:%d/%m/%Y} is before the book's first event ({first:%d/%m/%Y})."
    next_step_vi = "Khóa sổ bắt đầu từ ngày {first:%d/%m/%Y}."
    next_step_en = "Closing begins on {first:%d/%m/%Y}."
    basis = _RULE


class NothingToClose(Refusal):
    code = "nothing_to_close"
    vi = "Sổ chưa có diễn biến nào của khoản vay."
    en = "The book holds no event of any loan."
    next_step_vi = "Khóa sổ ngày sau khi có khoản giải ngân đầu tiên."
    next_step_en = "Close once the first loan has been paid out."
    basis = _RULE


class EventOfUnknownLoan(Refusal):
    code = "event_of_unknown_loan"
    vi = "Ngày {day:%d/%m/%Y} có diễn biến của khoản vay không có trong sổ: mã {loans}."
    en = "On {day:%d/%m/%Y} there are events of loans that the book does not know: {loans}."
    next_step_vi = "Bổ sung khoản vay hoặc gỡ diễn biến lạc rồi khóa lại; ngày trước còn nguyên."
    next_step_en = "Add the loans or remove the stray events, then close again."
    basis = _RULE


class RowsLost(Refusal):
    code = "rows_lost"
    vi = "Số liệu chốt ngày trước {day:%d/%m/%Y} thiếu khoản vay còn nợ: {loans}."
    en = "The snapshot before {day:%d/%m/%Y} lacks loans that owe: {loans}."
    next_step_vi = "Dựng lại ngày trước từ diễn biến (tdcs replay --to) rồi khóa lại."
    next_step_en = "Build the day before again from the events (tdcs replay --to), then close."
    basis = _RULE


class HistoryRefused(Refusal):
    code = "history_refused"
    vi = "Diễn biến của khoản vay {loans} trái quy tắc ({why}), không khóa được {day:%d/%m/%Y}."
    en = "Events of loans {loans} break a rule ({why}); {day:%d/%m/%Y} cannot be closed."
    next_step_vi = "Đảo diễn biến sai rồi khóa lại."
    next_step_en = "Reverse the wrong event, then close again."
    basis = _RULE


class LoanWithoutTerms(Refusal):
    code = "loan_without_terms"
    vi = "Khoản vay {loan} ({programme}) giải ngân {day:%d/%m/%Y}: {why}"
    en = "Loan {loan} ({programme}) was paid out on {day:%d/%m/%Y}: {why}"
    next_step_vi = "Bổ sung tham số của chương trình kèm căn cứ, hoặc đảo khoản giải ngân."
    next_step_en = "Add the programme's parameters with their basis, or reverse the disbursement."
    basis = _RULE
