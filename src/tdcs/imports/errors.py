"""Refusals of imports."""

from __future__ import annotations

from tdcs.core.errors import Refusal


class NothingToImport(Refusal):
    code = "nothing_to_import"
    vi = "Chưa chọn tệp sao kê nào."
    en = "No extract was chosen."
    next_step_vi = "Chọn một hay nhiều tệp .xlsx, .xls, hoặc một tệp .zip chứa các tệp đó."
    next_step_en = "Choose one or more .xlsx or .xls files, or a .zip of them."


class TooManyFiles(Refusal):
    code = "too_many_extract_files"
    vi = "Có {count} tệp; mỗi lượt nhận tối đa {most} tệp."
    en = "There are {count} files; an import takes up to {most}."
    next_step_vi = "Chia thành nhiều lượt nhập."
    next_step_en = "Divide them over several imports."


class ImportEnded(Refusal):
    code = "import_ended"
    vi = "Lượt nhập số {number} đang ở trạng thái “{state}”, không làm được việc này."
    en = "Import {number} is “{state}”; this can no longer be done."
    next_step_vi = "Mở danh sách lượt nhập, hoặc nhập lại các tệp."
    next_step_en = "Open the list of imports, or import the files again."


class FilesNotReady(Refusal):
    code = "extract_files_not_ready"
    vi = "{count} tệp chưa ghi nhận được: {names}."
    en = "{count} files cannot be taken: {names}."
    next_step_vi = (
        "Sửa và nhập lại các tệp đó, hoặc đánh dấu “bỏ qua các tệp này” rồi ghi nhận phần còn lại."
    )
    next_step_en = "Mend them and import again, or tick “leave these files out” and take the rest."


class NothingToCommit(Refusal):
    code = "nothing_to_commit"
    vi = "Không có tệp nào để ghi nhận."
    en = "There is no file to take."
    next_step_vi = "Xem lý do ở từng tệp rồi nhập lại."
    next_step_en = "See the reason at each file and import again."


class LaterImportStands(Refusal):
    code = "later_import_stands"
    vi = "Lượt nhập số {number} sau đó đã thay số liệu của lượt này."
    en = "Import {number} has replaced figures of this one since."
    next_step_vi = "Hoàn tác lượt nhập số {number} trước."
    next_step_en = "Undo import {number} first."


class WhyMissing(Refusal):
    code = "import_why_missing"
    vi = "Chưa ghi lý do hoàn tác."
    en = "The reason of undoing is missing."
    next_step_vi = "Ghi lý do rồi hoàn tác."
    next_step_en = "Write the reason, then undo."


class OfficeOutOfScope(Refusal):
    code = "extract_office_out_of_scope"
    vi = "Sao kê của {office} không thuộc phạm vi của bạn."
    en = "The extract of {office} is outside your scope."
    next_step_vi = "Chỉ nhập sao kê của đơn vị mình; chi nhánh nhập được của mọi đơn vị."
    next_step_en = "Import your own office's extracts; the branch may import all."


class NotAnExtract(Refusal):
    code = "not_an_extract"
    vi = "Không trang tính nào có dòng tiêu đề của một loại sao kê đã biết trong {rows} dòng đầu."
    en = "No sheet has the header of a known extract in its first {rows} rows."
    next_step_vi = "Bấm “Chỉ cột” để cho biết tệp là loại sao kê nào, cột nào là cột nào; lần sau tệp cùng tiêu đề tự đọc."
    next_step_en = "Press “Name the columns” and say which kind it is and which column is which; it is remembered."


class ForeignExtract(Refusal):
    code = "foreign_extract"
    vi = "Mã đơn vị {office} ({name}) không phải đơn vị của tỉnh này."
    en = "The office {office} ({name}) is none of this province."
    next_step_vi = (
        "Nếu đó là phòng của chi nhánh mình: quản trị đưa mã này vào danh sách phòng giao dịch rồi nhập lại tệp; "
        "nếu không, tệp là của chi nhánh khác."
    )
    next_step_en = (
        "If it is an office of yours: the administrator adds its code to the list of offices, then import the file again; "
        "if not, the file is another branch's."
    )


class DayUnknown(Refusal):
    code = "extract_day_unknown"
    vi = "Không cột, tiêu đề hay tên tệp nào cho biết ngày số liệu."
    en = "Neither a column, the title nor the file's name says the day of the figures."
    next_step_vi = "Gõ ngày số liệu vào ô bên cạnh tệp rồi bấm “Đọc lại”."
    next_step_en = "Type the day of the figures beside the file and press “Read again”."


class OfficeKeepsBook(Refusal):
    code = "office_keeps_book"
    vi = "{office} đã có sổ của hệ thống này, không theo dõi theo sao kê được."
    en = "{office} keeps its book in this system already; it cannot follow extracts."
    next_step_vi = "Ghi nhận sao kê để đối chiếu, không chọn lập sổ theo dõi."
    next_step_en = "Take the extract to compare it, without following it."


class LaterExtractRests(Refusal):
    code = "later_extract_rests"
    vi = "Sổ theo dõi đã ghi sao kê {day:%d/%m/%Y} sau đó (lượt nhập số {number}), tính từ sao kê này."
    en = "The book has the extract of {day:%d/%m/%Y} since (import {number}), which counts from this one."
    next_step_vi = "Hoàn tác lượt nhập số {number} trước."
    next_step_en = "Undo import {number} first."


class OfficeUnknown(Refusal):
    code = "extract_office_unknown"
    vi = "Không cột hay tên tệp nào cho biết sao kê là của đơn vị nào."
    en = "Neither a column nor the file's name says whose extract it is."
    next_step_vi = "Chọn đơn vị ở ô bên cạnh tệp rồi bấm “Đọc lại”."
    next_step_en = "Choose the office beside the file and press “Read again”."


class ColumnsNotNamed(Refusal):
    code = "extract_columns_not_named"
    vi = "Chưa chỉ cột nào là: {names}."
    en = "No column was named as: {names}."
    next_step_vi = "Chọn cột cho từng mục có dấu *; không có các cột này thì không đọc được."
    next_step_en = "Choose a column for each that is marked *; without them nothing can be read."


class ColumnNamedTwice(Refusal):
    code = "extract_column_named_twice"
    vi = "“{name}” được chọn cho {count} cột."
    en = "“{name}” was chosen for {count} columns."
    next_step_vi = "Chỉ để lại một cột, các cột kia chọn “không đọc”."
    next_step_en = "Leave it at one column and choose “not read” for the others."


class HeaderNotThere(Refusal):
    code = "extract_header_not_there"
    vi = "Trang tính “{sheet}” không có chữ nào ở dòng {row}."
    en = "Sheet “{sheet}” has no words in row {row}."
    next_step_vi = "Chọn đúng dòng tiêu đề trong các dòng đang hiện."
    next_step_en = "Choose the row of the header among those shown."


class DayNotPossible(Refusal):
    code = "extract_day_not_possible"
    vi = "“{said}” không phải ngày số liệu dùng được."
    en = "“{said}” cannot be the day of the figures."
    next_step_vi = "Ghi ngày dạng dd/mm/yyyy, không sau hôm nay."
    next_step_en = "Write it as dd/mm/yyyy, not after today."
