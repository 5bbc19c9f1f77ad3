"""Refusals of schemes."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class SchemeUnnamed(Refusal):
    code = "scheme_unnamed"
    vi = "Đề án cần tên (đến 300 chữ)."
    en = "A scheme needs a name (up to 300 letters)."
    next_step_vi = "Ghi tên đề án rồi lưu lại."
    next_step_en = "Write its name, then keep it again."


class SchemeExists(Refusal):
    code = "scheme_exists"
    vi = "Đã có đề án tên “{name}”."
    en = "There is a scheme “{name}” already."
    next_step_vi = "Đặt tên khác, hoặc mở đề án đã có."
    next_step_en = "Choose another name, or open the one that is there."


class PeriodOutside(Refusal):
    """The years of the scheme lie where the scenario says nothing."""

    code = "period_outside"
    vi = (
        "Giai đoạn {first}–{last} không lập đề án được: kịch bản “{scenario}” từ số liệu ngày {base} dự báo đến năm {until}; "
        "đề án dài nhất {longest} năm và phải còn năm {year} trở đi."
    )
    en = (
        "No scheme can be made for {first}–{last}: scenario “{scenario}” goes from the figures of {base} to the year {until}; "
        "a scheme has at most {longest} years and reaches the year {year} or later."
    )
    next_step_vi = "Chọn giai đoạn nằm trong dự báo, hoặc một kịch bản dài hơn ở trang Dự báo vốn."
    next_step_en = (
        "Choose years within the projection, or a longer scenario on the page of projections."
    )


class ScenarioGone(Refusal):
    code = "scenario_gone"
    vi = "Kịch bản của đề án không còn: đã bị bỏ."
    en = "The scheme's scenario is gone: it was given up."
    next_step_vi = "Chọn một kịch bản khác cho đề án."
    next_step_en = "Choose another scenario for the scheme."


class BasisUnknown(Refusal):
    code = "basis_unknown"
    vi = "Thư viện văn bản không có: {listed}."
    en = "The legal library does not hold: {listed}."
    next_step_vi = "Chọn văn bản trong thư viện."
    next_step_en = "Choose texts of the library."


class YearNotClosed(Refusal):
    """A year of the scheme that is over has no closed last day."""

    code = "year_not_closed"
    vi = "Ngày {day} chưa được khóa sổ, nên đề án không có số liệu của năm đó."
    en = "{day} is not closed, so the scheme has no figures of that year."
    next_step_vi = "Khóa sổ ngày đó, hoặc lập đề án từ năm sau."
    next_step_en = "Close that day, or begin the scheme with a later year."


class MonthsNotClosed(Refusal):
    """What was lent in a year is the sum of its months; one of them is not kept."""

    code = "months_not_closed"
    vi = "Năm {year} có cuối tháng chưa được khóa sổ, nên không biết đã cho vay bao nhiêu đến ngày {day}."
    en = "Of {year} some month-ends are not closed, so what was lent up to {day} is not known."
    next_step_vi = "Dựng lại các tháng còn thiếu bằng tdcs replay, hoặc lập đề án từ năm sau."
    next_step_en = (
        "Build the missing months with tdcs replay, or begin the scheme with a later year."
    )


class SchemeIncomplete(Refusal):
    """Everything that is missing is named at once."""

    code = "scheme_incomplete"
    vi = "Đề án chưa trình được, còn thiếu: {listed}."
    en = "The scheme cannot be submitted yet; missing: {listed}."
    next_step_vi = "Bổ sung các phần đã nêu, lập bản mới rồi trình."
    next_step_en = "Fill in what is named, compose a new version, then submit it."


class SumsDisagree(Refusal):
    code = "sums_disagree"
    vi = "Số liệu đề án không khớp giữa tổng và các phần: {what}."
    en = "Totals and parts of the scheme's figures disagree: {what}."
    next_step_vi = "Kiểm tra ngày khóa sổ bằng tdcs verify rồi lập lại."
    next_step_en = "Check the closed day with tdcs verify, then compose again."


class VersionElsewhere(Refusal):
    """The version is in another state than the step needs."""

    code = "version_elsewhere"
    vi = "Bản số {sequence} đang ở trạng thái “{state}”, không làm bước này được."
    en = "Version {sequence} is “{state}”; this step does not apply."
    next_step_vi = "Tải lại trang và xem trạng thái của bản này."
    next_step_en = "Reload the page and look at this version's state."


class NotTheLatest(Refusal):
    code = "not_the_latest"
    vi = "Bản số {sequence} không phải bản mới nhất; đã có bản số {latest}."
    en = "Version {sequence} is not the newest; there is version {latest}."
    next_step_vi = "Trình bản mới nhất."
    next_step_en = "Submit the newest version."


class VersionWaits(Refusal):
    code = "version_waits"
    vi = "Bản số {sequence} đã trình và đang chờ duyệt."
    en = "Version {sequence} was submitted and waits for approval."
    next_step_vi = "Chờ duyệt, hoặc rút lại bản đó rồi lập bản mới."
    next_step_en = "Wait for the decision, or recall it before composing anew."


class OwnVersion(Refusal):
    """Four eyes: who composed or submitted a version does not approve it."""

    code = "own_version"
    vi = "Người lập hoặc người trình không tự duyệt đề án của mình."
    en = "Who composed or submitted a scheme does not approve it."
    next_step_vi = "Để một người khác của chi nhánh hoặc UBND tỉnh duyệt."
    next_step_en = "Let somebody else of the branch or of the province's committee approve it."
    basis = "Nguyên tắc người lập – người kiểm soát"


class NotItsApprover(Refusal):
    code = "not_its_approver"
    vi = "Chỉ lãnh đạo chi nhánh hoặc cơ quan ban hành kế hoạch duyệt đề án."
    en = "Only leaders of the branch or of the plan's issuer approve a scheme."
    next_step_vi = "Chuyển đề án cho người có thẩm quyền."
    next_step_en = "Hand it to whoever may approve it."


class ReturnUnexplained(Refusal):
    code = "return_unexplained"
    vi = "Trả lại đề án thì phải ghi lý do."
    en = "A scheme is returned with a reason."
    next_step_vi = "Ghi lý do rồi trả lại."
    next_step_en = "Write the reason, then return it."
