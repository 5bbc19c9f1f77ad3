"""Refusals of the room."""

from __future__ import annotations

from tdcs.core.errors import Refusal, RowsRefused

_HOW = "HD 4030/NHCS-TDNN 10/12/2014"


class PointFieldWrong(Refusal):
    code = "point_field_wrong"
    vi = "{field}: {why}."
    en = "{field}: {why}."
    next_step_vi = "Sửa mục đã nêu rồi gửi lại."
    next_step_en = "Correct what is named and send again."


class PointClosed(Refusal):
    code = "point_closed"
    vi = "Điểm giao dịch {point} không hoạt động vào ngày {day:%d/%m/%Y}."
    en = "The transaction point {point} does not exist on {day:%d/%m/%Y}."
    next_step_vi = "Chọn ngày khác, hoặc điểm giao dịch khác."
    next_step_en = "Choose another day or another point."
    basis = _HOW


class PointOutOfScope(Refusal):
    code = "point_out_of_scope"
    vi = "Điểm giao dịch {point} không thuộc phạm vi của bạn."
    en = "The transaction point {point} is outside your scope."
    next_step_vi = "Liên hệ phòng giao dịch phục vụ điểm này."
    next_step_en = "Ask the office that serves this point."


class GroupOfAnotherOffice(Refusal):
    code = "group_of_another_office"
    vi = "Tổ {group} do phòng giao dịch khác phục vụ, không phải phòng của điểm {point}."
    en = "Another office than that of the point {point} serves the group {group}."
    next_step_vi = "Đổi phòng giao dịch của tổ trước, hoặc chọn điểm khác."
    next_step_en = "Change the group's office first, or choose another point."


class SessionNotMovable(Refusal):
    code = "session_not_movable"
    vi = "Phiên ngày {day:%d/%m/%Y} đang ở bước “{state}”, không đổi được nữa."
    en = "The session of {day:%d/%m/%Y} is “{state}” and cannot be changed any more."
    next_step_vi = "Chỉ phiên chưa mở mới đổi được ngày và tổ giao dịch."
    next_step_en = "Only a session that has not opened can get another day or team."
    basis = _HOW


class SessionStep(Refusal):
    code = "session_step"
    vi = "Không thể “{verb}” khi phiên đang ở bước “{state}”."
    en = "“{verb}” is not possible while the session is “{state}”."
    next_step_vi = "Làm các bước của phiên theo thứ tự."
    next_step_en = "Take the session's steps in their order."
    basis = _HOW


class SessionDay(Refusal):
    code = "session_day"
    vi = "Không tổ chức phiên ngày {day:%d/%m/%Y}: {why}."
    en = "No session on {day:%d/%m/%Y}: {why}."
    next_step_vi = "Chọn ngày khác."
    next_step_en = "Choose another day."
    basis = _HOW


class SessionToday(Refusal):
    code = "session_today"
    vi = "Phiên này tổ chức ngày {day:%d/%m/%Y}, hôm nay là {today:%d/%m/%Y}."
    en = "This session is held on {day:%d/%m/%Y}; today is {today:%d/%m/%Y}."
    next_step_vi = "Mở phiên đúng ngày, hoặc dời ngày phiên kèm lý do."
    next_step_en = "Open it on its day, or move it for a reason."


class TeamIncomplete(Refusal):
    code = "team_incomplete"
    vi = "Tổ giao dịch chưa đủ: còn thiếu {missing}."
    en = "The team is not complete: {missing} is missing."
    next_step_vi = "Phân công đủ tổ trưởng, kiểm soát viên, giao dịch viên: ba người khác nhau."
    next_step_en = "Name a leader, a controller and a teller: three different people."
    basis = _HOW


class OnePersonTwoRoles(Refusal):
    code = "one_person_two_roles"
    vi = "{person} được phân công hai vai trò trong một tổ giao dịch."
    en = "{person} is named for two roles of one team."
    next_step_vi = "Mỗi người chỉ giữ một vai trò trong phiên."
    next_step_en = "Each person has one role in a session."
    basis = _HOW


class NotFitForRole(Refusal):
    code = "not_fit_for_role"
    vi = "{person} không thể làm {role}: {why}."
    en = "{person} cannot be {role}: {why}."
    next_step_vi = "Chọn cán bộ khác của phòng giao dịch."
    next_step_en = "Choose another officer of the office."
    basis = _HOW


class NotOnTheTeam(Refusal):
    code = "not_on_the_team"
    vi = "Chỉ {role} của phiên được thực hiện bước này."
    en = "Only the session's {role} may take this step."
    next_step_vi = "Nhờ người được phân công thực hiện."
    next_step_en = "Ask the person named for it."
    basis = _HOW


class MoveReasonMissing(Refusal):
    code = "point_reason_missing"
    vi = "Chưa ghi lý do."
    en = "The reason is missing."
    next_step_vi = "Ghi lý do để các tổ và UBND xã được biết."
    next_step_en = "Say why, for the groups and the commune to know."


