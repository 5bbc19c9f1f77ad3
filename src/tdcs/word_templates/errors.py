"""Refusals of Word templates: what is wrong, at which tag and place, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tdcs.core.errors import Refusal
from tdcs.word_templates.filling.places import Place


class AtPlace(Refusal):
    """A refusal that names a place of the document, in the reader's language."""

    def _filled(self, english: bool) -> dict[str, Any]:
        found = dict(super()._filled(english))
        place = found.get("place")
        if isinstance(place, Place):
            found["place"] = place.words(english)
        return found


class TemplateFaulty(Refusal):
    code = "word_template_faulty"
    vi = "Mẫu có {count} chỗ phải sửa; chưa lưu. Chỗ đầu tiên: {first}"
    en = "The template has {count} faults and was not saved. The first: {first}"
    next_step_vi = "Sửa trong Word từng chỗ đã nêu rồi tải lên lại."
    next_step_en = "Mend each place in Word and upload the file again."

    def __init__(self, *, problems: Sequence[Refusal]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems), first="")

    def _filled(self, english: bool) -> dict[str, Any]:
        first = self.problems[0].sentence("en" if english else "vi") if self.problems else ""
        return {"count": len(self.problems), "first": first}


class TemplateHasMacro(Refusal):
    code = "word_template_macro_file"
    vi = "Tệp Word có macro ({part})."
    en = "The Word file holds a macro ({part})."
    next_step_vi = "Lưu thành .docx không macro rồi tải lên lại."
    next_step_en = "Save it as a .docx without macros and upload that."


class TemplateReachesOut(Refusal):
    code = "word_template_reaches_out"
    vi = "Tệp Word có liên kết ra ngoài: {target} (trong {part})."
    en = "The Word file links to something outside: {target} (in {part})."
    next_step_vi = (
        "Gỡ liên kết, ảnh liên kết hoặc mẫu đính kèm (Developer › Document Template) rồi lưu lại."
    )
    next_step_en = "Take away the link, linked picture or attached template (Developer › Document Template), then save."


class TemplateHasEntities(Refusal):
    code = "word_template_entities"
    vi = "Tệp Word khai báo thực thể XML (DOCTYPE) trong {part}; tệp Word thật không có."
    en = "The Word file declares XML entities (DOCTYPE) in {part}; a genuine one never does."
    next_step_vi = "Kiểm tra nguồn tệp; mở bằng Word và lưu lại nếu là văn bản thật."
    next_step_en = "Check where the file comes from; if it is genuine, save it anew in Word."


class TemplateHasObject(Refusal):
    code = "word_template_object"
    vi = "Tệp Word nhúng đối tượng khác ({part})."
    en = "The Word file embeds another object ({part})."
    next_step_vi = "Thay đối tượng nhúng bằng bảng hoặc ảnh thường rồi lưu lại."
    next_step_en = "Replace the embedded object by a plain table or picture, then save."


class TemplateFieldRefused(Refusal):
    code = "word_template_field"
    vi = "Trường “{field}” của Word không được dùng trong mẫu (trong {part})."
    en = "Word's field “{field}” may not be used in a template (in {part})."
    next_step_vi = (
        "Gỡ trường này (Ctrl+Shift+F9 để biến thành chữ); số trang, ngày, mục lục vẫn dùng được."
    )
    next_step_en = "Take the field away (Ctrl+Shift+F9 makes it text); page numbers, dates and contents may stay."


class TemplateTooHard(Refusal):
    code = "word_template_too_hard"
    vi = "Mẫu cần quá nhiều thời gian hoặc bộ nhớ để điền nên bị dừng lại."
    en = "Filling the template took too much time or memory and was stopped."
    next_step_vi = "Bớt vòng lặp lồng nhau, hoặc chia mẫu thành nhiều tệp."
    next_step_en = "Use fewer nested loops, or divide the template over several files."


class TagUnknown(AtPlace):
    code = "word_tag_unknown"
    vi = "Thẻ “{tag}” không có ({place}). Gần nhất: {nearest}."
    en = "There is no tag “{tag}” ({place}). The nearest: {nearest}."
    next_step_vi = "Sao chép tên thẻ từ danh sách thẻ của loại mẫu này."
    next_step_en = "Copy the tag from the list of this kind of template."


