"""Refusals of taking up a decree that changes loans which run."""

from __future__ import annotations

from tdcs.core.errors import Refusal

_RULE = "Quy tắc áp dụng quyết định đổi lãi suất vào sổ (docs/how-to/apply-a-decree.md)"


class DecreeChangesNothing(Refusal):
    code = "decree_changes_nothing"
    vi = "Văn bản {document} không đổi lãi suất của khoản vay nào đang chạy."
    en = "{document} changes the interest of no running loan."
    next_step_vi = "Xem các văn bản có thể áp dụng: tdcs law decrees."
    next_step_en = "See the texts that can be taken up: tdcs law decrees."
    basis = _RULE


class DecreeAlreadyAsked(Refusal):
    code = "decree_already_asked"
    vi = "Đã có đề nghị áp dụng {document} ngày {day:%d/%m/%Y}, đang chờ người khác xác nhận."
    en = "{document} was already asked for on {day:%d/%m/%Y}; somebody else has to confirm it."
    next_step_vi = "Chuyển cho người có thẩm quyền xác nhận hoặc không xác nhận."
    next_step_en = "Let a person with the authority confirm or refuse it."
    basis = _RULE


class DecreeAlreadyTakenUp(Refusal):
    code = "decree_already_taken_up"
    vi = "Sổ này đã áp dụng {document} từ ngày {day:%d/%m/%Y}; không áp dụng lần thứ hai."
    en = "This book took up {document} on {day:%d/%m/%Y}; it is not taken up twice."
    next_step_vi = "Xem kết quả: tdcs law apply {document}."
    next_step_en = "See the result: tdcs law apply {document}."
    basis = _RULE


class DecreeNotAsked(Refusal):
    code = "decree_not_asked"
    vi = "Chưa có đề nghị áp dụng {document} đang chờ quyết định."
    en = "Nobody's request to take up {document} is waiting for a decision."
    next_step_vi = "Đề nghị trước: tdcs law apply {document} --ask --as TÀI-KHOẢN."
    next_step_en = "Ask first: tdcs law apply {document} --ask --as USER."
    basis = _RULE


class DecreeNotConfirmed(Refusal):
    code = "decree_not_confirmed"
    vi = "{document} chưa được xác nhận nên chưa áp dụng vào sổ được."
    en = "{document} has not been confirmed, so the book does not take it up."
    next_step_vi = "Người thứ hai xác nhận: tdcs law apply {document} --confirm --as TÀI-KHOẢN."
    next_step_en = "A second person confirms: tdcs law apply {document} --confirm --as USER."
    basis = _RULE


class DecreeByBranchOnly(Refusal):
    code = "decree_by_branch_only"
    vi = "Vai trò của bạn không được làm bước “{verb}”: quyết định được áp dụng một lần cho toàn tỉnh, tại chi nhánh."
    en = "Your role may not do “{verb}”: a decree is taken up once for the whole province, at the branch."
    next_step_vi = "Chuyển cho người có thẩm quyền ở chi nhánh tỉnh."
    next_step_en = "Hand it to a person with the authority at the provincial branch."
    basis = _RULE


class DecreeSamePerson(Refusal):
    code = "same_person"
    vi = "Người đề nghị áp dụng {document} không được tự xác nhận: phải là người khác."
    en = "Who asked for {document} may not decide it: it takes somebody else."
    next_step_vi = "Chuyển cho người có thẩm quyền khác."
    next_step_en = "Hand it to another person with the authority."
    basis = "Nguyên tắc người lập – người kiểm soát"
