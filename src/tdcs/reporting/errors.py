"""Refusals of unit reports and of the consolidated report."""

from __future__ import annotations

from tdcs.core.errors import Refusal


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
