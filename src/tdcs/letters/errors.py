"""Refusals of the register of letters."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class LetterIncomplete(Refusal):
    code = "letter_incomplete"
    vi = "Văn bản chưa đủ để vào sổ: thiếu {what}."
    en = "The letter cannot be entered: {what} is missing."
    next_step_vi = "Ghi đủ các mục đã nêu rồi vào sổ lại."
    next_step_en = "Fill in what is named and enter it again."


class LetterDayWrong(Refusal):
    code = "letter_day_wrong"
    vi = "Ngày không hợp lệ: {why}."
    en = "The day is not valid: {why}."
    next_step_vi = "Sửa ngày rồi vào sổ lại."
    next_step_en = "Correct the day and enter it again."


class LetterEntered(Refusal):
    code = "letter_entered"
    vi = "Văn bản số {number} ngày {day:%d/%m/%Y} của {sender} đã vào sổ, thứ tự {sequence}."
    en = "Letter {number} of {day:%d/%m/%Y} from {sender} has been entered already as {sequence}."
    next_step_vi = "Mở dòng đã có trong sổ."
    next_step_en = "Open the line that is there."


class NotOwnRegister(Refusal):
    code = "not_own_register"
    vi = "Chỉ người của đơn vị có sổ mới ghi được vào sổ văn bản này."
    en = "Only people of the unit whose register it is may write into it."
    next_step_vi = "Nhờ người của đơn vị ấy ghi, hoặc vào sổ văn bản của đơn vị mình."
    next_step_en = "Ask a person of that unit, or enter the letter in your own unit's register."


class AlreadyAcknowledged(Refusal):
    code = "letter_acknowledged"
    vi = "Văn bản này đã được xác nhận nhận ngày {day:%d/%m/%Y}."
    en = "This letter was acknowledged on {day:%d/%m/%Y}."
    next_step_vi = "Không cần làm gì thêm; mở văn bản để xem ai đã xác nhận."
    next_step_en = "Nothing more is needed; open the letter to see who acknowledged it."


class AnswerNotOfThisLetter(Refusal):
    code = "answer_not_of_this_letter"
    vi = "Văn bản trả lời phải là văn bản đi của cùng đơn vị, không trước ngày văn bản đến."
    en = "The answer must be a letter out of the same unit, not before the letter that came in."
    next_step_vi = "Chọn văn bản đi khác hoặc vào sổ văn bản trả lời trước."
    next_step_en = "Choose another letter out, or enter the answer first."
