"""Refusals of the reader."""

from tdcs.core.errors import Refusal


class NotAPlan(Refusal):
    code = "not_a_plan"
    vi = "Văn bản không phải kế hoạch giao nhiệm vụ: không tìm thấy nhiệm vụ nào."
    en = "The document is not a plan that assigns tasks: no task was found."
    next_step_vi = "Kiểm tra lại tệp; kế hoạch cần có các mục nhiệm vụ hoặc phụ lục phân công."
    next_step_en = "Check the file: a plan has task sections or an annex of assignments."


class TwoPlans(Refusal):
    code = "two_plans"
    vi = "Tệp chứa hai văn bản có số, ký hiệu riêng; mỗi lần chỉ nhập một kế hoạch."
    en = "The file holds two documents with numbers of their own; one plan is imported at a time."
    next_step_vi = "Tách tệp thành từng văn bản rồi tải lên lần lượt."
    next_step_en = "Split the file and upload the documents one after the other."
