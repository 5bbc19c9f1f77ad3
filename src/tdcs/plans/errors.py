"""Refusals of the plans room."""

from tdcs.core.errors import Refusal


class PlanAlreadyPublished(Refusal):
    code = "plan_already_published"
    vi = "Kế hoạch {number} ngày {issued_on} đã công bố trong hệ thống; không nhập lần thứ hai."
    en = "Plan {number} of {issued_on} is already published here; it is not imported twice."
    next_step_vi = "Mở kế hoạch đã có; muốn sửa đổi, lập bản mới từ kiến nghị được chấp thuận."
    next_step_en = "Open the existing plan; changes go through approved amendments."


class PlanBeingReviewed(Refusal):
    code = "plan_being_reviewed"
    vi = "Kế hoạch {number} ngày {issued_on} đã được nhập và đang chờ rà soát."
    en = "Plan {number} of {issued_on} was imported before and waits for review."
    next_step_vi = "Rà soát tiếp bản đang có, hoặc bỏ bản đó rồi nhập lại."
    next_step_en = "Go on with the draft, or discard it and import again."


class IssuerUnknown(Refusal):
    code = "issuer_unknown"
    vi = "Chưa nhận ra cơ quan ban hành “{words}” trong danh sách đơn vị."
    en = "The issuer “{words}” is not among the units of the system."
    next_step_vi = "Kiểm tra phần đầu văn bản; hệ thống này phục vụ kế hoạch của UBND {province}."
    next_step_en = "Check the head of the document; this system serves plans of {province_en}."


class HeaderIncomplete(Refusal):
    code = "header_incomplete"
    vi = "Văn bản thiếu {what}; chưa thể lưu thành kế hoạch."
    en = "The document lacks {what}; it cannot be kept as a plan."
    next_step_vi = "Bổ sung phần đầu văn bản rồi tải lên lại."
    next_step_en = "Complete the head of the document and upload it again."


class HeaderFixed(Refusal):
    code = "header_fixed"
    vi = "Kế hoạch đã công bố; số, ngày, cơ quan ban hành và người ký không sửa được nữa."
    en = "The plan is published; its number, day, issuer and signer no longer change."
    next_step_vi = "Văn bản đính chính được nhập như một kế hoạch sửa đổi."
    next_step_en = "A correction by the issuer comes in as an amendment."


class VersionNotDraft(Refusal):
    code = "version_not_draft"
    vi = "Bản kế hoạch này đã công bố, không sửa được nữa."
    en = "This version of the plan is published and no longer changes."
    next_step_vi = "Gửi kiến nghị sửa đổi để lập bản mới."
    next_step_en = "Propose an amendment to make a new version."


class Unresolved(Refusal):
    code = "unresolved"
    vi = "Còn {count} nhiệm vụ chưa rõ đơn vị: {paths}."
    en = "{count} tasks have units that are not resolved: {paths}."
    next_step_vi = "Chọn đơn vị cho từng nhiệm vụ, hoặc xác nhận bỏ qua phần lời văn đó."
    next_step_en = "Choose units for each task, or confirm leaving those words out."


class YearClosed(Refusal):
    code = "year_closed"
    vi = "Năm báo cáo {year} đã khóa ngày {closed_on}; không thay đổi được nữa."
    en = "Reporting year {year} was closed on {closed_on}; nothing in it changes any more."
    next_step_vi = "Đề nghị chi nhánh mở lại năm báo cáo nếu thật cần thiết."
    next_step_en = "Ask the branch to reopen the year if it is really needed."


class YearNotOpen(Refusal):
    code = "year_not_open"
    vi = "Năm {year} chưa được mở trong kế hoạch này."
    en = "Year {year} is not open in this plan."
    next_step_vi = "Chi nhánh mở năm báo cáo trước."
    next_step_en = "The branch opens the year first."


