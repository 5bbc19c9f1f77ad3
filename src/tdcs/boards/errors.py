"""Refusals of boards, their meetings and the heads' reviews."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class NoBoard(Refusal):
    code = "no_board"
    vi = "{unit} không phải ban đại diện của tỉnh hay của xã."
    en = "{unit} is not a board of the province or of a commune."
    next_step_vi = "Chọn ban đại diện trong danh sách."
    next_step_en = "Choose a board from the list."
    basis = "NĐ 06/2026/NĐ-CP"


class HolderIncomplete(Refusal):
    code = "holder_incomplete"
    vi = "Chưa ghi được người giữ chức vụ: thiếu {what}."
    en = "The holder of the office cannot be entered: {what} is missing."
    next_step_vi = "Ghi đủ các mục đã nêu rồi lưu lại."
    next_step_en = "Fill in what is named and save again."


class HolderDayWrong(Refusal):
    code = "holder_day_wrong"
    vi = (
        "Ngày giữ chức {day:%d/%m/%Y} không sau ngày {before:%d/%m/%Y} của người đang giữ ({name})."
    )
    en = "The first day {day:%d/%m/%Y} is not after {before:%d/%m/%Y}, that of the present holder ({name})."
    next_step_vi = "Ghi ngày sau đó, theo quyết định."
    next_step_en = "Give a later day, as the decision says."


class NotOwnBoard(Refusal):
    code = "not_own_board"
    vi = "Ngoài phạm vi của mình: {unit}."
    en = "Outside your scope: {unit}."
    next_step_vi = "Nhờ người của đơn vị đó hoặc của chi nhánh làm việc này."
    next_step_en = "Ask a person of that unit or of the branch."


class MeetingIncomplete(Refusal):
    code = "meeting_incomplete"
    vi = "Phiên họp chưa đủ: {what}."
    en = "The meeting is not complete: {what}."
    next_step_vi = "Bổ sung các mục đã nêu rồi gửi lại."
    next_step_en = "Add what is named and send again."


class MeetingMoveRefused(Refusal):
    code = "meeting_move_refused"
    vi = "Không thể “{verb}” khi phiên họp ở trạng thái “{state}”."
    en = "“{verb}” is not possible while the meeting is “{state}”."
    next_step_vi = "Mở lại trang phiên họp và làm bước kế tiếp được nêu ở đó."
    next_step_en = "Open the meeting's page again and take the step that it offers."


class NoQuorum(Refusal):
    code = "no_quorum"
    vi = "Phiên họp chưa đủ thành viên để quyết định: {present}/{seats} có mặt, cần ít nhất {needed}."
    en = "The meeting has no quorum and cannot decide: {present} of {seats} present, {needed} needed."
    next_step_vi = "Ghi lại điểm danh nếu thiếu, hoặc hoãn biểu quyết sang phiên họp khác."
    next_step_en = "Correct the attendance if it is wrong, or put the vote off to another meeting."
    basis = "NĐ 06/2026/NĐ-CP, Điều 10"


class VotesWrong(Refusal):
    code = "votes_wrong"
    vi = "Số phiếu không hợp lệ: {votes} phiếu, {present} thành viên có mặt."
    en = "The votes are wrong: {votes} votes, {present} members present."
    next_step_vi = "Đếm lại: tổng số phiếu không được nhiều hơn số thành viên có mặt."
    next_step_en = "Count again: there cannot be more votes than members present."


class AlreadyDecided(Refusal):
    code = "resolution_decided"
    vi = "Nội dung “{title}” đã được biểu quyết ngày {day:%d/%m/%Y}."
    en = "“{title}” was voted on on {day:%d/%m/%Y}."
    next_step_vi = "Thêm nội dung mới nếu cần quyết định khác."
    next_step_en = "Add a new item if something else is to be decided."


class NoPlanInForce(Refusal):
    code = "board_no_plan"
    vi = "Chưa có kế hoạch nào đang thực hiện để giao việc của nghị quyết."
    en = "There is no plan in force under which the resolution's work could be given."
    next_step_vi = "Nhờ chi nhánh công bố kế hoạch và mở năm báo cáo rồi biểu quyết lại."
    next_step_en = "Ask the branch to publish a plan and open its year, then vote again."


class SheetThere(Refusal):
    code = "conclusion_sheet_there"
    vi = "Phiên giao dịch này đã có thông báo kết luận giao ban."
    en = "This session has its conclusion sheet already."
    next_step_vi = "Mở thông báo đã lập."
    next_step_en = "Open the sheet that is there."


class SessionNotHeld(Refusal):
    code = "review_session_not_held"
    vi = "Phiên giao dịch ngày {day:%d/%m/%Y} chưa tổ chức nên chưa giao ban."
    en = "The session of {day:%d/%m/%Y} was not held yet, so there is no review."
    next_step_vi = "Tổ chức phiên giao dịch trước, rồi ghi kết luận giao ban."
    next_step_en = "Hold the session first, then write the conclusions."


class ReviewIncomplete(Refusal):
    code = "self_review_incomplete"
    vi = "Bản tự kiểm điểm chưa đủ để ban hành: thiếu {what}."
    en = "The self-review cannot be issued: {what} is missing."
    next_step_vi = "Ghi đủ các mục đã nêu rồi ban hành lại."
    next_step_en = "Fill in what is named and issue it again."


class ReviewIssued(Refusal):
    code = "self_review_issued"
    vi = "Bản tự kiểm điểm năm {year} đã ban hành ngày {day:%d/%m/%Y}, không sửa được nữa."
    en = "The self-review of {year} was issued on {day:%d/%m/%Y} and no longer changes."
    next_step_vi = "Ghi nội dung mới vào bản của năm sau."
    next_step_en = "Write what is new into next year's."


class ReviewChanged(Refusal):
    code = "self_review_changed"
    vi = "Người khác vừa sửa bản tự kiểm điểm này."
    en = "Somebody else has just changed this self-review."
    next_step_vi = "Mở lại trang để xem nội dung mới rồi sửa tiếp."
    next_step_en = "Open the page again, read what is new and go on."
