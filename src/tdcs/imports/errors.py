"""Refusals of imports."""

from __future__ import annotations

from collections.abc import Sequence

from tdcs.core.errors import Refusal
from tdcs.documents.errors import NotATable


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


class NestedTooDeep(Refusal):
    code = "extract_zips_nested"
    vi = "Tệp nén nằm quá {most} lớp trong các tệp nén khác."
    en = "The zip lies more than {most} zips deep."
    next_step_vi = "Giải nén rồi nhập các tệp trong đó."
    next_step_en = "Unpack it and import the files in it."


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


class NotASpreadsheet(NotATable):
    code = "extract_not_a_spreadsheet"
    vi = "Tệp không phải bảng tính (.xlsx, .xls), cũng không phải văn bản có dấu ngăn cột (.csv, .tsv, .txt)."
    en = "The file is neither a workbook (.xlsx, .xls) nor text with separated columns (.csv, .tsv, .txt)."
    next_step_vi = "Mở tệp bằng Excel, lưu thành .xlsx rồi nhập lại."
    next_step_en = "Open the file in Excel, save it as .xlsx and import it again."


class ExtractEmpty(Refusal):
    code = "extract_without_rows"
    vi = "Dưới dòng tiêu đề không có dòng số liệu nào."
    en = "There is no row of figures below the header."
    next_step_vi = "Xuất lại sao kê ở hệ thống lõi rồi nhập lại; tệp rỗng thường là lần xuất hỏng."
    next_step_en = "Export it from the core again; an empty file is mostly a failed export."


class ForeignExtract(Refusal):
    code = "foreign_extract"
    vi = "Mã đơn vị {office} không phải đơn vị của tỉnh này."
    en = "The office {office} is none of this province."
    next_step_vi = (
        "Nếu đó là phòng của chi nhánh mình: quản trị đưa mã này vào danh sách phòng giao dịch rồi nhập lại tệp; "
        "nếu không, tệp là của chi nhánh khác."
    )
    next_step_en = (
        "If it is an office of yours: the administrator adds its code to the list of offices, then import the file again; "
        "if not, the file is another branch's."
    )


class OfficeTwice(Refusal):
    code = "extract_office_twice"
    vi = "Tệp “{other}” của lượt này cũng là số liệu ngày {day:%d/%m/%Y} của {office} mà khác tệp này; chỉ một tệp được ghi nhận."
    en = "“{other}” of this import has the figures of {office} for {day:%d/%m/%Y} too, and differs; only one can be taken."
    next_step_vi = "Bỏ lượt nhập này rồi nhập lại với một trong hai tệp; nếu ghi nhận và bỏ qua tệp này thì tệp kia được lấy."
    next_step_en = "Drop this import and bring one of the two; taking it and leaving this file out takes the other."


class SheetsAlike(Refusal):
    code = "extract_sheets_alike"
    vi = "Tệp có nhiều trang tính cùng loại “{kind}”: {names}; mỗi tệp chỉ đọc được một trang."
    en = "The file has several sheets of one kind, “{kind}”: {names}; of a file one is read."
    next_step_vi = (
        "Gộp các trang đó vào một trang, hoặc tách mỗi trang thành một tệp, rồi nhập lại."
    )
    next_step_en = "Put them on one sheet, or each into a file of its own, and import again."


class ForeignRows(ForeignExtract):
    code = "foreign_rows"
    vi = "Tệp có {count} dòng của đơn vị không thuộc tỉnh này: {listed} (trong ngoặc vuông: số dòng)."
    en = "{count} rows are of offices that are none of this province: {listed} (in square brackets: the rows)."
    next_step_vi = "Xóa các dòng đó khỏi tệp (bảng kê lý do có từng dòng) rồi nhập lại."
    next_step_en = (
        "Take these rows out of the file (the sheet of reasons has each), then import it again."
    )

    def __init__(self, rows: Sequence[tuple[int, str]], listed: str) -> None:
        # (number of the row, code of its office) of each.
        self.rows = tuple(rows)
        super().__init__(count=len(self.rows), listed=listed)


class DayUnknown(Refusal):
    code = "extract_day_unknown"
    vi = "Không cột, tiêu đề hay tên tệp nào cho biết ngày số liệu."
    en = "Neither a column, the title nor the file's name says the day of the figures."
    next_step_vi = "Gõ ngày số liệu vào ô bên cạnh tệp rồi bấm “Đọc lại”."
    next_step_en = "Type the day of the figures beside the file and press “Read again”."