class TagSyntaxWrong(AtPlace):
    code = "word_tag_syntax"
    vi = "Thẻ viết sai ({place}): {tag} – {why}."
    en = "A tag is written wrongly ({place}): {tag} – {why}."
    next_step_vi = (
        "Viết {{{{ tên_thẻ }}}}, {{% for … %}} … {{% endfor %}}, {{% if … %}} … {{% endif %}};"
        " mỗi khối phải có chỗ đóng."
    )
    next_step_en = "Write {{{{ tag }}}}, {{% for … %}} … {{% endfor %}}, {{% if … %}} … {{% endif %}}; each block must be closed."


class TagEscapes(AtPlace):
    code = "word_tag_escapes"
    vi = "“{tag}” đòi thuộc tính bên trong của giá trị, không được phép ({place})."
    en = "“{tag}” asks for the inside of a value, which is not allowed ({place})."
    next_step_vi = "Chỉ dùng tên thẻ và tên cột trong danh sách thẻ."
    next_step_en = "Use only tags and columns of the list of tags."


class TagCalls(AtPlace):
    code = "word_tag_calls"
    vi = "“{tag}” gọi hàm; mẫu không gọi hàm nào, kể cả range ({place})."
    en = "“{tag}” calls a function; a template calls none, not even range ({place})."
    next_step_vi = "Lặp trên một danh sách có trong danh sách thẻ."
    next_step_en = "Loop over one of the lists among the tags."


class TagIncludes(AtPlace):
    code = "word_tag_includes"
    vi = "“{tag}” lấy nội dung từ mẫu khác (include, import, extends), không được phép ({place})."
    en = "“{tag}” takes in another template (include, import, extends), which is not allowed ({place})."
    next_step_vi = "Chép phần nội dung đó thẳng vào tệp mẫu."
    next_step_en = "Copy that content into the template itself."


class TagMacro(AtPlace):
    code = "word_tag_macro"
    vi = "“{tag}” đặt macro, biến hoặc vòng lặp gọi lại chính nó, không được phép ({place})."
    en = "“{tag}” makes a macro, a variable or a loop that calls itself, which is not allowed ({place})."
    next_step_vi = "Chỉ dùng {{% for %}} và {{% if %}}."
    next_step_en = "Use {{% for %}} and {{% if %}} only."


class TagOperator(AtPlace):
    code = "word_tag_operator"
    vi = "“{tag}” dùng phép tính không được phép trong mẫu ({place})."
    en = "“{tag}” uses an operation that a template may not ({place})."
    next_step_vi = "Dùng giá trị có sẵn trong danh sách thẻ; được so sánh, cộng và trừ hai số."
    next_step_en = "Use a value from the list of tags; comparing, adding and subtracting two numbers is allowed."


class TagFilterUnknown(AtPlace):
    code = "word_tag_filter"
    vi = "Bộ lọc “{name}” không có hoặc không hợp với “{tag}” ({place}). Dùng được: {known}."
    en = (
        "The filter “{name}” does not exist or does not suit “{tag}” ({place}). There are: {known}."
    )
    next_step_vi = "Chọn một bộ lọc đã nêu."
    next_step_en = "Choose one of those named."


class TagNoList(AtPlace):
    code = "word_tag_no_list"
    vi = "“{tag}” không phải danh sách để lặp ({place})."
    en = "“{tag}” is no list to loop over ({place})."
    next_step_vi = "Lặp trên một danh sách có trong danh sách thẻ."
    next_step_en = "Loop over one of the lists among the tags."


class TooManyRows(AtPlace):
    code = "word_too_many_rows"
    vi = "Vòng lặp chạy quá {limit} dòng ({place})."
    en = "A loop ran over more than {limit} rows ({place})."
    next_step_vi = "Bỏ vòng lặp lồng nhau trên cùng danh sách."
    next_step_en = "Do not nest loops over the same list."


