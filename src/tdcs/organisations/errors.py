"""Refusals of units."""

from tdcs.core.errors import Refusal


class ShareMissing(Refusal):
    code = "share_missing"
    vi = "{unit} có {count} đơn vị kế thừa: phải nói mỗi đơn vị nhận phần nào và ai nhận nhiệm vụ kế hoạch."
    en = "{unit} has {count} successors: say what each takes and who takes the plan's duties."
    next_step_vi = "Chọn “theo địa bàn”, hoặc ghi rõ phần việc của từng đơn vị."
    next_step_en = "Choose “by area” or write down each unit's part."


class AlreadyCeased(Refusal):
    code = "already_ceased"
    vi = "{unit} đã chấm dứt từ {on}."
    en = "{unit} ceased on {on}."
    next_step_vi = "Mở trang của đơn vị để xem đơn vị kế thừa."
    next_step_en = "Open the unit to see its successors."


class BadSuccessor(Refusal):
    code = "bad_successor"
    vi = "Đơn vị kế thừa không hợp lệ: phải là đơn vị khác, còn hoạt động trong ngày {on}."
    en = "A successor must be another unit that lives on {on}."
    next_step_vi = "Chọn đơn vị kế thừa khác, hoặc đổi ngày."
    next_step_en = "Choose another successor, or another day."
