"""Refusals of the loans room. What a rule refuses takes its words from law/parameters/loan-refusals.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tdcs.core import phrases
from tdcs.core.errors import Refusal
from tdcs.loans.rules.refusals import next_step_en, refusal


class RuleRefused(Refusal):
    """A rule says no: the code, the sentence and its basis are the law's data."""

    def __init__(self, code: str, **words: Any) -> None:
        self.text = refusal(code, **words)
        self.code = code  # type: ignore[misc]
        self.basis = self.text["basis"]  # type: ignore[misc]
        super().__init__(**words)

    def sentence(self, language: str = "vi") -> str:
        return self.text["message_en" if language.startswith("en") else "message"]

    def next_step(self, language: str = "vi") -> str:
        return next_step_en(self.code) if language.startswith("en") else self.text["next_step"]


class SheetRefused(Refusal):
    """Some lines of a sheet cannot be posted; none was."""

    code = "sheet_refused"
    vi = "Bảng kê có {count} dòng không hợp lệ; chưa hạch toán dòng nào. {first}"
    en = "{count} lines of the sheet are not valid; nothing was posted. {first}"
    next_step_vi = "Sửa các dòng đã nêu rồi gửi lại cả bảng kê."
    next_step_en = "Correct the lines named and send the whole sheet again."

    def __init__(self, rows: Sequence[tuple[int, Refusal]]) -> None:
        self.rows = list(rows)
        super().__init__(count=len(self.rows), first="")

    def sentence(self, language: str = "vi") -> str:
        first = "; ".join(words.sentence(language) for _, words in self.rows[:3])
        text = self.en if language.startswith("en") else self.vi
        return text.format(count=len(self.rows), first=first)

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(super().as_json())
        found["rows"] = [{"line": at, **words.as_json()} for at, words in self.rows]
        return found


class MeetingWithoutQuorum(Refusal):
    code = "meeting_without_quorum"
    vi = "Cuộc họp có mặt {present} trong {members} tổ viên; cần ít nhất {least}."
    en = "{present} of {members} members are present; {least} are needed."
    next_step_vi = "Họp lại khi đủ tổ viên; kiểm tra danh sách có mặt."
    next_step_en = "Meet again with enough members; check the attendance."
    basis = "70/QĐ-HĐQT 24/7/2026 (chưa có văn bản)"


class MeetingInFuture(Refusal):
    code = "meeting_in_future"
    vi = "Ngày họp {day:%d/%m/%Y} ở sau hôm nay; chỉ ghi cuộc họp đã diễn ra."
    en = "The meeting of {day:%d/%m/%Y} lies after today; only a meeting that took place is recorded."
    next_step_vi = "Sửa ngày họp."
    next_step_en = "Correct the day of the meeting."


class MeetingHeld(Refusal):
    code = "meeting_held"
    vi = "Cuộc họp bình xét ngày {day:%d/%m/%Y} của tổ {group} đã được ghi."
    en = "The meeting of {day:%d/%m/%Y} of group {group} is recorded already."
    next_step_vi = "Mở biên bản đã ghi; ghi sai thì hủy biên bản ấy rồi ghi lại."
    next_step_en = "Open the minutes recorded; if they are wrong, undo them and record anew."


class OwnCaseChaired(Refusal):
    code = "own_case_chaired"
    vi = "{name} chủ trì cuộc họp nên không được bình xét hồ sơ {number} của chính hộ mình."
    en = "{name} chairs the meeting and cannot have application {number} of the own household decided."
    next_step_vi = "Để người khác trong ban quản lý tổ chủ trì, hoặc bỏ hồ sơ này khỏi cuộc họp."
    next_step_en = "Let another member of the board chair, or leave this application out."
    basis = "70/QĐ-HĐQT 24/7/2026 (chưa có văn bản)"