class DifferenceUnexplained(Refusal):
    code = "difference_unexplained"
    vi = "Kiểm đếm {counted} đồng, phải có {expected} đồng: chênh lệch {difference} đồng chưa có lý do."
    en = "{counted} dong were counted and {expected} should be there: the difference of {difference} has no reason."
    next_step_vi = "Đếm lại; nếu vẫn chênh lệch thì ghi lý do."
    next_step_en = "Count again; if it stays, say why."
    basis = _HOW


class CountWrong(Refusal):
    code = "count_wrong"
    vi = "Mệnh giá {denomination}: {why}."
    en = "Denomination {denomination}: {why}."
    next_step_vi = "Ghi số tờ là số nguyên từ 0, theo mệnh giá đang lưu hành."
    next_step_en = "Give whole numbers of notes of denominations in use."
    basis = _HOW


class DeviceRevoked(Refusal):
    code = "device_revoked"
    vi = "Thiết bị {device} đã bị thu hồi ngày {day:%d/%m/%Y}."
    en = "The device {device} was revoked on {day:%d/%m/%Y}."
    next_step_vi = "Dùng thiết bị khác, hoặc đăng ký lại thiết bị."
    next_step_en = "Use another device, or register it again."


class LogNotNext(Refusal):
    code = "log_not_next"
    vi = "Dòng {seq} của nhật ký không nối tiếp dòng {last} đã nhận ({why})."
    en = "Line {seq} of the log does not follow line {last} that was received ({why})."
    next_step_vi = "Gửi lại từ dòng {expected}; nếu vẫn vậy thì báo phòng giao dịch, không xóa dữ liệu trên máy."
    next_step_en = (
        "Send again from line {expected}; if it stays, tell the office and erase nothing there."
    )


class LogForked(Refusal):
    code = "log_forked"
    vi = "Dòng {seq} gửi lại khác với dòng {seq} đã nhận."
    en = "Line {seq} differs from the line {seq} that was received."
    next_step_vi = "Giữ nguyên thiết bị, báo phòng giao dịch kiểm tra."
    next_step_en = "Keep the device as it is and tell the office."


class LogNotSigned(Refusal):
    code = "log_not_signed"
    vi = "Dòng {seq} không do thiết bị này ký."
    en = "Line {seq} is not signed by this device."
    next_step_vi = "Gửi nhật ký từ đúng thiết bị đã lấy gói của phiên."
    next_step_en = "Send the log from the device that took the session's pack."


class LogSealed(Refusal):
    code = "log_sealed"
    vi = "Nhật ký của thiết bị trong phiên này đã chốt ở dòng {seq}."
    en = "The device's log of this session is sealed at line {seq}."
    next_step_vi = "Ghi việc còn lại ở quầy."
    next_step_en = "Enter what is left at the counter."


class PackUnknown(Refusal):
    code = "pack_unknown"
    vi = "Không có gói {pack} của phiên này cho thiết bị này."
    en = "There is no pack {pack} of this session for this device."
    next_step_vi = "Lấy gói của đúng phiên."
    next_step_en = "Take the pack of the right session."


class PackVoid(Refusal):
    code = "pack_void"
    vi = "Gói phiên đã bị thu hồi trước khi nhật ký được nộp."
    en = "The pack was revoked before the log was handed in."
    next_step_vi = "Người có trách nhiệm xem từng dòng rồi ghi ở quầy."
    next_step_en = "Somebody looks at each line and enters it at the counter."


class BookAtCounter(Refusal):
    code = "book_at_counter"
    vi = "Không hạch toán được dòng này: {why}."
    en = "This line cannot be booked: {why}."
    next_step_vi = "Ghi ở quầy nếu đúng, rồi ghi cách xử lý."
    next_step_en = "Enter it at the counter if it is right, and say what was done."


class PaidMeanwhile(Refusal):
    code = "paid_meanwhile"
    vi = "Khế ước {number} đã có giao dịch ở quầy sau khi lấy gói phiên: {why}"
    en = "Loan {number} was served at the counter after the pack was taken: {why}"
    next_step_vi = "Xem các giao dịch ở quầy; hạch toán lại nếu còn phải thu, hoặc trả lại tiền cho hộ vay và ghi lý do."
    next_step_en = "Look at what the counter did; book again what is still owed, or give the money back and say so."


class SettledMeanwhile(Refusal):
    code = "settled_meanwhile"
    vi = "Khế ước {number} đã tất toán ở quầy sau khi lấy gói phiên."
    en = "Loan {number} was settled at the counter after the pack was taken."
    next_step_vi = "Trả lại tiền cho hộ vay, hoặc gửi vào sổ tiền gửi, rồi ghi cách xử lý."
    next_step_en = "Give the money back, or pay it into savings, and say what was done."


