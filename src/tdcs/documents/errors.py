"""Refusals of files: what is wrong with the file and what to do."""

from tdcs.core.errors import Refusal


class FileTooLarge(Refusal):
    code = "file_too_large"
    vi = "Tệp {size} MB vượt quá giới hạn {limit} MB."
    en = "The file of {size} MB exceeds the limit of {limit} MB."
    next_step_vi = "Bỏ ảnh quét, xuất lại văn bản gốc từ Word rồi tải lên."
    next_step_en = "Leave out scanned pictures: export the original from Word and upload it again."


class EmptyFile(Refusal):
    code = "file_empty"
    vi = "Tệp không có nội dung."
    en = "The file is empty."
    next_step_vi = "Mở tệp kiểm tra rồi tải lên lại."
    next_step_en = "Open the file to check it, then upload it again."


class UnknownFormat(Refusal):
    code = "file_format"
    vi = "Định dạng tệp không đọc được; hệ thống đọc .docx, .pdf có lớp chữ và .txt."
    en = "The file's format cannot be read; .docx, PDF with text and .txt are read."
    next_step_vi = "Tệp .doc cũ: mở bằng Word rồi lưu thành .docx."
    next_step_en = "An old .doc: open it in Word and save it as .docx."


class BrokenFile(Refusal):
    code = "file_broken"
    vi = "Tệp bị hỏng, không mở được."
    en = "The file is damaged and cannot be opened."
    next_step_vi = "Mở lại tệp gốc, lưu bản mới rồi tải lên."
    next_step_en = "Open the original, save a new copy and upload that."


class FileTooHard(Refusal):
    code = "file_too_hard"
    vi = "Tệp cần quá nhiều thời gian hoặc bộ nhớ để đọc nên bị dừng lại."
    en = "Reading the file took too much time or memory and was stopped."
    next_step_vi = "Chia văn bản thành tệp nhỏ hơn, hoặc mở bằng Word hay Excel và lưu lại."
    next_step_en = "Split the document, or open it in Word or Excel and save it anew."


class EncryptedFile(Refusal):
    code = "file_encrypted"
    vi = "Tệp được đặt mật khẩu nên không đọc được."
    en = "The file is protected by a password and cannot be read."
    next_step_vi = "Gỡ mật khẩu rồi tải lên lại."
    next_step_en = "Remove the password and upload it again."


class ScanWithoutText(Refusal):
    code = "file_scan"
    vi = "Tệp PDF là ảnh quét, không có lớp chữ."
    en = "The PDF is a scan without text."
    next_step_vi = "Dùng bản Word của văn bản, hoặc đọc bằng nhận dạng chữ: tdcs plan parse --ocr."
    next_step_en = "Use the Word version, or have it recognised: tdcs plan parse --ocr."


class DocumentBomb(Refusal):
    code = "file_bomb"
    vi = "Tệp .docx bung ra quá lớn ({size} MB) so với một văn bản."
    en = "The .docx inflates to {size} MB, far more than a document."
    next_step_vi = "Kiểm tra nguồn tệp; mở bằng Word và lưu lại nếu là văn bản thật."
    next_step_en = "Check where the file comes from; if it is genuine, save it anew in Word."


class WorkbookWithMacros(Refusal):
    code = "workbook_with_macros"
    vi = "Tệp bảng tính có macro."
    en = "The workbook holds macros."
    next_step_vi = "Xuất lại từ phần mềm gốc, hoặc lưu thành .xlsx không macro rồi tải lên."
    next_step_en = "Export it again, or save it as .xlsx without macros and upload that."


class NotATable(Refusal):
    code = "file_not_a_table"
    vi = "Tệp không đọc được như một bảng; hệ thống đọc .xlsx, .csv (UTF-8) hoặc ô dán từ Excel."
    en = "The file cannot be read as a table; .xlsx, .csv (UTF-8) or cells pasted from Excel are read."
    next_step_vi = "Mở tệp bằng Excel, lưu thành .xlsx rồi tải lên."
    next_step_en = "Open the file in Excel, save it as .xlsx and upload it."


class TableTooLong(Refusal):
    code = "table_too_long"
    vi = "Văn bản có bảng dài hơn {limit} dòng; kế hoạch giao nhiệm vụ không dài như vậy."
    en = "The document holds a table of more than {limit} rows; no plan of tasks is so long."
    next_step_vi = "Tách phụ lục số liệu ra khỏi kế hoạch rồi tải lên lại."
    next_step_en = "Take the annex of figures out of the plan and upload it again."


