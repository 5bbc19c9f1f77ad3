"""Refusals of households, eligibility, poverty reviews and surveys of needs."""

from collections.abc import Sequence

from tdcs.core.errors import Refusal, RowsRefused


class FieldWrong(Refusal):
    code = "household_field_wrong"
    vi = "{field}: {why}."
    en = "{field}: {why}."
    next_step_vi = "Sửa ô này rồi lưu lại."
    next_step_en = "Correct this field and save again."


class IdentityTaken(Refusal):
    code = "identity_taken"
    vi = "Số định danh này đã có ở {where}."
    en = "This identity number already belongs to a person of {where}."
    next_step_vi = "Đối chiếu giấy tờ; nếu người này chuyển hộ, hãy cho rời hộ cũ trước."
    next_step_en = "Check the papers; if the person moved, end the old membership first."


class PersonElsewhere(Refusal):
    code = "person_elsewhere"
    vi = "Người này đang là thành viên của một hộ khác trong những ngày đó."
    en = "This person belongs to another household on those days."
    next_step_vi = "Cho rời hộ cũ trước, hoặc chọn ngày muộn hơn."
    next_step_en = "End the old membership first, or choose a later day."


class HouseholdEnded(Refusal):
    code = "household_ended"
    vi = "Hộ {code} đã kết thúc ngày {on}."
    en = "Household {code} ended on {on}."
    next_step_vi = "Không sửa hộ đã kết thúc; đăng ký hộ mới nếu cần."
    next_step_en = "An ended household does not change; register a new one if needed."


class HeadLeaves(Refusal):
    code = "head_leaves"
    vi = "{name} là chủ hộ; hộ không thể không có chủ hộ."
    en = "{name} is the head; a household cannot be without one."
    next_step_vi = "Chọn chủ hộ mới trước."
    next_step_en = "Choose a new head first."


class DayOutside(Refusal):
    code = "household_day_outside"
    vi = "Ngày {day} không hợp lệ: {why}."
    en = "The day {day} does not fit: {why}."
    next_step_vi = "Chọn ngày khác."
    next_step_en = "Choose another day."


class NotACommune(Refusal):
    code = "not_a_commune"
    vi = "{area} không phải là xã, phường đang có vào ngày {day}."
    en = "{area} is no commune that exists on {day}."
    next_step_vi = "Chọn xã, phường theo địa giới của ngày đó."
    next_step_en = "Choose a commune of that day."


class OutsideYourArea(Refusal):
    code = "outside_your_area"
    vi = "Địa bàn này không thuộc phạm vi bạn được sửa."
    en = "This area is outside what you may change."
    next_step_vi = "Đề nghị UBND cấp xã hoặc phòng giao dịch của địa bàn đó thực hiện."
    next_step_en = "Ask the commune or the transaction office of that area."


class KindUnknown(Refusal):
    code = "kind_unknown"
    vi = "“{kind}” không phải là một diện thụ hưởng."
    en = "“{kind}” is no kind of eligibility."
    next_step_vi = "Chọn một diện trong danh mục."
    next_step_en = "Choose a kind of the list."


class KindNeedsPerson(Refusal):
    code = "kind_needs_person"
    vi = "Diện “{kind}” là của từng người: chọn thành viên của hộ."
    en = "“{kind}” is said of a person: choose a member of the household."
    next_step_vi = "Chọn thành viên rồi gửi lại."
    next_step_en = "Choose the member and send again."


class SpellOverlaps(Refusal):
    code = "spell_overlaps"
    vi = "Hộ đã thuộc diện “{kind}” từ {starts_on}{until}; hai thời gian chồng lên nhau."
    en = "The household already is “{kind}” from {starts_on}{until}; the two overlap."
    next_step_vi = "Kết thúc diện cũ trước, hoặc chọn ngày bắt đầu muộn hơn."
    next_step_en = "End the old spell first, or choose a later first day."


class DecisionMissing(Refusal):
    code = "decision_missing"
    vi = "Chưa có số và ngày quyết định."
    en = "The decision's number and day are missing."
    next_step_vi = "Nhập số quyết định (ví dụ 123/QĐ-UBND) và ngày ký."
    next_step_en = "Enter the number and the day it was signed."
    basis = "QĐ 24/2021/QĐ-TTg"


class ReasonMissing(Refusal):
    code = "household_reason_missing"
    vi = "Chưa nêu lý do."
    en = "The reason is missing."
    next_step_vi = "Viết ngắn gọn vì sao."
    next_step_en = "Say briefly why."


class NoPovertyLine(Refusal):
    code = "no_poverty_line"
    vi = "Không có chuẩn nghèo nào có hiệu lực ngày {day}."
    en = "No poverty line is in force on {day}."
    next_step_vi = "Bổ sung chuẩn nghèo vào law/parameters/poverty_lines.yaml kèm căn cứ."
    next_step_en = "Add the line with its basis to law/parameters/poverty_lines.yaml."


class ReviewExists(Refusal):
    code = "review_exists"
    vi = "Đợt rà soát năm {year} của địa bàn này đã mở."
    en = "The review of {year} of this area is open already."
    next_step_vi = "Mở đợt đang có."
    next_step_en = "Open the existing one."


class ReviewFuture(Refusal):
    code = "review_future"
    vi = "Chưa mở được đợt rà soát năm {year}: mới là năm {now}."
    en = "The review of {year} cannot be opened in {now}."
    next_step_vi = "Rà soát định kỳ từ 01/9 đến 14/12 của năm đó."
    next_step_en = "The yearly review runs from 1 September to 14 December of its year."
    basis = "QĐ 24/2021/QĐ-TTg"