class VotesAboveAttendance(Refusal):
    code = "votes_above_attendance"
    vi = "Hồ sơ {number} có {votes} phiếu, nhiều hơn {present} người có mặt."
    en = "Application {number} has {votes} votes, more than the {present} members present."
    next_step_vi = "Kiểm tra số phiếu và danh sách có mặt."
    next_step_en = "Check the votes and the attendance."


class MeetingNotUndone(Refusal):
    code = "meeting_not_undone"
    vi = "Hồ sơ {number} đang ở bước “{state}”; cuộc họp này không hủy được nữa."
    en = "Application {number} is at “{state}”; this meeting cannot be undone any more."
    next_step_vi = "Đề nghị UBND xã hoặc ngân hàng trả lại hồ sơ."
    next_step_en = "Ask the commune or the bank to send the application back."


class WrongState(Refusal):
    code = "wrong_state"
    vi = "Hồ sơ {number} đang ở bước “{state}”, không thể “{verb}”."
    en = "Application {number} is at “{state}”; “{verb}” is not possible."
    next_step_vi = "Xem các bước đã làm trên trang hồ sơ."
    next_step_en = "See the steps taken on the application's page."
    basis = "Quy trình cho vay của NHCSXH"


class SamePerson(Refusal):
    code = "same_person"
    vi = (
        "Người đã làm một bước khác của hồ sơ này không được làm bước “{verb}”: phải là người khác."
    )
    en = "Who took another step of this file may not do “{verb}”: it takes somebody else."
    next_step_vi = "Chuyển cho người có thẩm quyền khác."
    next_step_en = "Hand it to another person with the authority."
    basis = "Nguyên tắc người lập – người kiểm soát"


class NotAllowed(Refusal):
    code = "not_allowed"
    vi = "Vai trò của bạn không được làm bước “{verb}”."
    en = "Your role may not do “{verb}”."
    next_step_vi = "Chuyển cho người có thẩm quyền."
    next_step_en = "Hand it to somebody with the authority."


class NotEligible(Refusal):
    code = "not_eligible"
    vi = "Hộ chưa đủ điều kiện vay chương trình {programme} ngày {day}: {reason}"
    en = "The household does not qualify for programme {programme} on {day}: {reason}"
    next_step_vi = "Kiểm tra diện thụ hưởng của hộ hoặc chọn chương trình khác."
    next_step_en = "Check the household's status or choose another programme."
    basis = "{basis}"


class AboveMaximum(Refusal):
    code = "above_maximum"
    vi = (
        "Dư nợ {owed} đồng, số chờ vay chưa giải ngân {promised} đồng và số vay {amount} đồng cộng lại"
        " vượt mức tối đa {maximum} đồng của chương trình {programme}."
    )
    en = (
        "{owed} dong owed, {promised} dong asked or approved and not yet paid out and {amount} dong of this"
        " application exceed together the maximum of {maximum} dong of programme {programme}."
    )
    next_step_vi = (
        "Giảm số tiền vay, thu bớt nợ cũ, hoặc thôi giải ngân phần còn lại của hồ sơ trước."
    )
    next_step_en = "Ask for less, repay some of the older loan, or give up what is still to be paid out of the other one."


class TermTooLong(Refusal):
    code = "term_too_long"
    vi = "Thời hạn {term} tháng vượt thời hạn tối đa {longest} tháng của chương trình {programme}."
    en = "A term of {term} months is longer than the {longest} months of programme {programme}."
    next_step_vi = "Rút ngắn thời hạn."
    next_step_en = "Shorten the term."


class FieldWrong(Refusal):
    code = "field_wrong"
    vi = "Giá trị của “{field}” không hợp lệ: {why}"
    en = "The value of “{field}” is not valid: {why}"
    next_step_vi = "Sửa lại rồi gửi lại."
    next_step_en = "Correct it and send again."


