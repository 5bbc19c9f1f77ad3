"""Why something about warnings and problem loans is refused."""

from tdcs.core.errors import Refusal


class NoClosedDay(Refusal):
    code = "warnings_no_closed_day"
    vi = "Chưa có ngày nào được khóa số liệu, không có số để cảnh báo."
    en = "No day has been closed: there are no figures to warn by."
    next_step_vi = "Khóa số liệu ngày trước."
    next_step_en = "Close a day first."


class WarningOver(Refusal):
    code = "warning_over"
    vi = "Cảnh báo này đã hết từ ngày {day:%d/%m/%Y}."
    en = "This warning ended on {day:%d/%m/%Y}."
    next_step_vi = "Ghi vào cảnh báo đang còn hoặc hồ sơ của hộ."
    next_step_en = "Note it on a warning that is open, or on the household's dossier."


class NoteIncomplete(Refusal):
    code = "warning_note_incomplete"
    vi = "Chưa ghi được: {why}."
    en = "Not noted: {why}."
    next_step_vi = (
        "Ghi kết quả xem xét; có việc tiếp theo thì phải có ngày hẹn không trước hôm nay."
    )
    next_step_en = "Say what was found; a next step needs a day, not before today."


class OutsideScope(Refusal):
    code = "problem_loans_out_of_scope"
    vi = "Việc này không thuộc phạm vi của bạn."
    en = "This is outside your scope."
    next_step_vi = "Liên hệ phòng giao dịch quản lý hộ, tổ này."
    next_step_en = "Ask the office that keeps this household or group."