class YearOutOfPlan(Refusal):
    code = "year_out_of_plan"
    vi = "Năm {year} nằm ngoài thời gian của kế hoạch ({first}–{last})."
    en = "Year {year} lies outside the plan ({first}–{last})."
    next_step_vi = "Chọn một năm trong thời gian thực hiện kế hoạch."
    next_step_en = "Choose a year of the plan."


class YearsWrong(Refusal):
    code = "years_wrong"
    vi = "Thời gian thực hiện {first}–{last} không hợp lệ với kế hoạch ban hành năm {issued}."
    en = "The years {first}–{last} do not fit a plan issued in {issued}."
    next_step_vi = (
        "Năm đầu không trước năm ban hành, năm cuối không trước năm đầu, không quá 30 năm."
    )
    next_step_en = "The first year is not before the year of issue; the last not before the first."


class NothingToPublish(Refusal):
    code = "nothing_to_publish"
    vi = "Bản này không có nhiệm vụ nào để công bố."
    en = "This version has no task to publish."
    next_step_vi = "Thêm nhiệm vụ ở trang rà soát, hoặc bỏ bản này và nhập lại văn bản."
    next_step_en = "Add tasks on the review page, or discard this version and import again."


class UnitNotFound(Refusal):
    code = "unit_not_found"
    vi = "Không có đơn vị hoặc nhóm đơn vị nào tên “{words}”."
    en = "There is no unit or class of units called “{words}”."
    next_step_vi = "Chọn trong danh sách gợi ý khi gõ, không cần dấu."
    next_step_en = "Choose from the suggestions shown while typing."


class PathTaken(Refusal):
    code = "path_taken"
    vi = "Mục {path} đã có trong bản này."
    en = "Item {path} is already in this version."
    next_step_vi = "Đặt số mục khác, ví dụ {path}(2)."
    next_step_en = "Give another number, such as {path}(2)."


class InstructionPast(Refusal):
    code = "instruction_past"
    vi = "Hạn {due_on} đã qua; không giao việc có hạn trước ngày giao."
    en = "The due day {due_on} has passed; no task is given with a due day before today."
    next_step_vi = "Chọn hạn từ hôm nay trở đi."
    next_step_en = "Choose a due day from today on."


class TwoSuccessors(Refusal):
    code = "two_successors"
    vi = "Đơn vị {unit} có {count} đơn vị kế thừa mà chưa nói ai nhận nhiệm vụ."
    en = "Unit {unit} has {count} successors and nobody was named to take its duties."
    next_step_vi = "Ở trang đơn vị, chọn đơn vị nhận nhiệm vụ hoặc chia theo địa bàn."
    next_step_en = "On the unit's page, choose who takes the duties or share them by area."


class MoveNotAllowed(Refusal):
    code = "move_not_allowed"
    vi = "Không thể “{verb}” khi việc đang ở trạng thái “{state}”."
    en = "“{verb}” is not possible in state “{state}”."
    next_step_vi = "Tải lại trang để xem trạng thái mới nhất."
    next_step_en = "Reload the page to see the latest state."


class AnswerIncomplete(Refusal):
    code = "answer_incomplete"
    vi = "Chưa đủ nội dung để báo cáo: thiếu {what}."
    en = "The answer is not complete: {what} missing."
    next_step_vi = "Bổ sung rồi báo cáo lại; nội dung đã nhập được giữ nguyên."
    next_step_en = "Complete it and submit again; what was entered is kept."


class ReasonMissing(Refusal):
    code = "reason_missing"
    vi = "Cần nêu lý do trả lại để đơn vị biết phải bổ sung gì."
    en = "Say why it is returned, so that the unit knows what to add."
    next_step_vi = "Ghi lý do rồi gửi lại."
    next_step_en = "Write the reason and send again."


class Stale(Refusal):
    code = "stale"
    vi = "Nội dung vừa được người khác lưu; phần bạn nhập chưa ghi đè lên."
    en = "Somebody else has just saved; your text has not overwritten it."
    next_step_vi = "Tải lại trang, xem phần mới rồi nhập tiếp."
    next_step_en = "Reload the page, look at the new text and go on."


