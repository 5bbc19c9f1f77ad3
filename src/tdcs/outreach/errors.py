"""Refusals of the movement's records."""

from __future__ import annotations

from tdcs.core.errors import Refusal, RowsRefused


class RecordIncomplete(Refusal):
    code = "record_incomplete"
    vi = "Chưa ghi được vào sổ: {what}."
    en = "The record cannot be kept: {what}."
    next_step_vi = "Sửa các mục đã nêu rồi ghi lại."
    next_step_en = "Correct what is named and save again."


class ProofMissing(Refusal):
    code = "proof_missing"
    vi = "Sổ “{register}” cần minh chứng kèm theo (liên kết hoặc tệp)."
    en = "The register “{register}” needs proof (a link or a file)."
    next_step_vi = "Dán liên kết hoặc chọn tệp rồi ghi lại."
    next_step_en = "Paste a link or choose a file and save again."


class RecordThere(Refusal):
    code = "record_there"
    vi = "Sổ đã có dòng này: {title}, ngày {day:%d/%m/%Y}, của {unit}."
    en = "The register has this line already: {title}, {day:%d/%m/%Y}, of {unit}."
    next_step_vi = "Mở dòng đã có và sửa, nếu cần."
    next_step_en = "Open the line that is there and change it if need be."


class NotOwnUnit(Refusal):
    code = "not_own_unit"
    vi = "Chỉ người của {unit}, đơn vị cấp trên hoặc chi nhánh mới ghi được vào sổ của đơn vị này."
    en = "Only people of {unit}, of a unit above it or of the branch may write into its register."
    next_step_vi = "Chọn đơn vị của mình, hoặc nhờ người của đơn vị ấy ghi."
    next_step_en = "Choose your own unit, or ask a person of that unit."


class NotKeptByUnit(Refusal):
    code = "register_not_of_unit"
    vi = "{unit} không giữ sổ “{register}”."
    en = "{unit} does not keep the register “{register}”."
    next_step_vi = "Chọn sổ dành cho loại đơn vị này."
    next_step_en = "Choose a register that is meant for this kind of unit."


class RecordWithdrawn(Refusal):
    code = "record_withdrawn"
    vi = "Dòng này đã được gỡ ngày {day:%d/%m/%Y}."
    en = "This line was taken back on {day:%d/%m/%Y}."
    next_step_vi = "Ghi một dòng mới nếu việc đã được thực hiện."
    next_step_en = "Enter a new line if the work was done."


class RecordChanged(Refusal):
    code = "record_changed"
    vi = "Người khác vừa sửa dòng này."
    en = "Somebody else has just changed this line."
    next_step_vi = "Mở lại trang để xem nội dung mới rồi sửa tiếp."
    next_step_en = "Open the page again, read what is new and go on."


class WhyMissing(Refusal):
    code = "why_missing"
    vi = "Chưa ghi lý do."
    en = "No reason was given."
    next_step_vi = "Ghi lý do rồi gửi lại."
    next_step_en = "Give the reason and send again."


class SheetUnreadable(Refusal):
    code = "register_sheet_unreadable"
    vi = "Không đọc được bảng: {why}."
    en = "The table could not be read: {why}."
    next_step_vi = "Tải mẫu của sổ này, điền từ dòng thứ năm trở đi rồi gửi lại."
    next_step_en = (
        "Download this register's template, fill it in from the fifth row and send it again."
    )


class RegisterRowsRefused(RowsRefused):
    code = "register_rows_refused"
    vi = "Bảng có {count} dòng chưa đúng, chưa ghi dòng nào: {listed}."
    en = "{count} rows of the table are wrong, none was saved: {listed}."
    next_step_vi = "Sửa tất cả các dòng đã nêu trong bảng rồi gửi lại."
    next_step_en = "Correct every row named in the table and send it again."


class ClassIncomplete(Refusal):
    code = "class_incomplete"
    vi = "Lớp tập huấn chưa đủ: {what}."
    en = "The class is not complete: {what}."
    next_step_vi = "Bổ sung các mục đã nêu rồi lưu lại."
    next_step_en = "Add what is named and save again."


class ClassClash(Refusal):
    code = "class_clash"
    vi = "Trùng giờ ngày {day:%d/%m/%Y}: {who}."
    en = "At the same hour on {day:%d/%m/%Y}: {who}."
    next_step_vi = "Đổi giờ buổi học, hoặc bỏ những người đã nêu khỏi lớp này."
    next_step_en = "Move the session, or leave the people named out of this class."


class CheckInRefused(Refusal):
    code = "check_in_refused"
    vi = "Không điểm danh được: {why}."
    en = "The check-in is refused: {why}."
    next_step_vi = "Kiểm tra mã riêng trên giấy mời và ngày của buổi học rồi nhập lại."
    next_step_en = "Check your own code on the invitation and the session's day, then try again."


class NominationIncomplete(Refusal):
    code = "nomination_incomplete"
    vi = "Chưa ghi được quyết định khen thưởng: thiếu {what}."
    en = "The decision cannot be recorded: {what} is missing."
    next_step_vi = "Bổ sung mục đã nêu rồi ghi lại."
    next_step_en = "Add what is named and try again."


class NobodyChosen(Refusal):
    code = "nobody_nominated"
    vi = "Chưa chọn tập thể, cá nhân nào."
    en = "Nobody is chosen."
    next_step_vi = "Đánh dấu những người được quyết định rồi ghi lại."
    next_step_en = "Tick those who are decided on and try again."


class NominationSettled(Refusal):
    code = "nomination_settled"
    vi = "{title} đã được quyết định ngày {day:%d/%m/%Y}."
    en = "{title} was decided on on {day:%d/%m/%Y}."
    next_step_vi = "Mở lại danh sách và chọn những đề xuất còn chờ."
    next_step_en = "Open the list again and choose from those that wait."


class ProposerDecides(Refusal):
    code = "proposer_decides"
    vi = "{name} đã đề xuất nên không quyết định khen thưởng được."
    en = "{name} proposed this and cannot decide it."
    next_step_vi = "Nhờ lãnh đạo khác quyết định."
    next_step_en = "Ask another leader to decide."


class NotForTheProvince(Refusal):
    code = "nomination_not_of_branch"
    vi = "Chỉ người của chi nhánh làm đề xuất, quyết định khen thưởng toàn tỉnh."
    en = "Only people of the branch propose and decide commendations of the province."
    next_step_vi = "Nhờ chi nhánh làm việc này."
    next_step_en = "Ask the branch."
