"""Refusals of the reader."""

from tdcs.core.errors import Refusal


class NotAPlan(Refusal):
    code = "not_a_plan"
    vi = "Văn bản không phải kế hoạch giao nhiệm vụ: không tìm thấy nhiệm vụ nào."
    en = "The document is not a plan that assigns tasks: no task was found."
    next_step_vi = "Kiểm tra lại tệp; kế hoạch cần có các mục nhiệm vụ hoặc phụ lục phân công."
    next_step_en = "Check the file: a plan has task sections or an annex of assignments."