class ReviewNotOpen(Refusal):
    code = "review_not_open"
    vi = "Đợt rà soát đang ở trạng thái “{state}”, không {verb} được."
    en = "The review is “{state}”; this cannot be done now ({verb})."
    next_step_vi = "Danh sách đã trình: rút lại để sửa. Danh sách đã duyệt: không sửa nữa."
    next_step_en = "A submitted list can be taken back to change it; an approved one never changes."


class ReviewEmpty(Refusal):
    code = "review_empty"
    vi = "Danh sách chưa có hộ nào."
    en = "The list has no household."
    next_step_vi = "Nhập tệp, hoặc thêm từng hộ."
    next_step_en = "Import a file or add households."


class LinesUnmeasured(Refusal):
    code = "lines_unmeasured"
    vi = "Còn {count} hộ chưa có kết quả: {codes}."
    en = "{count} households have no result yet: {codes}."
    next_step_vi = (
        "Nhập thu nhập và số chỉ số thiếu hụt, hoặc bỏ hộ khỏi danh sách khi không thuộc địa bàn."
    )
    next_step_en = "Enter income and deprivations, or take out a household that does not live here."


class HouseholdsLeftOut(Refusal):
    code = "households_left_out"
    vi = "{count} hộ đang nghèo, cận nghèo của địa bàn chưa có trong danh sách: {codes}."
    en = "{count} poor or near-poor households of the area are not on the list: {codes}."
    next_step_vi = "Bấm “Thêm các hộ đang nghèo, cận nghèo”, rồi nhập kết quả cho từng hộ."
    next_step_en = "Add the households now poor or near-poor and measure each."


class MakerApproves(Refusal):
    code = "maker_approves_review"
    vi = "Người lập, nhập hoặc trình danh sách không được phê duyệt danh sách đó."
    en = "Who made, entered or submitted the list may not approve it."
    next_step_vi = "Đề nghị lãnh đạo khác của UBND cấp xã phê duyệt."
    next_step_en = "Ask another leader of the commune to approve."


class SpellsAhead(Refusal):
    code = "spells_ahead"
    vi = "{count} hộ đã có diện bắt đầu từ ngày {on} trở đi nên danh sách không áp dụng được: {codes}."
    en = "{count} households have spells beginning on {on} or later: {codes}."
    next_step_vi = "Chọn ngày áp dụng muộn hơn, hoặc kết thúc các diện đó."
    next_step_en = "Choose a later day, or end those spells."


class ListNotReadable(Refusal):
    code = "review_list_header"
    vi = "Bảng thiếu cột: {columns}."
    en = "The table lacks columns: {columns}."
    next_step_vi = (
        "Dùng tệp mẫu: dòng đầu có Mã hộ hoặc Số định danh chủ hộ, Thu nhập, Số chỉ số thiếu hụt."
    )
    next_step_en = "Use the sample: household code or head's identity number, income, deprivations."


class ReviewRowsRefused(RowsRefused):
    code = "review_rows_wrong"
    vi = "{count} dòng có lỗi, chưa lưu dòng nào."
    en = "{count} rows are wrong; nothing was saved."
    next_step_vi = "Sửa các dòng nêu dưới đây trong tệp rồi nhập lại."
    next_step_en = "Correct the rows below in the file and import again."


class NotAllowed(Refusal):
    code = "household_not_allowed"
    vi = "Vai trò của bạn không được làm việc này: {deed}."
    en = "Your role does not allow this: {deed}."
    next_step_vi = "Đề nghị người có quyền thực hiện."
    next_step_en = "Ask somebody whose role allows it."


class ScanGone(Refusal):
    code = "scan_taken_back"
    vi = "Giấy tờ “{title}” đã được gỡ."
    en = "The paper “{title}” has been taken back."
    next_step_vi = "Tải lại trang; nếu cần, quét và tải lên lại."
    next_step_en = "Reload the page; scan and upload it again if it is needed."


class MergeRefused(Refusal):
    """Everything that stands in the way, at once."""

    code = "merge_refused"
    vi = "Chưa gộp được hộ {goes} vào hộ {stays}: {all}"
    en = "Household {goes} cannot be merged into {stays} yet: {all}"
    next_step_vi = "Giải quyết từng điểm nêu trên rồi gộp lại."
    next_step_en = "Settle each point, then merge again."

    def __init__(self, *, goes: str, stays: str, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(goes=goes, stays=stays, all="; ".join(self.reasons) + ".")


class UndoRefused(Refusal):
    code = "merge_undo_refused"
    vi = "Không hoàn tác được việc gộp hộ {goes} vào hộ {stays}: {why}."
    en = "The merge of household {goes} into {stays} cannot be undone: {why}."
    next_step_vi = "Tách hộ nếu hai hộ thật sự khác nhau."
    next_step_en = "Split the household if the two really differ."


class NotConfirmed(Refusal):
    code = "merge_not_confirmed"
    vi = "Mã hộ gõ lại “{typed}” không phải mã hộ sẽ mất ({goes})."
    en = "The code typed, “{typed}”, is not that of the household that goes ({goes})."
    next_step_vi = "Gõ đúng mã hộ sẽ mất để xác nhận."
    next_step_en = "Type the code of the household that goes."


class TooMuchSeen(Refusal):
    code = "too_much_seen"
    vi = "Trong một giờ bạn đã xem đủ {limit} số định danh, số điện thoại; lần này không hiện và đã ghi vào nhật ký."
    en = "Within an hour you have seen {limit} identity numbers and telephones in full; this one is not shown, and it is noted."
    next_step_vi = "Đợi đến giờ sau; việc cần xem nhiều hơn thì báo lãnh đạo đơn vị."
    next_step_en = "Wait for the next hour; if the work needs more, tell the head of the office."
    basis = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; giới hạn của đơn vị đặt ở TDCS_UNMASK_LIMIT"