class BadEvidence(Refusal):
    code = "bad_evidence"
    vi = "Tệp minh chứng không nhận được: {why}."
    en = "The evidence was refused: {why}."
    next_step_vi = "Gửi tệp PDF, Word, Excel hoặc ảnh, không quá 20 MB."
    next_step_en = "Send a PDF, Word, Excel or picture file of at most 20 MB."


class AlreadyIssued(Refusal):
    code = "already_issued"
    vi = "{what} đã phát hành, không sửa được nữa."
    en = "{what} was issued and no longer changes."
    next_step_vi = "Lập văn bản mới nếu cần sửa."
    next_step_en = "Make a new document where something must change."


class ProposalIncomplete(Refusal):
    code = "proposal_incomplete"
    vi = "Kiến nghị thiếu {what}."
    en = "The proposal lacks {what}."
    next_step_vi = "Bổ sung rồi gửi lại."
    next_step_en = "Add it and send again."


class AssignmentIncomplete(Refusal):
    code = "assignment_incomplete"
    vi = "Chưa giao được việc: thiếu {what}."
    en = "The task cannot be assigned yet: {what} missing."
    next_step_vi = "Bổ sung rồi giao lại; nội dung đã nhập được giữ nguyên."
    next_step_en = "Complete it and assign again; what was entered is kept."


class NothingChosen(Refusal):
    code = "nothing_chosen"
    vi = "Chưa chọn {what} nào."
    en = "No {what} was chosen."
    next_step_vi = "Đánh dấu ít nhất một dòng rồi thực hiện lại."
    next_step_en = "Tick at least one row and try again."


class RelationWrong(Refusal):
    code = "relation_wrong"
    vi = "Quan hệ giữa các kế hoạch chưa đúng: {what}."
    en = "The relation between the plans does not hold: {what}."
    next_step_vi = "Chọn lại quan hệ với kế hoạch đó, hoặc để hai kế hoạch cùng thực hiện."
    next_step_en = "Choose the relation to that plan again, or let both run beside each other."


class PublicationStands(Refusal):
    code = "publication_stands"
    vi = "Không thu hồi công bố được nữa: đã có {what}."
    en = "The publication is no longer undone: there is {what}."
    next_step_vi = "Ban hành kế hoạch thay thế, hoặc sửa đổi kế hoạch bằng bản mới."
    next_step_en = "Issue a plan that replaces it, or amend it by a new version."


class PlanStillRuns(Refusal):
    code = "plan_still_runs"
    vi = "Chưa lưu trữ được {plan}: {why}."
    en = "{plan} cannot be archived yet: {why}."
    next_step_vi = "Khóa các năm báo cáo khi kế hoạch đã hết hiệu lực, rồi lưu trữ."
    next_step_en = "Close its reporting years when the plan is over, then archive it."


class NobodyToRemind(Refusal):
    code = "nobody_to_remind"
    vi = "Chưa nhắc được {count} đơn vị vì không có người nhận qua kênh này: {units}."
    en = "{count} units were not reminded, because the channel reaches nobody there: {units}."
    next_step_vi = (
        "Nhờ quản trị hệ thống ({admins}) mở Người dùng, giao vai trò cán bộ đầu mối cho người của đơn vị "
        "(qua thư: ghi địa chỉ thư và bật nhận nhắc), hoặc lập công văn."
    )
    next_step_en = (
        "Ask an administrator ({admins}) to open Users and give somebody of the unit the role of clerk "
        "(by mail: with an address that accepts reminders), or write an official letter."
    )


class KindUnknown(Refusal):
    code = "kind_unknown"
    vi = "Không có loại hồ sơ “{kind}”."
    en = "There is no kind of records “{kind}”."
    next_step_vi = "Mở lại trang độ phủ và chọn trong các loại hồ sơ được nêu."
    next_step_en = "Open the coverage page again and choose among the kinds of records shown."
