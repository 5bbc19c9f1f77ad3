"""Refusals of unit reports and of the consolidated report."""

from __future__ import annotations

from tdcs.core.errors import Refusal, RowsRefused


class NothingToConsolidate(Refusal):
    code = "nothing_to_consolidate"
    vi = "Chưa có báo cáo nào của năm {year} được tiếp nhận để tổng hợp."
    en = "No report of {year} has been accepted yet."
    next_step_vi = "Tiếp nhận báo cáo của các đơn vị trước."
    next_step_en = "Accept reports of units first."


class TotalsDisagree(Refusal):
    code = "totals_disagree"
    vi = "Tổng số không khớp với các phần: {what}."
    en = "A total does not equal its parts: {what}."
    next_step_vi = "Lập lại số liệu của báo cáo; còn lệch thì báo quản trị."
    next_step_en = "Take the report's figures anew; tell the administrator when they still differ."


class NoDayOfPeriod(Refusal):
    code = "no_day_of_period"
    vi = "Chưa có ngày nào của {period} được khóa sổ nên chưa có số liệu để lập báo cáo."
    en = "No day of {period} is closed, so there are no figures for the report."
    next_step_vi = "Chọn kỳ đã có ngày khóa sổ, hoặc khóa sổ rồi lập lại."
    next_step_en = "Choose a period with a closed day, or close the day first."


class NotReporting(Refusal):
    code = "not_reporting"
    vi = "{unit} không thuộc diện báo cáo năm {year}."
    en = "{unit} owes no report for {year}."
    next_step_vi = (
        "Kiểm tra năm đang chọn; chi nhánh xem phân công ở mục nhiệm vụ chung của kế hoạch."
    )
    next_step_en = "Check the year; the branch sees the assignment among the plan's general duties."


class ReportsThroughSuccessor(Refusal):
    code = "reports_through_successor"
    vi = "{unit} đã kết thúc hoạt động; báo cáo năm {year} do {successors} lập."
    en = "{unit} has ceased; {successors} report for {year}."
    next_step_vi = "Mở báo cáo của đơn vị kế thừa; nhiệm vụ và kết quả đã chuyển theo."
    next_step_en = "Open the successor's report; the tasks and results moved with it."


class NotThisForm(Refusal):
    code = "not_this_form"
    vi = "Tệp không phải phiếu báo cáo của {unit}, năm {year}, Kế hoạch {plan}: {why}."
    en = "The file is not the reporting form of {unit}, year {year}, plan {plan}: {why}."
    next_step_vi = "Tải phiếu từ trang báo cáo này, điền rồi gửi lại."
    next_step_en = "Download the form from this report's page, fill it in and send it again."


class NotAForm(Refusal):
    code = "not_a_form"
    vi = "Phiếu gửi lên là tệp {kind}; hệ thống đọc phiếu .docx hoặc .xlsx."
    en = "The form is a {kind} file; .docx or .xlsx is read."
    next_step_vi = "Mở phiếu đã điền, lưu thành .docx hoặc .xlsx rồi tải lên; bản quét đã ký chọn ở ô bên dưới."
    next_step_en = (
        "Save the filled form as .docx or .xlsx and upload it; the signed scan has its own field."
    )


class ScanWithoutDuty(Refusal):
    code = "scan_without_duty"
    vi = "{unit} không có nhiệm vụ báo cáo năm {year} nên bản quét chưa có chỗ lưu; chưa lưu gì."
    en = "{unit} has no duty to report for {year}, to which the scan would belong; nothing was saved."
    next_step_vi = (
        "Tải phiếu lên không kèm bản quét; gắn bản quét làm minh chứng của một việc trong hộp việc."
    )
    next_step_en = "Upload the form without the scan, and add the scan as evidence of a task."


class FormRowsWrong(RowsRefused):
    code = "form_rows_wrong"
    vi = "Phiếu có {count} dòng sai, chưa lưu dòng nào."
    en = "{count} rows of the form are wrong; nothing was saved."
    next_step_vi = "Sửa các dòng nêu dưới đây trong phiếu rồi tải lên lại."
    next_step_en = "Correct the rows below in the form and upload it again."


class ReportNotOpen(Refusal):
    code = "report_not_open"
    vi = "Báo cáo đang ở trạng thái “{state}”, không đọc phiếu vào được."
    en = "The report is “{state}”; no form can be read into it."
    next_step_vi = "Rút báo cáo lại hoặc đề nghị chi nhánh trả lại trước."
    next_step_en = "Recall the report, or ask the branch to return it first."