class NothingToRefund(Refusal):
    code = "nothing_to_refund"
    vi = "Khế ước {number} không có lãi thu thừa để trả lại: chỉ trả khi đã hết dư nợ."
    en = "Loan {number} has no interest to pay back: it is paid out only when nothing is owed."
    next_step_vi = "Khi còn dư nợ, lãi thu thừa được trừ vào lãi kỳ sau; xem trang khoản vay."
    next_step_en = (
        "While the loan runs the credit is set off against its next interest; see the loan's page."
    )
    basis = "Bộ luật Dân sự, Điều 579"


class CreditInTheWay(Refusal):
    code = "credit_in_the_way"
    vi = "Khế ước {number}: không đảo được khoản trả lại lãi thu thừa."
    en = "Loan {number}: what was paid back of interest cannot be reversed."
    next_step_vi = "Thu lại bằng một lần thu lãi mới khi khoản vay còn lãi phải thu."
    next_step_en = "Collect it anew as interest when the loan owes some."
    basis = "Bộ luật Dân sự, Điều 579"


class NotMember(Refusal):
    code = "not_member"
    vi = "Hộ {household} không phải tổ viên của tổ {group} ngày {day}."
    en = "Household {household} is not a member of group {group} on {day}."
    next_step_vi = "Kết nạp hộ vào tổ trước."
    next_step_en = "Admit the household to the group first."


class AboveWrittenOff(Refusal):
    code = "above_written_off"
    vi = "Khế ước {number} chỉ còn {left} đồng nợ đã xóa chưa thu; không thu được {amount} đồng."
    en = "Loan {number} has {left} dong written off and not recovered; {amount} dong cannot be taken on it."
    next_step_vi = "Thu không quá số nợ đã xóa còn theo dõi."
    next_step_en = "Take at most what is still followed off the balance."
    basis = "QĐ 50/2010/QĐ-TTg"


class AboveApproved(Refusal):
    code = "above_approved"
    vi = "Giải ngân {amount} đồng vượt số còn được giải ngân {rest} đồng."
    en = "Disbursing {amount} dong is above the {rest} dong still to disburse."
    next_step_vi = "Giải ngân không quá số đã phê duyệt."
    next_step_en = "Disburse at most what was approved."


class LoanUnknown(Refusal):
    code = "loan_unknown"
    vi = "Không có khoản vay {number} thuộc tổ, phòng giao dịch của bảng kê."
    en = "There is no loan {number} of this group and office."
    next_step_vi = "Kiểm tra số khế ước."
    next_step_en = "Check the loan's number."


class EventBeforeLast(Refusal):
    code = "event_before_last"
    vi = "Ngày {day} đứng trước diễn biến cuối của khoản vay {number} ({last})."
    en = "{day} is before the last event of loan {number} ({last})."
    next_step_vi = "Dùng ngày nghiệp vụ hiện tại."
    next_step_en = "Use the business day."


class RequestDecided(Refusal):
    code = "request_decided"
    vi = "Đề nghị này đã được quyết định."
    en = "This request has been decided already."
    next_step_vi = "Mở đề nghị để xem quyết định."
    next_step_en = "Open the request to see the decision."


class NotReversible(Refusal):
    code = "not_reversible"
    vi = "Không đảo được diễn biến này: {why}"
    en = "This event cannot be reversed: {why}"
    next_step_vi = "Xem diễn biến của khoản vay, đảo lần sau cùng trước."
    next_step_en = "Look at the loan's events and reverse the last one first."


class SheetNotReversible(Refusal):
    """Some lines of a posted sheet cannot be undone; none was."""

    code = "sheet_not_reversible"
    vi = "Không đảo được cả bảng kê, {count} dòng vướng: {lines}"
    en = "The sheet cannot be reversed as a whole, {count} lines stand in the way: {lines}"
    next_step_vi = "Đảo trước các diễn biến sau của những khoản vay, sổ tiền gửi đã nêu, rồi đề nghị lại cả bảng kê."
    next_step_en = "Reverse first what came later on the loans and savings books named, then ask for the whole sheet again."

    def __init__(self, rows: Sequence[tuple[str, Refusal]]) -> None:
        self.rows = list(rows)
        super().__init__(count=len(self.rows))

    def _filled(self, english: bool) -> dict[str, Any]:
        language = "en" if english else "vi"
        said = [
            f"{phrases.english(name) if english else name}: {why.sentence(language)}"
            for name, why in self.rows
        ]
        return {**super()._filled(english), "lines": "; ".join(said)}


