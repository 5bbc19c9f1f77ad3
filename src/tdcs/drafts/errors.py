"""Why a draft is not kept."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class DraftNotKept(Refusal):
    """The form says not what it is, or the person keeps too many."""

    code = "draft_not_kept"
    vi = "Không giữ được bản nháp: {why}."
    en = "The draft was not kept: {why}."
    next_step_vi = "Gửi hoặc lưu nội dung ngay; bỏ bớt bản nháp cũ nếu đã quá nhiều."
    next_step_en = "Send or save the text now; throw old drafts away when there are too many."
