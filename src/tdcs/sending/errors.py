"""Refusals of what leaves the system."""

from tdcs.core.errors import Refusal


class RecipientUnknown(Refusal):
    code = "recipient_unknown"
    vi = "Không rõ người nhận “{words}”."
    en = "The recipient “{words}” is unknown."
    next_step_vi = "Mỗi dòng một người: tên đăng nhập, hoặc “Họ tên <thư điện tử>”."
    next_step_en = "One a line: a user name, or “Full name <address>”."


class NoRecipients(Refusal):
    code = "no_recipients"
    vi = "Lịch gửi chưa có người nhận."
    en = "The schedule has no recipient."
    next_step_vi = "Ghi ít nhất một người nhận, mỗi dòng một người."
    next_step_en = "Name at least one recipient, one a line."


class NotForOutsiders(Refusal):
    code = "not_for_outsiders"
    vi = "“{name}” không có tài khoản; người ngoài chỉ được nhận báo cáo chỉ tiêu và số liệu của tỉnh."
    en = "“{name}” has no account; people outside receive the province's targets and figures only."
    next_step_vi = "Chọn báo cáo chỉ tiêu và số liệu, hoặc gửi cho người có tài khoản."
    next_step_en = "Choose targets and figures, or send to somebody with an account."


class RecipientMayNotSee(Refusal):
    code = "recipient_may_not_see"
    vi = "Vai trò của {name} không mở được báo cáo này."
    en = "The role of {name} does not open this report."
    next_step_vi = "Chọn người có vai trò mở được báo cáo, hoặc bỏ người này."
    next_step_en = "Choose somebody whose role opens the report, or leave this person out."


class RecipientWithoutAddress(Refusal):
    code = "recipient_without_address"
    vi = "{name} chưa có địa chỉ thư điện tử."
    en = "{name} has no e-mail address."
    next_step_vi = "Nhờ người đó ghi địa chỉ ở trang Tài khoản của tôi."
    next_step_en = "Ask the person to enter one on the page My account."


class ScheduleDayWrong(Refusal):
    code = "schedule_day_wrong"
    vi = "Ngày gửi {day} không có trong nhịp đã chọn."
    en = "Day {day} is not in the chosen rhythm."
    next_step_vi = "Hằng tuần: thứ hai là 1 đến chủ nhật là 7; hằng tháng: ngày 1 đến 31."
    next_step_en = "Weekly: Monday is 1, Sunday is 7; monthly: the 1st to the 31st."


class ScheduleEnded(Refusal):
    code = "schedule_ended"
    vi = "Lịch gửi này đã kết thúc."
    en = "This schedule has ended."
    next_step_vi = "Lập lịch gửi mới."
    next_step_en = "Make a new schedule."


class SendingCutShort(Refusal):
    code = "sending_cut_short"
    vi = "Việc gửi bị cắt ngang; không rõ thư đã đi chưa nên không gửi lại."
    en = "Sending was cut short; whether the message left is unknown, so it is not sent again."
    next_step_vi = "Hỏi người nhận; chưa nhận được thì gửi tệp bằng thư thường."
    next_step_en = "Ask the recipient; if nothing arrived, send the file by ordinary mail."


class MailServerFailed(Refusal):
    code = "mail_server_failed"
    vi = "Máy chủ thư không nhận ({problem})."
    en = "The mail server did not take it ({problem})."
    next_step_vi = "Hệ thống tự thử lại vài lần; vẫn lỗi thì báo quản trị hệ thống."
    next_step_en = "It is tried again some times; if it still fails tell the administrator."


class TemplateWrong(Refusal):
    code = "template_wrong"
    vi = "Mẫu tin “{kind}” có chỗ điền không dùng được: {what}."
    en = "The template “{kind}” has a placeholder that cannot be used: {what}."
    next_step_vi = "Sửa law/messages.yaml: chỉ dùng các chỗ điền đã nêu của loại tin."
    next_step_en = "Correct law/messages.yaml: use only the placeholders listed for the kind."


class GatewayOff(Refusal):
    code = "gateway_off"
    vi = "Hệ thống này chưa nối cổng tin nhắn."
    en = "This installation has no message gateway."
    next_step_vi = "Quản trị hệ thống đặt TDCS_SMS_URL và khóa (tài liệu vận hành)."
    next_step_en = "The administrator sets TDCS_SMS_URL and its key (how-to/run.md)."


class GatewayUnsafe(Refusal):
    code = "gateway_unsafe"
    vi = "Địa chỉ cổng tin nhắn không mã hóa; số điện thoại không được gửi đi như vậy."
    en = "The gateway's address is not encrypted; telephone numbers are not sent so."
    next_step_vi = "Đặt TDCS_SMS_URL thành địa chỉ https."
    next_step_en = "Set TDCS_SMS_URL to an https address."


class GatewayMappingWrong(Refusal):
    code = "gateway_mapping_wrong"
    vi = "TDCS_SMS_BODY không phải JSON với các chỗ điền to, text, sender, reference."
    en = "TDCS_SMS_BODY is no JSON with the placeholders to, text, sender, reference."
    next_step_vi = "Quản trị hệ thống sửa TDCS_SMS_BODY theo tài liệu vận hành."
    next_step_en = "The administrator corrects TDCS_SMS_BODY (how-to/run.md)."


class NobodyToMessage(Refusal):
    code = "nobody_to_message"
    vi = "Không có ai để nhắn tin."
    en = "There is nobody to send a message to."
    next_step_vi = "Xem danh sách bỏ qua: ghi sự đồng ý và số điện thoại của hộ trước."
    next_step_en = "See who was left out: note consent and telephone first."


class SecondPersonNeeded(Refusal):
    code = "second_person_needed"
    vi = "Đợt tin này do người khác với người lập xác nhận."
    en = "This batch is confirmed by somebody other than its maker."
    next_step_vi = "Nhờ tổ trưởng tín dụng hoặc giám đốc xác nhận."
    next_step_en = "Ask the credit head or the director to confirm."


class WithoutTelephone(Refusal):
    code = "without_telephone"
    vi = "Người này chưa có số điện thoại trong hồ sơ hộ."
    en = "There is no telephone of this person in the household's record."
    next_step_vi = "Sửa thông tin người trong hồ sơ hộ, ghi số điện thoại."
    next_step_en = "Enter the telephone in the household's record."
