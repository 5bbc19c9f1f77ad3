"""What refusals of boards and outreach fill into their sentences, with its English (see phrases.py)."""

from __future__ import annotations

from typing import Final

from tdcs.core.phrases_groups import GROUPS

MOVEMENT: Final[dict[str, str]] = {
    **GROUPS,
    "số giấy mời": "the number of the invitation",
    "chưa đến ngày họp {}": "the day of the meeting, {}, has not come",
    "đã biểu quyết, không sửa điểm danh": "there was a vote: the attendance stays",
    "Thêm nội dung biểu quyết": "Add what is voted on",
    "hạn không trước ngày họp": "a due day is not before the meeting",
    "học viên": "the attendees",
    "buổi học ngày {}": "the session of {}",
    "mã riêng không thuộc lớp này": "this code is of no attendee of the class",
    "đánh giá từ 1 đến 5 của người đã dự": "who was there says 1 to 5",
    "lớp đã có người dự, không hủy được": "people were at the class: it cannot be cancelled",
    "thiếu cột {}": "the column {} is missing",
    "mã buổi học không đúng": "there is no session of this code",
}
