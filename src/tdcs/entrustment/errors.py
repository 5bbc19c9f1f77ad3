"""Refusals of groups and savings."""

from tdcs.core.errors import Refusal

_RULE = "15/QĐ-HĐQT 05/3/2013; 70/QĐ-HĐQT 24/7/2026 (chưa có văn bản)"


class SavingsShort(Refusal):
    code = "savings_short"
    vi = "Sổ tiền gửi {number} chỉ còn {balance} đồng, không đủ rút {amount} đồng."
    en = "Savings account {number} holds {balance} dong, not the {amount} dong asked for."
    next_step_vi = "Rút không quá số dư."
    next_step_en = "Withdraw at most the balance."
    basis = _RULE


class SavingsClosed(Refusal):
    code = "savings_closed"
    vi = "Sổ tiền gửi {number} không mở vào ngày này."
    en = "Savings account {number} is not open on this day."
    basis = _RULE


class AlreadyMember(Refusal):
    code = "already_member"
    vi = "Hộ {household} đang là tổ viên của tổ {group}."
    en = "Household {household} belongs to group {group} already."
    next_step_vi = "Cho hộ ra khỏi tổ cũ trước, hoặc dùng chức năng chuyển tổ."
    next_step_en = "Let the household leave its group first, or move it."
    basis = _RULE


class GroupFull(Refusal):
    code = "group_full"
    vi = "Tổ {group} đã có {count} tổ viên; tối đa {most}."
    en = "Group {group} has {count} members; {most} at the most."
    next_step_vi = "Thành lập tổ mới."
    next_step_en = "Found another group."
    basis = _RULE


class GroupSmall(Refusal):
    code = "group_small"
    vi = "Tổ cần ít nhất {least} tổ viên, mới có {count}."
    en = "A group needs at least {least} members; there are {count}."
    next_step_vi = "Bổ sung tổ viên cùng xã."
    next_step_en = "Add members of the same commune."
    basis = _RULE


class OtherCommune(Refusal):
    code = "other_commune"
    vi = "Hộ {household} không cư trú cùng xã với tổ."
    en = "Household {household} does not live in the group's commune."
    basis = _RULE


class StillOwes(Refusal):
    code = "still_owes"
    vi = "Hộ {household} còn dư nợ {owed} đồng, tiền gửi {saved} đồng; chưa thể ra khỏi tổ."
    en = "Household {household} still owes {owed} dong and saves {saved} dong; it cannot leave."
    next_step_vi = "Tất toán khoản vay và sổ tiền gửi trước."
    next_step_en = "Settle the loan and the savings first."
    basis = _RULE


class NotInGroup(Refusal):
    code = "not_in_group"
    vi = "Hộ {household} không thuộc tổ {group}."
    en = "Household {household} does not belong to group {group}."
    basis = _RULE


class AmountWrong(Refusal):
    code = "amount_wrong"
    vi = "Số tiền phải là số nguyên đồng lớn hơn 0."
    en = "An amount must be a whole number of dong above 0."
    basis = _RULE
