"""What refusals of consolidating a group's board fill into their sentences, with its English (see phrases.py)."""

from __future__ import annotations

from typing import Final

GROUPS: Final[dict[str, str]] = {
    "lý do đề nghị": "the reason of the proposal is missing",
    "số tháng xếp loại thấp liền nhau chưa đủ": "there are too few months in a row with a low grade",
    "số văn bản của UBND xã": "the number of the committee's letter is missing",
    "lý do không đồng ý": "the reason for not agreeing is missing",
    "người chủ trì": "who led the meeting is missing",
    "ngày họp từ ngày có ý kiến của UBND xã đến hôm nay": "the meeting is between the commune's opinion and today",
    "bên nhận": "the receiver is missing",
    "người chứng kiến": "the witness is missing",
    "tiền mặt bàn giao, không có thì ghi 0": "the cash handed over is missing; 0 when there is none",
    "sổ sách, giấy tờ bàn giao": "the books handed over are missing",
    "tổ nhận sáp nhập": "the group that takes it over is missing",
    "sáp nhập thì không đề nghị người thay": "a merger names no new leader or deputy",
    "số quyết định": "the decision's number",
    "lý do": "the reason",
    "cách kiện toàn": "how the board is consolidated is missing",
    "người được đề nghị": "nobody is proposed",
    "tổ trưởng và tổ phó phải là hai người": "leader and deputy are two people",
}