class DayInFuture(Refusal):
    code = "extract_day_in_future"
    vi = "Cột ngày của tệp ghi ngày số liệu {day:%d/%m/%Y}, sau hôm nay, {today:%d/%m/%Y}."
    en = "The file's column of days says {day:%d/%m/%Y}, which is after today, {today:%d/%m/%Y}."
    next_step_vi = "Xem lại cột ngày, xuất lại sao kê ở hệ thống lõi rồi nhập lại."
    next_step_en = "See the column of days, export from the core again and import it again."


class SaidDayInFuture(DayInFuture):
    code = "extract_said_day_in_future"
    vi = "Tiêu đề hay tên tệp ghi ngày số liệu {day:%d/%m/%Y}, sau hôm nay, {today:%d/%m/%Y}."
    en = "The title or the file's name says {day:%d/%m/%Y}, which is after today, {today:%d/%m/%Y}."
    next_step_vi = "Gõ ngày số liệu vào ô bên cạnh tệp rồi bấm “Đọc lại”."
    next_step_en = "Type the day of the figures beside the file and press “Read again”."


class ListDoesNotFit(Refusal):
    code = "list_does_not_fit"
    vi = "{file}: {count} dòng không còn khớp với sổ của hệ thống từ khi tệp được đọc."
    en = "{file}: {count} rows no longer fit the registers since the file was read."
    next_step_vi = "Bấm “Đọc lại” ở tệp đó để xem từng dòng và lý do, sửa rồi nhập lại."
    next_step_en = "Press “Read again” at the file to see each row and why, then bring it again."


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


class OfficeOfRowsUnknown(OfficeUnknown):
    code = "extract_office_of_rows_unknown"
    vi = "{count} dòng không ghi đơn vị: [{rows}]."
    en = "{count} rows name no office: [{rows}]."


class OfficeInNameUnknown(OfficeUnknown):
    code = "extract_office_in_name_unknown"
    vi = "Mã {office} trong tên tệp không phải đơn vị của tỉnh này, và không cột nào ghi đơn vị."
    en = "The code {office} in the file's name is no office of this province, and no column names one."


class OfficeNameUnknown(OfficeUnknown):
    code = "extract_office_name_unknown"
    vi = "Tên đơn vị “{name}” không khớp phòng giao dịch nào của chi nhánh, và không cột nào có mã."
    en = "The office's name “{name}” is that of none of the branch's, and no column has its code."


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


class NotMonitored(Refusal):
    code = "cutover_not_monitored"
    vi = "{office} không theo dõi theo sao kê, không có gì để chuyển sang ghi sổ."
    en = "{office} does not follow extracts; there is nothing to cut over."
    next_step_vi = "Nhập báo cáo 31 của đơn vị và chọn “Lập sổ theo dõi” trước."
    next_step_en = "Import the office's report 31 and follow it first."


class NoExtractOfEve(Refusal):
    code = "cutover_no_extract_of_eve"
    vi = "Sổ mở ngày {day:%d/%m/%Y} cần sao kê ngày {eve:%d/%m/%Y}; sao kê gần nhất của {office} là ngày {last}."
    en = "A book from {day:%d/%m/%Y} needs the extract of {eve:%d/%m/%Y}; the last of {office} is of {last}."
    next_step_vi = (
        "Ghi nhận sao kê cuối tháng đó trước, hoặc chọn ngày 01 ngay sau sao kê gần nhất."
    )
    next_step_en = (
        "Take the extract of that month-end first, or choose the first day after the last one."
    )


class NotFirstOfMonth(Refusal):
    code = "cutover_not_first_of_month"
    vi = "Sổ mở từ ngày đầu tháng; {day:%d/%m/%Y} không phải ngày đầu tháng."
    en = "A book begins on the first of a month; {day:%d/%m/%Y} is not."
    next_step_vi = "Chọn ngày 01 sau tháng của sao kê cuối cùng."
    next_step_en = "Choose the first day after the month of the last extract."


class DoubtsLeft(Refusal):
    code = "cutover_doubts_left"
    vi = "Sao kê {day:%d/%m/%Y} còn {count} điểm chưa giải thích được."
    en = "The extract of {day:%d/%m/%Y} has {count} points that are not explained."
    next_step_vi = "Sửa ở hệ thống lõi, xuất lại sao kê cùng ngày và ghi nhận thay sao kê này."
    next_step_en = "Mend them in the core, export the extract of that day again and take it."


