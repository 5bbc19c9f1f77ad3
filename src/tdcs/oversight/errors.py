"""What is refused in oversight, by name."""

from __future__ import annotations

from typing import Final

from tdcs.core.errors import Refusal, RowsRefused

_HOW: Final = "HD 727/HD-NHCS 11/02/2026"


class NoInspectingBody(Refusal):
    code = "no_inspecting_body"
    vi = "{unit} không phải đơn vị lập chương trình kiểm tra, hoặc không thuộc phạm vi của bạn."
    en = "{unit} makes no inspection programme, or is outside your scope."
    next_step_vi = "Chọn đơn vị của bạn: UBND, Ban đại diện, NHCSXH hoặc tổ chức hội."
    next_step_en = (
        "Choose your own unit: a People's Committee, a board, the bank or a mass organisation."
    )
    basis = _HOW


class ProgrammeThere(Refusal):
    code = "programme_there"
    vi = "{unit} đã có chương trình kiểm tra năm {year}."
    en = "{unit} has an inspection programme for {year} already."
    next_step_vi = "Mở chương trình đã có để bổ sung."
    next_step_en = "Open the one that is there."


class OversightStep(Refusal):
    code = "oversight_step"
    vi = "Không thể “{verb}” khi đang ở bước “{state}”."
    en = "“{verb}” is not possible while it is “{state}”."
    next_step_vi = "Làm các bước theo thứ tự."
    next_step_en = "Take the steps in their order."
    basis = _HOW


class OversightFieldWrong(Refusal):
    code = "oversight_field_wrong"
    vi = "{field}: {why}."
    en = "{field}: {why}."
    next_step_vi = "Sửa lại rồi ghi."
    next_step_en = "Correct it and save again."


class ApprovedByMaker(Refusal):
    code = "approved_by_maker"
    vi = "Người trình chương trình không tự duyệt."
    en = "Who submitted the programme does not approve it."
    next_step_vi = "Đề nghị lãnh đạo đơn vị duyệt."
    next_step_en = "Ask the unit's head."
    basis = _HOW


class ProgrammeEmpty(Refusal):
    code = "programme_empty"
    vi = "Chương trình chưa có cuộc kiểm tra nào."
    en = "The programme has no inspection yet."
    next_step_vi = "Thêm các cuộc kiểm tra theo tháng."
    next_step_en = "Add inspections by month."


class SampleDrawn(Refusal):
    code = "sample_drawn"
    vi = "Mẫu “{purpose}” đã chọn ngày {day:%d/%m/%Y} với số mầm {seed}; không chọn lại với số mầm khác."
    en = "The sample “{purpose}” was drawn on {day:%d/%m/%Y} with seed {seed}; it is not drawn again with another."
    next_step_vi = "Dùng mẫu đã chọn, hoặc lập mẫu cho mục đích khác."
    next_step_en = "Use the sample that was drawn, or draw one for another purpose."


class OwnWork(Refusal):
    code = "own_work"
    vi = "{person} không được kiểm tra việc do chính mình làm: {what}."
    en = "{person} may not inspect own work: {what}."
    next_step_vi = "Cử người khác kiểm tra."
    next_step_en = "Name somebody else."
    basis = _HOW


class SubjectOutside(Refusal):
    code = "subject_outside"
    vi = "{what} không thuộc phạm vi kiểm tra của đơn vị."
    en = "{what} is outside what the unit inspects."
    next_step_vi = "Chọn tổ, điểm giao dịch trong địa bàn của đơn vị."
    next_step_en = "Choose a group or point of the unit's area."


class NotYourInspection(Refusal):
    code = "not_your_inspection"
    vi = "Chỉ đoàn kiểm tra được ghi kết quả của cuộc kiểm tra này."
    en = "Only the inspection's team may write its results."
    next_step_vi = "Nhờ trưởng đoàn ghi, hoặc thêm bạn vào đoàn."
    next_step_en = "Ask the team's leader."


class ChecklistUnanswered(Refusal):
    code = "checklist_unanswered"
    vi = "Chưa trả lời: {missing}."
    en = "Not answered: {missing}."
    next_step_vi = "Trả lời mọi câu hỏi của danh mục trước khi kết thúc."
    next_step_en = "Answer every question before finishing."
    basis = _HOW