class ResultTooLarge(Refusal):
    code = "word_result_too_large"
    vi = "Văn bản điền xong lớn hơn {limit} MB."
    en = "The filled document is larger than {limit} MB."
    next_step_vi = "Bớt phần lặp trong mẫu, hoặc chọn ít bản ghi hơn."
    next_step_en = "Repeat less in the template, or choose fewer records."


class TagValueWrong(AtPlace):
    code = "word_tag_value"
    vi = "Không điền được “{tag}” ({place}): {why}."
    en = "“{tag}” could not be filled in ({place}): {why}."
    next_step_vi = "Sửa thẻ này trong mẫu; các giá trị mẫu có trong danh sách thẻ."
    next_step_en = "Mend this tag in the template; examples stand in the list of tags."


class JoinedHeaderDiffers(Refusal):
    code = "word_joined_header"
    vi = "Đầu trang hoặc chân trang của mẫu có thẻ riêng của từng bản ghi ({tags}), nên không gộp thành một tệp được."
    en = "The template's header or footer holds tags of a single record ({tags}), so the results cannot be joined."
    next_step_vi = "Chọn tệp nén .zip, hoặc chuyển các thẻ đó vào thân văn bản."
    next_step_en = "Choose a .zip, or move those tags into the body."


class TemplateNameMissing(Refusal):
    code = "word_template_name"
    vi = "Chưa ghi tên mẫu hoặc loại mẫu."
    en = "The template's name or kind is missing."
    next_step_vi = "Ghi tên và chọn loại mẫu."
    next_step_en = "Write a name and choose a kind."


class TemplateWhyMissing(Refusal):
    code = "word_template_why"
    vi = "Chưa ghi lý do thay đổi."
    en = "The reason of the change is missing."
    next_step_vi = "Ghi lý do; người dùng mẫu sẽ đọc ở mục phiên bản."
    next_step_en = "Write the reason; users of the template read it among the versions."


class TemplateNameTaken(Refusal):
    code = "word_template_taken"
    vi = "Đã có mẫu “{title}” của loại này."
    en = "There is a template “{title}” of this kind already."
    next_step_vi = "Mở mẫu đó và tải phiên bản mới, hoặc đặt tên khác."
    next_step_en = "Open it and upload a new version, or choose another name."


class TemplateWithdrawn(Refusal):
    code = "word_template_withdrawn"
    vi = "Mẫu “{title}” đã rút, không điền được nữa."
    en = "The template “{title}” was withdrawn and is not filled in any more."
    next_step_vi = "Chọn mẫu khác, hoặc đề nghị chi nhánh dùng lại mẫu này."
    next_step_en = "Choose another, or ask the branch to bring it back."


class TemplateStateWrong(Refusal):
    code = "word_template_state"
    vi = "Mẫu “{title}” đang ở trạng thái “{state}”, không làm được việc này."
    en = "The template “{title}” is “{state}”; this cannot be done."
    next_step_vi = "Mở lại trang của mẫu để xem trạng thái hiện nay."
    next_step_en = "Open the template's page again to see how it stands."


class SameFile(Refusal):
    code = "word_template_same"
    vi = "Tệp này giống hệt phiên bản {number} đang dùng."
    en = "The file is the same as version {number}, which is in use."
    next_step_vi = "Sửa tệp rồi tải lên, hoặc giữ phiên bản đang dùng."
    next_step_en = "Change the file and upload it, or keep the version in use."


class NothingChosen(Refusal):
    code = "word_nothing_chosen"
    vi = "Không có bản ghi nào khớp với điều kiện đã chọn."
    en = "No record matches what was chosen."
    next_step_vi = "Nới điều kiện lọc rồi điền lại."
    next_step_en = "Filter less and fill in again."


class TooManyChosen(Refusal):
    code = "word_too_many_chosen"
    vi = "Có {count} bản ghi; mỗi lượt điền tối đa {most}."
    en = "There are {count} records; at most {most} are filled in at once."
    next_step_vi = "Lọc theo tổ, xã hoặc chương trình rồi điền từng phần."
    next_step_en = "Filter by group, commune or programme and fill in part by part."