class TooManyPages(Refusal):
    code = "too_many_pages"
    vi = "Văn bản có {pages} trang; hệ thống đọc tối đa {limit} trang."
    en = "The document has {pages} pages; at most {limit} are read."
    next_step_vi = "Tách riêng phần kế hoạch và phụ lục giao nhiệm vụ rồi tải lên lại."
    next_step_en = "Upload the plan with its annex of tasks only."


class FontMapWrong(Refusal):
    code = "font_map_wrong"
    vi = "Tệp PDF dùng phông chữ sai bảng mã: chữ trên trang đọc được bằng mắt nhưng sao chép ra thành ký hiệu khác."
    en = "The PDF's fonts map their letters wrongly: the page looks right, but its text comes out as other signs."
    next_step_vi = "Tải lên tệp .docx gốc, hoặc in lại ra PDF bằng phông Unicode, hoặc dùng bản quét có nhận dạng chữ."
    next_step_en = "Upload the original .docx, print the PDF again with Unicode fonts, or use a scan with recognition."


class NotVietnamese(Refusal):
    code = "not_vietnamese"
    vi = "Văn bản không viết bằng tiếng Việt."
    en = "The document is not in Vietnamese."
    next_step_vi = "Tải lên bản tiếng Việt đã ký của kế hoạch."
    next_step_en = "Upload the signed Vietnamese text of the plan."


class RecognitionMissing(Refusal):
    code = "recognition_missing"
    vi = "Tệp là ảnh quét, không có lớp chữ; máy này chưa cài Tesseract với dữ liệu tiếng Việt nên không nhận dạng được."
    en = "The file is a scan without text; Tesseract with its Vietnamese data is not installed here, so it cannot be recognised."
    next_step_vi = "Cài gói tesseract-ocr và tesseract-ocr-vie của Debian, hoặc tải lên tệp .docx hay PDF có chữ."
    next_step_en = "Install Debian's tesseract-ocr and tesseract-ocr-vie, or upload a .docx or a PDF with text."


class NothingRecognised(Refusal):
    code = "nothing_recognised"
    vi = "Nhận dạng chữ không tìm thấy chữ nào trong bản quét."
    en = "Recognition found no text in the scan."
    next_step_vi = "Quét lại ở 300 dpi, đủ sáng, không nghiêng; hoặc dùng bản Word của văn bản."
    next_step_en = "Scan again at 300 dpi, bright and straight, or use the Word version."


class PageMissing(Refusal):
    code = "page_missing"
    vi = "Văn bản không có trang {page}."
    en = "The document has no page {page}."
    next_step_vi = "Chọn một trang có trong văn bản."
    next_step_en = "Choose a page of the document."


class FileRefused(Refusal):
    code = "file_refused"
    vi = "Không nhận tệp này: {why}."
    en = "The file was refused: {why}."
    next_step_vi = "Gửi tệp quét PDF, ảnh JPEG hoặc PNG, không quá 20 MB."
    next_step_en = "Send a PDF scan, a JPEG or PNG picture of at most 20 MB."


class FileChanged(Refusal):
    code = "file_changed"
    vi = "Tệp của “{title}” {why}; hệ thống không đưa ra tệp này."
    en = "The file of “{title}” on disk is not the one that was received ({why}); it is not handed out."
    next_step_vi = "Báo quản trị khôi phục tệp từ bản sao lưu, hoặc quét lại bản gốc rồi tải lên."
    next_step_en = "Have the file restored from a backup, or scan the original and upload it again."


class TooLongForPaper(Refusal):
    code = "list_too_long_for_paper"
    vi = "Danh sách có {rows} dòng, bản PDF để in chỉ nhận đến {most} dòng."
    en = "The list has {rows} rows; a PDF to print takes up to {most}."
    next_step_vi = "Lọc bớt rồi xuất PDF, hoặc xuất Excel để có đủ mọi dòng."
    next_step_en = (
        "Filter the list and export the PDF again, or export the workbook, which holds every row."
    )


class TooLongForAFile(Refusal):
    code = "list_too_long_for_a_file"
    vi = "Danh sách có {rows} dòng, xuất từ trang này được đến {most} dòng."
    en = "The list has {rows} rows; up to {most} leave from this page."
    next_step_vi = "Lọc bớt danh sách rồi xuất lại."
    next_step_en = "Filter the list and export it again."


class NothingShown(Refusal):
    code = "nothing_shown"
    vi = "Trang này chưa có bảng nào để xuất."
    en = "This page shows no table to export."
    next_step_vi = "Bỏ bớt bộ lọc, hoặc xuất khi đã có dòng."
    next_step_en = "Take filters away, or export once there are rows."