class FindingsMissing(Refusal):
    code = "findings_missing"
    vi = "Có câu trả lời không đạt nhưng chưa ghi tồn tại: {missing}."
    en = "Bad answers without a finding: {missing}."
    next_step_vi = "Ghi tồn tại, nguyên nhân, kiến nghị, người và hạn khắc phục."
    next_step_en = "Write the finding with its cause, recommendation, owner and due day."
    basis = _HOW


class NotTheOwner(Refusal):
    code = "not_the_owner"
    vi = "Tồn tại này giao cho {owner}."
    en = "This finding belongs to {owner}."
    next_step_vi = "Chỉ người được giao báo khắc phục."
    next_step_en = "Only its owner says that it is remedied."


class ClosedWithoutEvidence(Refusal):
    code = "closed_without_evidence"
    vi = "Người được giao không tự khép lại tồn tại khi chưa có minh chứng."
    en = "Its owner does not close a finding without evidence."
    next_step_vi = "Đính kèm tệp, ảnh chứng minh đã khắc phục, hoặc để đoàn kiểm tra khép lại."
    next_step_en = "Attach a file that proves it, or let the inspectors close it."
    basis = _HOW


class OversightReasonMissing(Refusal):
    code = "oversight_reason_missing"
    vi = "Chưa ghi nội dung, lý do."
    en = "The words are missing."
    next_step_vi = "Ghi ngắn gọn đã làm gì, vì sao."
    next_step_en = "Say what was done and why."


class CampaignThere(Refusal):
    code = "campaign_there"
    vi = "{office} đã có đợt đối chiếu năm {year}."
    en = "{office} has a reconciliation of {year} already."
    next_step_vi = "Mở đợt đã có."
    next_step_en = "Open the one that is there."


class NothingToReconcile(Refusal):
    code = "nothing_to_reconcile"
    vi = "{office} không có khoản vay còn dư nợ để đối chiếu."
    en = "{office} has no loan with a balance to reconcile."
    next_step_vi = "Kiểm tra đơn vị và năm."
    next_step_en = "Check the unit and the year."


class ResultsWrong(RowsRefused):
    code = "results_wrong"
    vi = "{count} dòng chưa đúng: {listed}."
    en = "{count} rows are wrong: {listed}."
    next_step_vi = "Sửa các dòng này rồi nộp lại; chưa dòng nào được ghi."
    next_step_en = "Correct these rows and send again; none was saved."


class ColumnsMissing(Refusal):
    code = "columns_missing"
    vi = "Tệp thiếu cột: {missing}."
    en = "The file lacks the columns: {missing}."
    next_step_vi = "Dùng tệp tải về từ trang này."
    next_step_en = "Use the file that this page gives."


class CampaignUnfinished(Refusal):
    code = "campaign_unfinished"
    vi = "Còn {count} khoản vay chưa đối chiếu."
    en = "{count} loans are not reviewed yet."
    next_step_vi = "Ghi kết quả mọi khoản vay trước khi kết thúc đợt."
    next_step_en = "Write the result of every loan before closing."


class DecidedByExaminer(Refusal):
    code = "decided_by_examiner"
    vi = "Người xác minh không tự kết luận vụ việc."
    en = "Who examined a case does not decide it."
    next_step_vi = "Đề nghị giám đốc hoặc lãnh đạo kết luận."
    next_step_en = "Ask the director or a leader."


class DeviceNotYours(Refusal):
    code = "device_not_yours"
    vi = "Thiết bị không thuộc đơn vị của bạn, hoặc đã thu hồi."
    en = "The device is not of your unit, or was revoked."
    next_step_vi = "Đăng ký thiết bị này cho đơn vị, hoặc dùng thiết bị đã đăng ký."
    next_step_en = "Register this device for your unit, or use one that is registered."


