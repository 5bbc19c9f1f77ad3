"""Refusals of units."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from tdcs.core.errors import Refusal
from tdcs.organisations.office_book.faults import Fault

_SHOWN: Final = 8


class ShareMissing(Refusal):
    code = "share_missing"
    vi = "{unit} có {count} đơn vị kế thừa: phải nói mỗi đơn vị nhận phần nào và ai nhận nhiệm vụ kế hoạch."
    en = "{unit} has {count} successors: say what each takes and who takes the plan's duties."
    next_step_vi = "Chọn “theo địa bàn”, hoặc ghi rõ phần việc của từng đơn vị."
    next_step_en = "Choose “by area” or write down each unit's part."


class AlreadyCeased(Refusal):
    code = "already_ceased"
    vi = "{unit} đã chấm dứt từ {on}."
    en = "{unit} ceased on {on}."
    next_step_vi = "Mở trang của đơn vị để xem đơn vị kế thừa."
    next_step_en = "Open the unit to see its successors."


class BadSuccessor(Refusal):
    code = "bad_successor"
    vi = "Đơn vị kế thừa không hợp lệ: phải là đơn vị khác, còn hoạt động trong ngày {on}."
    en = "A successor must be another unit that lives on {on}."
    next_step_vi = "Chọn đơn vị kế thừa khác, hoặc đổi ngày."
    next_step_en = "Choose another successor, or another day."


class ProvinceUnknown(Refusal):
    code = "province_unknown"
    vi = "Không có tỉnh, thành phố nào tên “{words}”. Gần giống: {near}."
    en = "There is no province called “{words}”. Similar: {near}."
    next_step_vi = "Xem tên bằng “tdcs province list”; có thể viết không dấu."
    next_step_en = "`tdcs province list` shows the names; accents may be left out."


class ProvinceMerged(Refusal):
    code = "province_merged"
    vi = "{old} từ ngày {on} là một phần của {now}."
    en = "{old} has been part of {now} since {on}."
    next_step_vi = "Chạy “tdcs province new {slug}”: dữ liệu có cả đơn vị của {old} trước ngày đó."
    next_step_en = (
        "Run `tdcs province new {slug}`: it brings the units of {old} before that day too."
    )
    basis = "NQ-202-2025-QH15"


class OtherProvinceHere(Refusal):
    code = "other_province_here"
    vi = "Cơ sở dữ liệu này đã có đơn vị của {held}; không thiết lập thêm {wanted}."
    en = "This database already holds the units of {held}; {wanted} is not set up beside them."
    next_step_vi = "Mỗi tỉnh, thành phố dùng một hệ thống riêng: đặt TDCS_HOME thành một thư mục mới rồi chạy lại."
    next_step_en = (
        "Each province has an installation of its own: set TDCS_HOME to a new folder and try again."
    )


class WorkbookFaults(Refusal):
    """The workbook of offices and points has faults: ``faults`` lists all of them, and nothing of it was saved."""

    code: ClassVar[str] = "workbook_faults"
    vi: ClassVar[str] = "Tệp có {count} lỗi; chưa lưu gì: {listed}"
    en: ClassVar[str] = "The file has {count} faults; nothing was saved: {listed}"
    next_step_vi: ClassVar[str] = "Sửa các ô đã nêu trong tệp rồi tải lên lại."
    next_step_en: ClassVar[str] = "Correct the cells named in the file and upload it again."

    def __init__(self, *, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))

    def sentence(self, language: str = "vi") -> str:
        shown = [f"{one.where(language)}: {one.sentence(language)}" for one in self.faults[:_SHOWN]]
        words = self.en if language.startswith("en") else self.vi
        more = " …" if len(self.faults) > _SHOWN else ""
        return words.format(count=len(self.faults), listed=" ".join(shown) + more)

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(super().as_json())
        found["faults"] = [
            {"sheet": f.sheet, "row": f.row, "column": f.column, "vi": f.vi, "en": f.en}
            for f in self.faults
        ]
        return found


class UnitCodeTaken(Refusal):
    code = "unit_code_taken"
    vi = "Mã “{words}” đã có hoặc không hợp lệ (chữ thường, số, gạch, @; như ban-quan-ly@p10)."
    en = "The code “{words}” is taken or not valid (lower-case letters, digits, dashes, @; such as ban-quan-ly@p10)."
    next_step_vi = "Chọn mã khác."
    next_step_en = "Choose another code."


class UnitIncomplete(Refusal):
    code = "unit_incomplete"
    vi = "Chưa đủ thông tin của đơn vị: {why}."
    en = "The unit is not complete: {why}."
    next_step_vi = "Điền đủ tên, loại và cấp; đơn vị cấp trên phải còn hoạt động trong ngày ấy."
    next_step_en = "Fill in name, type and level; the unit above must live on that day."


class DistrictsNotServed(Refusal):
    code = "districts_not_served"
    vi = "Danh sách phòng giao dịch không có phòng nào phục vụ: {districts}."
    en = "No transaction office of the list serves {districts}."
    next_step_vi = "Thêm huyện vào một phòng giao dịch, hoặc vào branch_districts nếu chi nhánh trực tiếp phục vụ."
    next_step_en = (
        "Add the district to an office, or to branch_districts where the branch itself serves it."
    )


class DistrictsUnknown(Refusal):
    code = "districts_unknown"
    vi = "Danh sách phòng giao dịch có mã huyện không thuộc tỉnh, thành phố này: {districts}."
    en = "The list of transaction offices has districts of no such code in this province: {districts}."
    next_step_vi = "Sửa mã huyện (mã cũ trước ngày 1/7/2025, ba chữ số) trong danh sách."
    next_step_en = "Correct the codes (of before 1/7/2025, three digits) in the list."


class PointInUse(Refusal):
    code = "point_in_use"
    vi = "Điểm giao dịch {code} đã có phiên giao dịch hoặc nhóm phục vụ."
    en = "The transaction point {code} has sessions or a team already."
    next_step_vi = "Giữ lượt nhập này; sửa điểm ở trang điểm giao dịch."
    next_step_en = "Keep this import; change the point on its page."
