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
    next_step_vi = "Chọn sổ đang mở, hoặc một ngày sổ còn mở."
    next_step_en = "Choose an open account, or a day on which it was open."
    basis = _RULE


class SavingsBeforeLast(Refusal):
    code = "savings_before_last"
    vi = "Ngày {day:%d/%m/%Y} đứng trước phát sinh cuối của sổ tiền gửi {number} ({last:%d/%m/%Y})."
    en = "{day:%d/%m/%Y} is before the last movement of savings account {number} ({last:%d/%m/%Y})."
    next_step_vi = "Chi tiền vào ngày nghiệp vụ hiện tại."
    next_step_en = "Pay out on the business day."
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
    next_step_vi = "Chọn tổ của xã nơi hộ cư trú."
    next_step_en = "Choose a group of the commune where the household lives."
    basis = _RULE


class UnderAge(Refusal):
    code = "member_under_age"
    vi = "{name} chưa đủ tuổi thành niên vào ngày {day:%d/%m/%Y}; chưa đại diện được cho hộ trong tổ."
    en = "{name} is not of age on {day:%d/%m/%Y} and cannot represent a household in a group."
    next_step_vi = "Chọn người đã thành niên của hộ."
    next_step_en = "Choose a person of the household who is of age."
    basis = "91/2015/QH13, Điều 20"


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
    next_step_vi = "Kiểm tra hộ và tổ; kết nạp hộ vào tổ trước."
    next_step_en = "Check household and group; admit the household first."
    basis = _RULE


class AmountWrong(Refusal):
    code = "amount_wrong"
    vi = "Số tiền phải là số nguyên đồng lớn hơn 0."
    en = "An amount must be a whole number of dong above 0."
    next_step_vi = "Sửa số tiền rồi gửi lại."
    next_step_en = "Correct the amount and send again."
    basis = _RULE


class FieldWrong(Refusal):
    code = "group_field_wrong"
    vi = "{field}: {why}."
    en = "{field}: {why}."
    next_step_vi = "Sửa ô này rồi lưu lại."
    next_step_en = "Correct this field and save again."


class DayOutside(Refusal):
    code = "group_day_outside"
    vi = "Ngày {day} không hợp lệ: {why}."
    en = "The day {day} does not fit: {why}."
    next_step_vi = "Chọn ngày khác."
    next_step_en = "Choose another day."


class GroupEnded(Refusal):
    code = "group_ended"
    vi = "Tổ {group} đã thôi hoạt động từ ngày {on}."
    en = "Group {group} ended on {on}."
    next_step_vi = "Chọn tổ đang hoạt động, hoặc ngày trước ngày ấy."
    next_step_en = "Choose a group that is active, or a day before."
    basis = _RULE


class OutsideYourOffice(Refusal):
    code = "outside_your_office"
    vi = "Tổ hoặc địa bàn này không do đơn vị của bạn quản lý."
    en = "Your office does not keep this group or area."
    next_step_vi = "Đề nghị phòng giao dịch phụ trách thực hiện."
    next_step_en = "Ask the transaction office in charge."


class LeaderNotMember(Refusal):
    code = "leader_not_member"
    vi = "{name} không phải là tổ viên của tổ {group} vào ngày này."
    en = "{name} is not a member of group {group} on this day."
    next_step_vi = "Chọn người đang là tổ viên, hoặc kết nạp trước."
    next_step_en = "Choose a member, or admit the person first."
    basis = _RULE


class OnTheBoard(Refusal):
    code = "on_the_board"
    vi = "{name} đang là {post} tổ {group}."
    en = "{name} is on the board of group {group} ({post})."
    next_step_vi = "Chọn người khác thay trước."
    next_step_en = "Choose a successor first."
    basis = _RULE


class NotMassOrganisation(Refusal):
    code = "not_mass_organisation"
    vi = "{name} không phải là tổ chức chính trị - xã hội nhận ủy thác của xã, phường này."
    en = "{name} is no entrusted mass organisation of this commune."
    next_step_vi = "Chọn hội, đoàn thể của xã, phường nơi có tổ."
    next_step_en = "Choose an organisation of the group's commune."
    basis = _RULE


class PersonNotInHousehold(Refusal):
    code = "person_not_in_household"
    vi = "{name} không thuộc hộ {household} vào ngày này."
    en = "{name} does not belong to household {household} on this day."
    next_step_vi = "Chọn một thành viên của hộ trong ngày ấy."
    next_step_en = "Choose a member of the household on that day."


class SameGroup(Refusal):
    code = "same_group"
    vi = "Tổ chuyển đến phải khác tổ chuyển đi."
    en = "The two groups must differ."
    next_step_vi = "Chọn một tổ khác."
    next_step_en = "Choose another group."


class ContractMissing(Refusal):
    code = "contract_missing"
    vi = "Hợp đồng ủy nhiệm chưa có số."
    en = "The delegation contract has no number."
    next_step_vi = "Nhập số hợp đồng."
    next_step_en = "Enter the contract's number."


class DecisionMissing(Refusal):
    code = "group_decision_missing"
    vi = "Chưa có văn bản của UBND cấp xã công nhận việc này."
    en = "The commune's written approval is missing."
    next_step_vi = "Nhập số văn bản, ví dụ 15/QĐ-UBND."
    next_step_en = "Enter the paper's number and symbol."
    basis = _RULE


class SavingsLeft(Refusal):
    code = "savings_left"
    vi = "Sổ tiền gửi {number} còn {balance} đồng; rút hết mới đóng được."
    en = "Savings account {number} holds {balance} dong; it is closed when empty."
    next_step_vi = "Rút hết số dư trước."
    next_step_en = "Withdraw everything first."
    basis = _RULE


class AlreadyReversed(Refusal):
    code = "savings_already_reversed"
    vi = "Phát sinh này đã được đảo, hoặc chính nó là phát sinh đảo."
    en = "This movement was reversed, or is itself a reversal."
    next_step_vi = "Mở sổ tiền gửi để xem các phát sinh."
    next_step_en = "Open the savings account to see its movements."


class SavingsFromExtract(Refusal):
    code = "savings_from_extract"
    vi = "Phát sinh này là số liệu của sao kê, không đảo từng dòng."
    en = "This movement is what an extract says; it is not reversed by itself."
    next_step_vi = "Hoàn tác lượt nhập sao kê, hoặc nhập sao kê sau: số dư theo sao kê đó."
    next_step_en = "Undo the import of the extract, or take a later one: the balance follows it."


class ReasonMissing(Refusal):
    code = "group_reason_missing"
    vi = "Chưa nêu lý do."
    en = "The reason is missing."
    next_step_vi = "Viết ngắn gọn vì sao."
    next_step_en = "Say briefly why."


class MonthOpen(Refusal):
    code = "month_open"
    vi = "Tháng {month} chưa kết thúc; chấm điểm sau ngày cuối tháng."
    en = "{month} is not over; a month is rated after its last day."
    next_step_vi = "Chọn tháng trước."
    next_step_en = "Choose an earlier month."


class OtherOffice(Refusal):
    code = "other_office"
    vi = "Tổ {one} và tổ {other} thuộc hai phòng giao dịch khác nhau."
    en = "Groups {one} and {other} are served by different offices."
    next_step_vi = "Đổi phòng giao dịch phụ trách của một tổ trước."
    next_step_en = "Change the office of one of them first."
