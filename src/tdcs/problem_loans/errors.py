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


class DossierField(Refusal):
    code = "dossier_field"
    vi = "Chưa ghi được {field}: {why}."
    en = "{field} cannot be recorded: {why}."
    next_step_vi = "Sửa lại rồi ghi."
    next_step_en = "Correct it and try again."


class DossierOpen(Refusal):
    code = "dossier_open"
    vi = "Hộ này đã có hồ sơ nợ có vấn đề mở ngày {day:%d/%m/%Y}."
    en = "This household has a dossier that was opened on {day:%d/%m/%Y}."
    next_step_vi = "Ghi tiếp vào hồ sơ đang mở."
    next_step_en = "Go on in the open dossier."


class DossierClosed(Refusal):
    code = "dossier_closed"
    vi = "Hồ sơ đã đóng ngày {day:%d/%m/%Y}."
    en = "The dossier was closed on {day:%d/%m/%Y}."
    next_step_vi = "Mở hồ sơ mới khi hộ lại gặp khó khăn."
    next_step_en = "Open a new one when the household is in difficulty again."


class NothingOwed(Refusal):
    code = "dossier_nothing_owed"
    vi = "Hộ không còn khoản vay nào dư nợ."
    en = "The household owes nothing on any loan."
    next_step_vi = "Chỉ mở hồ sơ cho hộ đang còn nợ."
    next_step_en = "Open dossiers only for households that owe."


class RoundStep(Refusal):
    code = "risk_round_step"
    vi = "Không thể “{verb}” khi đợt xử lý đang ở bước “{state}”."
    en = "“{verb}” is not possible while the round is “{state}”."
    next_step_vi = "Làm các bước của đợt theo thứ tự."
    next_step_en = "Take the round's steps in their order."
    basis = "QĐ 62/QĐ-HĐQT 27/09/2021"


class RoundEmpty(Refusal):
    code = "risk_round_empty"
    vi = "Đợt xử lý chưa có món nợ nào."
    en = "The round lists no debt."
    next_step_vi = "Đưa món nợ vào đợt trước khi trình."
    next_step_en = "List a debt before submitting."


class RoundsOfYear(Refusal):
    code = "risk_rounds_of_year"
    vi = "Năm {year} đã có {count} đợt, mỗi năm {most} đợt."
    en = "{year} has {count} rounds already, {most} a year."
    next_step_vi = "Đưa món nợ vào đợt đang mở hoặc đợt đầu năm sau."
    next_step_en = "List the debt in the open round or in next year's first."
    basis = "QĐ 62/QĐ-HĐQT 27/09/2021"


class CaseListed(Refusal):
    code = "risk_case_listed"
    vi = "Khế ước {number} đã có trong đợt này."
    en = "Loan {number} is in this round already."
    next_step_vi = "Sửa món nợ đang có trong đợt."
    next_step_en = "See to the case that is there."