class DeductOnlySavings(Refusal):
    code = "delegation_no_principal"
    vi = "Tổ trưởng chỉ được ủy nhiệm thu lãi, tiền gửi; tiền gốc do tổ viên trả trực tiếp cho ngân hàng."
    en = "A group's board may collect interest and savings only; principal is paid to the bank directly."
    next_step_vi = "Bỏ dòng tiền gốc khỏi bảng kê của tổ; thu gốc trực tiếp tại điểm giao dịch."
    next_step_en = "Take the principal off the group's sheet; collect it from the borrower."
    basis = "Hợp đồng ủy nhiệm (11/TD)"


class SheetAgain(Refusal):
    code = "sheet_again"
    vi = "Một bảng kê giống hệt đã được hạch toán hôm nay lúc {at}, bút toán số {number}."
    en = "An equal sheet was posted today at {at} as entry {number}."
    next_step_vi = "Nếu đây là lần nộp tiền khác, hãy xác nhận hạch toán thêm lần nữa."
    next_step_en = "If this is another payment, confirm that it is posted once more."


class LoanOutside(Refusal):
    code = "loan_outside"
    vi = "Khoản vay {number} không thuộc phạm vi của bạn."
    en = "Loan {number} lies outside your scope."
    next_step_vi = "Đề nghị phòng giao dịch đang quản lý khoản vay thực hiện."
    next_step_en = "Ask the office that keeps the loan."


class MoveRefused(Refusal):
    """Everything that stands in the way of a move, at once."""

    code = "move_refused"
    vi = "Chưa chuyển được hộ {household}: {all}"
    en = "Household {household} cannot be moved yet: {all}"
    next_step_vi = "Giải quyết từng điểm nêu trên rồi chuyển lại."
    next_step_en = "Settle each point, then move again."

    def __init__(self, *, household: str, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(household=household, all="; ".join(self.reasons) + ".")


class HeirRefused(Refusal):
    """Everything that keeps an heir from taking over the debt, at once."""

    code = "heir_refused"
    vi = "{heir} chưa nhận nợ của {deceased} được: {all}"
    en = "{heir} cannot take over the debt of {deceased} yet: {all}"
    next_step_vi = "Giải quyết từng điểm nêu trên rồi đề nghị lại."
    next_step_en = "Settle each point, then ask again."
    basis = "BLDS-2015, Điều 370, Điều 615"

    def __init__(self, *, heir: str, deceased: str, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(heir=heir, deceased=deceased, all="; ".join(self.reasons) + ".")


class HeirNotUndone(Refusal):
    """Everything that keeps the taking over from being undone, at once."""

    code = "heir_not_undone"
    vi = "Không hoàn tác được việc {heir} nhận nợ: {all}"
    en = "The taking over of the debt by {heir} cannot be undone: {all}"
    next_step_vi = "Hoàn tác việc xảy ra sau trước, hoặc lập đề nghị nhận nợ mới."
    next_step_en = "Undo first what came later, or make a new request."

    def __init__(self, *, heir: str, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(heir=heir, all="; ".join(self.reasons) + ".")


class LoanMonitored(Refusal):
    code = "loan_monitored"
    vi = "Khế ước {number} được theo dõi theo sao kê của hệ thống lõi, không ghi diễn biến ở đây."
    en = "Contract {number} is followed by extracts of the bank's core; nothing is recorded of it here."
    next_step_vi = "Ghi trên hệ thống lõi; sao kê kỳ sau sẽ mang số liệu về."
    next_step_en = "Record it in the core; the next extract brings the figures."
