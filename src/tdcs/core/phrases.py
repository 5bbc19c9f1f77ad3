"""What refusals fill into their sentences: each Vietnamese phrase with its English, so that no language stands in the other.

A service says the Vietnamese; `Refusal.sentence("en")` looks it up here. "{}" stands for a figure, a day or a name.
`tests/tidy/test_refusal_words.py` finds a phrase that is missing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

PHRASES: Final[dict[str, str]] = {
    # Who works for whom
    "chỉ quản trị hệ thống cho thôi làm thay": "only the system administrator ends a substitution",
    "việc làm thay này đã hết": "this substitution is over",
    "bạn không được cử làm thay người này hôm nay": "you are not named to act for this person today",
    "không có tài khoản “{}”": "there is no account “{}”",
    # Units
    "thiếu tên": "the name is missing",
    "chưa chọn loại hoặc cấp": "no type or level was chosen",
    "đơn vị cấp trên không hoạt động trong ngày ấy": "the unit above does not live on that day",
    # Drafts and letters
    "biểu mẫu không có tên": "the form has no name",
    "đã giữ quá nhiều bản nháp": "too many drafts are kept already",
    "ngày văn bản {} chưa đến": "the letter's day {} has not come",
    "hạn trả lời trước ngày văn bản": "the answer would be due before the letter's day",
    # Transaction points
    "ngày giao dịch theo điểm giao dịch: đổi lại ở điểm": "the session day follows the transaction point: change it there",
    "vai trò": "role",
    "đang là {}": "is {} now",
    "tổ": "group",
    "không có trong danh mục": "is not in the catalogue",
    "chỉ một người": "only one person",
    "tổ trưởng tổ giao dịch": "team leader",
    "kiểm soát viên": "controller",
    "giao dịch viên": "teller",
    "lái xe": "driver",
    "cán bộ tăng cường": "helping officer",
    "không công tác tại phòng giao dịch này": "does not work at this office",
    "tổ giao dịch": "team",
    "không có người này ở phòng giao dịch": "nobody of the office",
    "ngày đã qua": "the day is past",
    "ngày bầu cử": "election day",
    "ngày giao dịch": "session day",
    "giờ": "hours",
    "ghi như 8h00-11h00": "is written like 8h00-11h00",
    "từ ngày": "from",
    "tổ đã được xếp điểm khác sau ngày này": "the group has another point after this day",
    "tháng": "month",
    "chọn tháng này hoặc tháng sau": "choose this month or a later one",
    "ngày tổ chức": "day of the session",
    "số tờ không hợp lệ": "the number of notes is not valid",
    "người giao, người nhận": "giver, taker",
    "phải có bạn là một bên": "you must be one of the two",
    "người nhận": "taker",
    "phải là người khác với người giao": "must be another person than the giver",
    "người giữ quỹ của phòng giao dịch (không ở trong tổ)": "keeper of the office's cash (not of the team)",
    "thành viên tổ giao dịch": "member of the team",
    "Giao nhận tiền mặt": "Pass cash",
    "Đã lên lịch": "planned",
    "Đã chuẩn bị": "prepared",
    "Đang giao dịch": "open",
    "Đã kiểm quỹ": "counted",
    "Đã kết thúc": "closed",
    "Đã bàn giao quỹ": "settled",
    "Không tổ chức": "not held",
    "Xác nhận chuẩn bị xong": "Confirm that all is ready",
    "Mở phiên giao dịch": "Open the session",
    "Ghi kiểm quỹ cuối phiên": "Enter the cash count",
    "Kết thúc phiên": "Close the session",
    "Nhận bàn giao quỹ": "Take the cash over",
    "Không tổ chức phiên": "Do not hold the session",
    "tên thiết bị": "name of the device",
    "khóa ký": "signing key",
    "khóa mã hóa": "agreement key",
    "không hợp lệ, hoặc đã đăng ký": "is not valid, or registered already",
    "không hợp lệ": "is not valid",
    "loại “{}” không có": "there is no kind “{}”",
    "không có hồ sơ này": "there is no such application",
    "người ghi không phải giao dịch viên": "who wrote it is no teller",
    "bảng kê không có dòng nào": "the sheet has no line",
    "số không hợp lệ": "a number is not valid",
    "việc này không còn chờ xử lý": "it waits for nobody any more",
    "Lấy gói phiên giao dịch": "Take the session's pack",
    "phòng giao dịch": "office",
    # Sheets and results
    "bút toán này không phải của một bảng kê thu": "this entry is not of a collection sheet",
    "Đảo bảng kê": "Reverse a sheet",
    "số liệu ghi bằng chữ số, ví dụ 1.234,5": "a figure is written in digits, e.g. 1.234,5",
    # Several plans
    "không báo cáo chung với {} được": "it cannot be reported with {}",
    "không rõ quan hệ với {}": "the relation to {} is unknown",
    "{} không còn trong thực hiện": "{} no longer runs",
    "chưa chọn nhiệm vụ nào của {} bị sửa đổi": "no task of {} was chosen to be amended",
    "thu hồi công bố": "withdraw the publication",
    "lập lại bản nháp": "make the draft again",
    "còn hiệu lực đến trước ngày {}": "in force to before {}",
    "không thời hạn": "without an end",
    "năm báo cáo {} chưa khóa": "reporting year {} is not closed",
    "{} kết quả đã duyệt": "{} accepted results",
    "{} kết quả đã duyệt của nhiệm vụ mới trong bản này": "{} accepted results of tasks new in this version",
    "{} báo cáo đã tiếp nhận": "{} accepted reports",
    "{} báo cáo tổng hợp đã phát hành": "{} issued consolidated reports",
    "{} năm báo cáo đã khóa": "{} closed reporting years",
    "{} kế hoạch khác thay thế, sửa đổi hoặc cụ thể hóa kế hoạch này": "{} plans that replace, amend or carry out this one",
    "{} kế hoạch khác báo cáo chung với kế hoạch này": "{} plans reported with this one",
    # Meetings that appraise applications
    "có mặt": "present",
    "có người không phải tổ viên vào ngày họp": "somebody was no member on the day of the meeting",
    "chủ trì": "chair",
    "thư ký": "secretary",
    "không có mặt tại cuộc họp": "is not among those present",
    "phải là người khác với chủ trì": "must be another person than the chair",
    "người chứng kiến": "witness",
    "không thuộc ban quản lý tổ vào ngày họp": "is not on the group's board on the day of the meeting",
    "hồ sơ": "application",
    "chưa chọn, hoặc chọn hai lần": "none is chosen, or one twice",
    "không thuộc tổ này": "is not of this group",
    "biểu quyết": "votes",
    "số phiếu không được âm": "the number of votes cannot be below 0",
    "số tiền tổ đồng ý": "amount the group agrees to",
    "biên bản": "minutes",
    "đã hủy rồi": "they are undone already",
    "Ghi biên bản họp bình xét": "Record an appraisal meeting",
    "Hủy biên bản họp bình xét": "Undo an appraisal meeting",
    "Hủy kết quả bình xét": "Undo the appraisal",
    # Fields
    "tệp văn bản của bản đầu tiên": "the file of the first version",
    "từ trong văn bản": "the words in the document",
    "nghĩa": "meaning",
    "loại": "kind",
    "số tiền": "amount",
    "số tiền phê duyệt": "approved amount",
    "số lãi": "interest",
    "mục đích": "purpose",
    "thời hạn": "term",
    "ý kiến": "opinion",
    "loại đề nghị": "kind of request",
    "nguyên nhân": "cause",
    "mức thiệt hại": "loss",
    "lãi suất": "rate",
    "căn cứ": "basis",
    "lý do": "reason",
    "bảng kê": "sheet",
    "nơi chuyển đến": "new place",
    "đến ngày": "until",
    "kỳ hạn": "instalment",
    "kỳ": "period",
    "chương trình": "programme",
    "hộ": "household",
    "tên tổ, ấp": "name of the group, hamlet",
    "ngày giao dịch xã": "session day of the commune",
    "xã, phường": "commune",
    "họ và tên": "full name",
    "ngày sinh": "date of birth",
    "số định danh": "identity number",
    "điện thoại": "telephone",
    "ấp, khu phố": "hamlet",
    "thành viên": "member",
    "thu nhập": "income",
    "số chỉ số thiếu hụt": "number of deprivations",
    "loại giấy tờ": "kind of paper",
    "khế ước {}": "loan {}",
    # What is wrong with them
    "chưa ghi": "nothing is written",
    "chưa nhập": "nothing is entered",
    "chưa chọn": "nothing is chosen",
    "cần ghi lý do": "a reason is needed",
    "không được để trống": "must not be empty",
    "phải là số nguyên đồng lớn hơn 0": "must be a whole number of dong above 0",
    "phải lớn hơn 0 tháng": "must be more than 0 months",
    "phải lớn hơn 0, không quá số đề nghị": "must be above 0 and not above what was asked for",
    "phải lớn hơn 0 và không quá 10 tỷ đồng": "must be above 0 and at most 10 billion dong",
    "phải là số nguyên từ 0 đến {}": "must be a whole number from 0 to {}",
    "phải từ 0 đến {}": "must be from 0 to {}",
    "phải từ 0 đến 1 tỷ đồng một người một tháng": "must be from 0 to 1 billion dong a person a month",
    "phải là một ngày": "must be a day",
    "phải trong năm {}": "must be within {}",
    "phải có đúng 12 chữ số": "must have exactly 12 digits",
    "phải có 9 đến 12 chữ số": "must have 9 to 12 digits",
    "cần họ tên đầy đủ, không có chữ số": "the full name is needed, without digits",
    "số tiền phải là số nguyên từ 0": "amounts must be whole numbers from 0",
    "không có dòng nào": "there is no line",
    "không có dòng nào dưới dòng tiêu đề": "there is no line under the heading",
    "là ngày trong tháng, từ 1 đến 31": "is a day of the month, from 1 to 31",
    "không có vào ngày {}": "does not exist on {}",
    "quý từ 1 đến 4 hoặc cả năm; năm trước, nay hoặc sau": "a quarter from 1 to 4 or the whole year; last, this or next year",
    "chọn một chương trình đang cho vay": "choose a programme that lends now",
    "chọn một tổ, hoặc một phòng giao dịch": "choose a group, or a transaction office",
    "không ở địa bàn khảo sát": "is not in the area of the survey",
    "không ở địa bàn rà soát": "is not in the area of the review",
    "có người không còn trong hộ": "somebody is no longer in the household",
    "chỉ quyết định xóa nợ mới kèm xóa lãi": "only a write-off of principal writes interest off with it",
    # Days
    "ở tương lai": "is in the future",
    "{} ở tương lai": "{} is in the future",
    "{} quá xa": "{} is too long ago",
    "chưa đến kỳ": "the period has not come",
    "trước ngày thành lập tổ": "before the group was founded",
    "trước khi có hộ": "before there was the household",
    "người này đã rời hộ": "this person has left the household",
    "ban quản lý đã thay đổi sau ngày này": "the board has changed after this day",
    "đã có hợp đồng từ ngày này trở đi": "there is a contract from this day on",
    "đã có thay đổi sau ngày này": "there are changes after this day",
    "phải sau ngày kết nạp": "must be after the day of admission",
    "phải sau ngày kết nạp tổ viên cuối cùng": "must be after the last member's day of admission",
    "phải sau ngày vào hộ của {} ({})": "must be after {} came into the household ({})",
    "phải sau ngày bắt đầu ({})": "must be after the first day ({})",
    "phải sau {} ({})": "must be after {} ({})",
    "diện đã hết từ {}": "the kind ended on {}",
    "quyết định trước năm {}": "the decision is from before {}",
    "ngày {} trước ngày gộp": "{} is before the day of the merge",
    # Files
    "không có tệp": "the file is not there",
    "nội dung khác lúc ghi": "its content is not what was written",
    "nội dung đã bị sửa": "its content was changed",
    "không đọc được": "it cannot be read",
    "không phải PDF, Word, Excel, OpenDocument hay ảnh": "it is no PDF, Word, Excel, OpenDocument or picture",
    "tệp nén; hãy gửi từng tệp PDF, Word, Excel hay ảnh": "it is an archive; send each PDF, Word, Excel or picture",
    "tệp rỗng": "the file is empty",
    "tệp {} MB, quá 20 MB": "the file has {} MB, more than 20 MB",
    "tệp quá 20 MB": "the file has more than 20 MB",
    "nội dung là {}, chỉ nhận {}": "its content is {}, only {} is taken",
    "tệp có macro; hãy lưu thành .docx hoặc .xlsx": "the file has macros; save it as .docx or .xlsx",
    "tệp hỏng hoặc có mật khẩu": "the file is damaged or has a password",
    "chưa chọn tệp": "no file was chosen",
    "chưa chọn tệp, chưa nhập liên kết": "no file was chosen and no link entered",
    "liên kết phải bắt đầu bằng http:// hoặc https://": "a link must begin with http:// or https://",
    # Steps
    "mật khẩu hiện tại không đúng": "the present password is not right",
    "đề nghị áp dụng quyết định": "asking for a decree to be carried out",
    "xác nhận áp dụng quyết định": "confirming that a decree is carried out",
    "đề nghị việc này": "ask for this",
    "duyệt đề nghị hạch toán": "confirm entries",
    "lập hồ sơ vay": "applying for a loan",
    "đề nghị xử lý nợ": "asking for a change of a debt",
    "duyệt xử lý nợ": "deciding on a change of a debt",
    "đảo bút toán": "reversing an entry",
    "trả lại lãi thu thừa": "refunding interest",
    "giải ngân": "paying out",
    "đã hủy giải ngân": "payment was given up",
    "đề nghị chuyển nơi quản lý": "asking for a move",
    "duyệt chuyển nơi quản lý": "deciding on a move",
    "thu nợ đã xóa": "collecting a debt written off",
    "đảo khoản thu nợ đã xóa": "reversing what was collected of a debt written off",
    "lập bản mới": "making a new version",
    "giao thực hiện": "assigning it",
    "sửa minh chứng": "changing evidence",
    "sửa kiến nghị": "changing the proposal",
    "gửi kiến nghị": "sending the proposal",
    "rút lại kiến nghị": "taking the proposal back",
    "trả lại kiến nghị": "returning the proposal",
    "tổng hợp": "gathering",
    "ghi quyết định": "entering the decision",
    "nhập": "entering",
    "đang có một bản chờ công bố": "a version waits to be published",
    # Steps and states of files, by the labels that pages show
    "ghi kết quả bình xét": "entering the group's appraisal",
    "xác nhận của UBND xã": "the commune's confirmation",
    "kiểm tra hồ sơ": "checking the application",
    "kiểm soát": "control",
    "phê duyệt cho vay": "approving the loan",
    "ký hợp đồng": "signing the contract",
    "trả lại để bổ sung": "returned to be completed",
    "không cho vay": "refused",
    "hộ rút đề nghị": "withdrawn by the household",
    "thôi giải ngân phần còn lại": "giving up what is not paid out",
    "cập nhật tiến độ": "reporting progress",
    "báo cáo kết quả": "reporting the result",
    "rút lại báo cáo": "taking the report back",
    "duyệt": "accepting",
    "mở lại": "opening again",
    "thôi giao": "withdrawn",
    "đang lập": "being made",
    "tổ đã bình xét": "appraised by the group",
    "UBND xã đã xác nhận": "confirmed by the commune",
    "cán bộ tín dụng đã kiểm tra": "checked by the credit officer",
    "đã kiểm soát": "controlled",
    "đã phê duyệt": "approved",
    "đã ký hợp đồng": "contract signed",
    "đã giải ngân": "paid out",
    "trả lại bổ sung": "returned to be completed",
    "chưa báo cáo": "not reported yet",
    "đang thực hiện": "in progress",
    "đã báo cáo": "reported",
    "đã duyệt": "accepted",
    "nhập vào đơn vị kế thừa": "merged into the successor",
    "đang soạn": "being written",
    "đã gửi chi nhánh": "sent to the branch",
    "đã tổng hợp trình": "gathered and submitted",
    "được chấp thuận": "approved",
    "không chấp thuận": "rejected",
    "thường xuyên": "at all times",
    "hằng năm": "every year",
    "theo quý": "every quarter",
    "khi có chỉ đạo": "when directed",
    "chưa nêu thời gian": "no time named",
    "đang rà soát": "under review",
    "trình duyệt": "submitted for approval",
    "chờ người thứ hai": "waiting for a second person",
    "không duyệt": "refused",
    "soạn báo cáo": "writing the report",
    "nộp báo cáo": "handing the report in",
    "tiếp nhận": "receiving",
    "mở lại báo cáo": "opening the report again",
    "nhập danh sách": "importing the list",
    "thêm hộ": "adding households",
    "bỏ hộ": "removing the household",
    "trình": "submitting",
    "rút lại": "taking it back",
    "phê duyệt": "approving",
    # Why not
    "đây là bút toán đảo; ghi lại diễn biến mới thay vì đảo lần nữa": "it is a reversal itself; enter what happened anew",
    "đã được đảo": "it was reversed already",
    "đã được đảo, hoặc chính là bút toán đảo": "it was reversed already, or is a reversal itself",
    "đã thu được nợ đã xóa; đảo các khoản thu ấy trước": "money was collected on it; reverse that first",
    "khoản vay còn diễn biến khác sau lần giải ngân đầu": "the loan has other events after its first disbursement",
    "hai mã là cùng một hộ": "both codes are one household",
    "đã hoàn tác ngày {}": "it was undone on {}",
    "từ khi gộp đã ghi thêm về {}": "since the merge more was written about {}",
    "hộ không ở tổ nào, không có khoản vay": "the household is in no group and has no loan",
    "đã có đề nghị chuyển đang chờ quyết định": "a move waits for its decision already",
    # Documents and what they lack
    "xếp loại tổ tk&vv": "the rating of groups",
    "phân chia phí ủy thác": "the division of the entrustment fee",
    "số văn bản quyết định": "the number of the decision",
    "tờ trình": "The submission",
    "kiến nghị": "proposal",
    "kiến nghị đã được chấp thuận": "an approved proposal",
    "quyết định thôi giao việc này": "The withdrawal of this task",
    "kế hoạch của đơn vị": "The unit's plan",
    "báo cáo tổng hợp năm {}": "The consolidated report of {}",
    "báo cáo": "report",
    "nội dung ý kiến": "the opinion",
    "số, ký hiệu": "the number",
    "người ký": "the signer",
    "ngày ban hành": "the day of issue",
    "nhiệm vụ": "tasks",
    "tên nhiệm vụ": "the task's title",
    "nội dung": "the text",
    "thời gian": "the time",
    "ngày đến hạn": "the due day",
    "loại nhiệm vụ": "the kind of duty",
    "cả ngày và tháng của hạn": "both day and month",
    "một ngày có thật làm hạn": "a day that exists",
    "nhiệm vụ cần sửa đổi, bãi bỏ": "the task to change or to drop",
    "nội dung đề nghị": "what is proposed",
    "phần của kế hoạch": "the section of the plan",
    "tên việc": "the title",
    "đơn vị nhận việc": "units",
    "nội dung phải báo cáo (lời, số liệu hoặc tệp)": "what must be answered (words, a figure or a file)",
    "tên số liệu": "the figure's name",
    "hạn không sớm hơn ngày bắt đầu kỳ": "a due day that is not before the period begins",
}


def english(words: str) -> str:
    """A phrase, or a list of phrases, in English; what is no phrase (a name, a number) as it is."""
    known = _one(words)
    if known is not None:
        return known
    if _listed().fullmatch(words):
        return ", ".join(_one(part) or part for part in _phrase().findall(words))
    pair = [_one(one) for one in words.split(" và ")]
    if len(pair) > 1 and all(pair):
        return " and ".join(one or "" for one in pair)
    reasons = words.rstrip(".").split("; ")
    said = [_one(one) for one in reasons]
    if not any(said):
        return words
    end = "." if words.endswith(".") else ""
    return "; ".join(new or old for new, old in zip(said, reasons, strict=True)) + end


def _one(words: str) -> str | None:
    """A phrase of the catalogue in English, whether it begins large or small; None for what is none."""
    plain = words[:1].lower() + words[1:]
    found = PHRASES.get(words) or PHRASES.get(plain) or PHRASES.get(words.lower())
    if found is None:
        for pattern, filled in _patterns():
            match = pattern.fullmatch(plain)
            if match:
                return filled.format(*(english(part) for part in match.groups()))
        return None
    return found[:1].upper() + found[1:] if words[:1].isupper() else found


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Phrases with something to fill, those with most words of their own first."""
    open_ones = sorted((one for one in PHRASES if "{}" in one), key=len, reverse=True)
    return [
        (re.compile("(.+?)".join(re.escape(part) for part in one.split("{}"))), PHRASES[one])
        for one in open_ones
    ]


@cache
def _phrase() -> re.Pattern[str]:
    closed = sorted((one for one in PHRASES if "{}" not in one), key=len, reverse=True)
    return re.compile("|".join(re.escape(one) for one in closed), re.IGNORECASE)


@cache
def _listed() -> re.Pattern[str]:
    one = f"(?:{_phrase().pattern})"
    return re.compile(f"{one}(?:, {one})+", re.IGNORECASE)
