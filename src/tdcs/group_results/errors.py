"""Why a step of consolidating a board is refused."""

from __future__ import annotations

from tdcs.core.errors import Refusal

_RULE = "15/QĐ-HĐQT 05/3/2013; 70/QĐ-HĐQT 24/7/2026 (chưa có văn bản)"


class BoardNotWeak(Refusal):
    code = "board_not_weak"
    vi = "Tổ {group} chưa đủ căn cứ kiện toàn: {why}."
    en = "The board of group {group} is not weak by its ratings: {why}."
    next_step_vi = "Theo dõi xếp loại các tháng; thay người vì lý do khác ghi ở mục Ban quản lý."
    next_step_en = "Follow its ratings; a change for other reasons is entered under the board."
    basis = _RULE


class ConsolidationOpen(Refusal):
    code = "consolidation_open"
    vi = "Tổ {group} đã có vụ việc kiện toàn đề nghị ngày {day:%d/%m/%Y}."
    en = "Group {group} has a case that was proposed on {day:%d/%m/%Y}."
    next_step_vi = "Làm tiếp vụ việc đang mở."
    next_step_en = "Go on with the open case."


class ConsolidationIncomplete(Refusal):
    code = "consolidation_incomplete"
    vi = "Chưa ghi được bước này: {what}."
    en = "The step cannot be recorded: {what}."
    next_step_vi = "Bổ sung hoặc sửa mục đã nêu rồi ghi lại."
    next_step_en = "Add or correct what is named and try again."


class ConsolidationMoveRefused(Refusal):
    code = "consolidation_move_refused"
    vi = "Không thể “{verb}” khi vụ việc ở trạng thái “{state}”."
    en = "“{verb}” is not possible while the case is “{state}”."
    next_step_vi = "Mở lại trang vụ việc và làm bước kế tiếp được nêu ở đó."
    next_step_en = "Open the case again and take the step that it offers."


class NotTheCommune(Refusal):
    code = "consolidation_not_the_commune"
    vi = "Chỉ UBND {commune} cho ý kiến về ban quản lý của tổ {group}."
    en = "Only the People's Committee of {commune} gives its opinion on the board of group {group}."
    next_step_vi = "Nhờ cán bộ của UBND xã đó ghi ý kiến."
    next_step_en = "Ask a person of that committee."
    basis = _RULE


class GroupWithoutQuorum(Refusal):
    code = "group_without_quorum"
    vi = "Cuộc họp có {present}/{members} tổ viên, cần ít nhất {least} người mới được biểu quyết."
    en = "{present} of {members} members were there; at least {least} are needed to vote."
    next_step_vi = "Triệu tập lại cuộc họp tổ rồi ghi kết quả."
    next_step_en = "Call the meeting again, then enter what came of it."
    basis = _RULE


class GroupVotesWrong(Refusal):
    code = "group_votes_wrong"
    vi = "Số phiếu không khớp: {for_} thuận, {against} chống, {present} người có mặt."
    en = "The votes do not fit: {for_} for, {against} against, {present} present."
    next_step_vi = "Kiểm lại biên bản kiểm phiếu."
    next_step_en = "Count again from the minutes."


class SamePersonDecides(Refusal):
    code = "consolidation_same_person"
    vi = "{name} đã đề nghị vụ việc này nên không quyết định được."
    en = "{name} proposed this case and cannot decide it."
    next_step_vi = "Người khác có thẩm quyền của phòng giao dịch hoặc chi nhánh quyết định."
    next_step_en = "Another person of the office or the branch decides."


class AlreadyHolds(Refusal):
    code = "consolidation_already_holds"
    vi = "{name} đang là {post} của tổ."
    en = "{name} is the group's {post} already."
    next_step_vi = "Chọn tổ viên khác."
    next_step_en = "Choose another member."


class OutsideTheOffice(Refusal):
    code = "consolidation_out_of_scope"
    vi = "Tổ {group} không thuộc phòng giao dịch của bạn."
    en = "Group {group} does not belong to your office."
    next_step_vi = "Nhờ phòng giao dịch quản lý tổ làm bước này."
    next_step_en = "Ask the office that keeps the group."