class InspectionPackUnknown(Refusal):
    code = "inspection_pack_unknown"
    vi = "Gói {pack} không phải gói thiết bị này đã lấy cho cuộc kiểm tra."
    en = "Pack {pack} is none that this device took for the inspection."
    next_step_vi = "Nộp nhật ký từ đúng thiết bị; báo người lập kế hoạch kiểm tra."
    next_step_en = "Hand the log in from its own device; tell who plans inspections."


class InspectionPackVoid(Refusal):
    code = "inspection_pack_void"
    vi = "Gói kiểm tra đã bị thu hồi trước khi nộp nhật ký."
    en = "The pack was revoked before the log came in."
    next_step_vi = "Xác minh với đoàn kiểm tra rồi ghi lại, hoặc bỏ và nêu lý do."
    next_step_en = "Ask the team, then apply it again or dismiss it and say why."


class VisitMeanwhile(Refusal):
    code = "visit_meanwhile"
    vi = "Hộ này đã được ghi kết quả khác từ nơi khác sau khi lấy gói."
    en = "Another result of this borrower was written elsewhere after the pack was taken."
    next_step_vi = "So hai kết quả, rồi ghi lại dòng này hoặc bỏ và nêu lý do."
    next_step_en = "Compare the two, then apply this line again or dismiss it and say why."


class FieldLineWrong(Refusal):
    code = "field_line_wrong"
    vi = "Nội dung dòng nhật ký không đúng dạng."
    en = "The line's content has another form than it should."
    next_step_vi = "Bỏ dòng này, ghi lại trên trang của cuộc kiểm tra."
    next_step_en = "Dismiss it and write it down on the inspection's page."


class FieldPhotoMissing(Refusal):
    code = "field_photo_missing"
    vi = "Ảnh mà dòng nhật ký nêu chưa được gửi tới."
    en = "The photo that the line names has not come."
    next_step_vi = "Gửi ảnh từ thiết bị rồi ghi lại, hoặc bỏ và nêu lý do."
    next_step_en = "Send the photo from the device and apply again, or dismiss it and say why."


class CasesBeforeSeal(Refusal):
    code = "cases_before_seal"
    vi = "Còn {count} dòng nhật ký chờ xử lý: chưa lập biên bản."
    en = "{count} lines of the log wait for a person: no minutes yet."
    next_step_vi = "Xử lý từng dòng, rồi ghi lại dòng chốt."
    next_step_en = "Decide on each, then apply the seal again."


class FieldCaseDecided(Refusal):
    code = "field_case_decided"
    vi = "Vướng mắc này đã được xử lý."
    en = "This case was decided already."
    next_step_vi = "Tải lại danh sách."
    next_step_en = "Reload the list."


class AuditorHasRole(Refusal):
    code = "auditor_has_role"
    vi = "{person} đang giữ vai trò khác trong các ngày này."
    en = "{person} holds another role on these days."
    next_step_vi = "Cấp cho kiểm toán viên một tài khoản riêng, không giữ vai trò nào."
    next_step_en = "Give the auditor an account without a role."


class EngagementOver(Refusal):
    code = "engagement_over"
    vi = "Cuộc kiểm toán {number} chỉ mở từ {first:%d/%m/%Y} đến hết {last:%d/%m/%Y}, cho kiểm toán viên của cuộc."
    en = "Engagement {number} is open from {first:%d/%m/%Y} through {last:%d/%m/%Y} only, to its auditor."
    next_step_vi = "Đề nghị chi nhánh mở cuộc kiểm toán mới."
    next_step_en = "Ask the branch for a new engagement."


class OutsideEngagement(Refusal):
    code = "outside_engagement"
    vi = "{what} không thuộc phạm vi, thời kỳ của cuộc kiểm toán."
    en = "{what} is outside the engagement's units or period."
    next_step_vi = "Chọn đơn vị và số liệu trong phạm vi kiểm toán."
    next_step_en = "Choose a unit and figures within the engagement."


class NotAskedUnit(Refusal):
    code = "not_asked_unit"
    vi = "Câu hỏi này hỏi {unit}."
    en = "This query is for {unit}."
    next_step_vi = "Chỉ người của đơn vị được hỏi trả lời."
    next_step_en = "Only people of the unit that was asked answer."