class PackOutdated(Refusal):
    code = "pack_outdated"
    vi = "Khế ước {number} được điều chỉnh ({what}) sau khi lấy gói phiên: số trên máy đã cũ."
    en = "Loan {number} was changed ({what}) after the pack was taken: the device counted with old figures."
    next_step_vi = "So số tiền đã thu với số phải thu bây giờ, rồi hạch toán lại hoặc bỏ kèm lý do."
    next_step_en = (
        "Compare what was taken with what is due now, then book again or dismiss for a reason."
    )


class TwoDevices(Refusal):
    code = "two_devices"
    vi = "Khế ước {number} đã được thu trên thiết bị {device} trong cùng phiên."
    en = "Loan {number} was collected on the device {device} in the same session already."
    next_step_vi = (
        "Hỏi người thu: nếu hộ vay trả hai lần thì hạch toán lại, nếu ghi trùng thì bỏ kèm lý do."
    )
    next_step_en = (
        "Ask who collected: book again if it was paid twice, dismiss if it was written twice."
    )


class ApprovalUnproven(Refusal):
    code = "approval_unproven"
    vi = "Dòng {seq} phải có người thứ hai duyệt, nhưng chữ ký duyệt thiếu hoặc không đúng."
    en = "Line {seq} needs a second person's approval, but its signature is missing or wrong."
    next_step_vi = "Hỏi kiểm soát viên có duyệt việc này không; nếu có thì hạch toán lại, nếu không thì ghi cách xử lý."
    next_step_en = (
        "Ask the controller whether he approved it; book it again if so, else say what was done."
    )


class UndoUnproven(Refusal):
    code = "undo_unproven"
    vi = "Dòng {seq} bị hủy tại phiên bằng dòng {undo}, nhưng không chứng minh được người duyệt việc hủy."
    en = "Line {seq} was undone at the session by line {undo}, but nobody's approval of that is proven."
    next_step_vi = "Hỏi người nộp tiền và kiểm soát viên: hạch toán lại nếu tiền đã thu, chi; nếu hủy đúng thì ghi cách xử lý."
    next_step_en = "Ask the payer and the controller: book it again if the money moved; if it was rightly undone, say so."


class SavingsOwnLine(Refusal):
    code = "savings_own_line"
    vi = "Tiền gửi của người không vay phải ghi bằng dòng “tiền gửi” riêng, không ghi trong bảng kê thu nợ."
    en = "Savings of who has no loan are a line of their own, not a row of a collection sheet."
    next_step_vi = "Ghi tiền gửi ở quầy rồi ghi cách xử lý; cập nhật ứng dụng trên thiết bị."
    next_step_en = "Enter the deposit at the counter and say so; update the app on the device."


class CaseDecided(Refusal):
    code = "case_decided"
    vi = "Việc này không còn chờ xử lý."
    en = "This case does not wait any more."
    next_step_vi = "Mở lại danh sách vướng mắc."
    next_step_en = "Open the list of cases again."


class TransferUnnamed(Refusal):
    code = "transfer_unnamed"
    vi = "Chưa biết khoản chuyển khoản này của khế ước nào, phiên nào."
    en = "It is not known of which loan and session this transfer is."
    next_step_vi = "Ghi phiên và số khế ước trước khi hạch toán, hoặc ghi cách xử lý khác."
    next_step_en = "Name the session and the loan before booking, or say what else was done."


class TransferSplitWrong(Refusal):
    code = "transfer_split_wrong"
    vi = "Lãi, gốc và tiền gửi cộng lại là {total} đồng, khác số báo có {amount} đồng."
    en = "Interest, principal and savings come to {total} dong, the bank credited {amount}."
    next_step_vi = "Chia lại cho đủ đúng số báo có."
    next_step_en = "Share out exactly what was credited."


class NotAReceipt(Refusal):
    code = "not_a_receipt"
    vi = "Mã này không phải biên lai của phiên giao dịch."
    en = "This code is no receipt of a session."
    next_step_vi = "Quét lại mã QR trên biên lai, hoặc nhập đủ dòng chữ dưới mã."
    next_step_en = "Scan the QR code of the receipt again, or type the whole line below it."


class ReceiptNotSigned(Refusal):
    code = "receipt_not_signed"
    vi = "Biên lai này không do thiết bị nào của Ngân hàng ký."
    en = "No device of the bank signed this receipt."
    next_step_vi = "Giữ biên lai, hỏi phòng giao dịch: có thể là biên lai giả."
    next_step_en = "Keep it and ask the office: it may be forged."


class ListRefused(RowsRefused):
    code = "list_refused"
    vi = "{count} dòng của bảng không hợp lệ; chưa nhận dòng nào: {listed}."
    en = "{count} rows of the table are not valid; none was taken: {listed}."
    next_step_vi = "Sửa các dòng đã nêu rồi gửi lại cả bảng."
    next_step_en = "Correct the rows named and send the whole table again."