class TermsDiffer(Refusal):
    code = "cutover_terms_differ"
    vi = "{count} khoản vay không mở sổ được đúng như sao kê: {names}."
    en = "{count} loans cannot begin exactly as the extract says: {names}."
    next_step_vi = "Kiểm tra hạn trả, gia hạn, khoanh nợ, quá hạn của các khoản này ở sao kê."
    next_step_en = "Check their due days, extensions, freezes and overdue parts in the extract."


class CutOverStands(Refusal):
    code = "cutover_stands"
    vi = "{office} đã chuyển sang ghi sổ từ ngày {day:%d/%m/%Y}."
    en = "{office} has kept its own book since {day:%d/%m/%Y}."
    next_step_vi = "Hoàn tác việc chuyển đó trước, khi chưa khóa ngày nào của sổ."
    next_step_en = "Undo that cut-over first, while no day of the book is closed."


class DayClosedSince(Refusal):
    code = "cutover_day_closed"
    vi = "Đã khóa số liệu đến ngày {closed:%d/%m/%Y}; không mở hay hoàn tác sổ từ ngày {day:%d/%m/%Y} được nữa."
    en = "Days are closed through {closed:%d/%m/%Y}; a book from {day:%d/%m/%Y} can neither begin nor be undone."
    next_step_vi = "Chuyển sang ghi sổ từ tháng sau, trước khi khóa ngày 01."
    next_step_en = "Cut over from the next month, before its first day is closed."


class BookUsed(Refusal):
    code = "cutover_book_used"
    vi = "Sổ của {office} đã có {count} giao dịch sau khi mở."
    en = "The book of {office} has {count} deeds since it began."
    next_step_vi = "Đảo các giao dịch đó không đủ; hãy giữ sổ và sửa bằng bút toán."
    next_step_en = "Keep the book and correct it by entries."


class AlreadyUndone(Refusal):
    code = "cutover_undone"
    vi = "Việc chuyển sang ghi sổ này đã được hoàn tác."
    en = "This cut-over was undone already."
    next_step_vi = "Mở lại trang để xem tình trạng mới nhất."
    next_step_en = "Open the page again to see how it stands."


class DecreeWaits(Refusal):
    code = "cutover_decree_waits"
    vi = "{document} đổi lãi suất khoản vay đang chạy từ {first:%d/%m/%Y} mà hệ thống chưa áp dụng."
    en = (
        "{document} changes rates of running loans from {first:%d/%m/%Y} and was not taken up here."
    )
    next_step_vi = (
        "Áp dụng văn bản đó ở trang Khóa ngày, mục quyết định đổi lãi suất, rồi chuyển sang ghi sổ."
    )
    next_step_en = "Take it up on the page of closes, under decrees on rates, then cut over."


class NothingCompared(Refusal):
    code = "cutover_nothing_compared"
    vi = "Chưa có sao kê nào của đơn vị sau ngày {day:%d/%m/%Y} để đối chiếu."
    en = "No extract of the office after {day:%d/%m/%Y} was taken to compare."
    next_step_vi = "Nhập báo cáo 31 của tháng chạy song song, chỉ ghi nhận, rồi ký biên bản."
    next_step_en = "Take report 31 of the month in parallel, then sign the minutes."


class SignedByStarter(Refusal):
    code = "cutover_signed_by_starter"
    vi = "Người ký biên bản phải khác người bắt đầu chuyển sang ghi sổ."
    en = "Who signs the minutes must be another than who started the cut-over."
    next_step_vi = "Đề nghị người khác có quyền ký."
    next_step_en = "Ask another person with the right to sign."


class AlreadySigned(Refusal):
    code = "cutover_signed"
    vi = "Biên bản đã được ký ngày {day:%d/%m/%Y}."
    en = "The minutes were signed on {day:%d/%m/%Y}."
    next_step_vi = "Tải biên bản ở trang này."
    next_step_en = "Download the minutes from this page."


class CutOverOfficeUnknown(Refusal):
    code = "cutover_office_unknown"
    vi = "Không có đơn vị nào như vậy đang theo dõi theo sao kê."
    en = "No such office follows extracts now."
    next_step_vi = "Mở lại trang và chọn đơn vị trong danh sách."
    next_step_en = "Open the page again and choose an office of the list."
