"""Names of units by grammar: a head noun with its capitals makes a unit, whether a catalogue knows it or not."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Final

from tdcs.core import law
from tdcs.core.text import fold
from tdcs.organisations import catalogue
from tdcs.plans.reading.model import UnitWords
from tdcs.plans.reading.units import find_units
from tdcs.plans.reading.vocabulary import FILLERS

# Nouns that alone say "a unit"; the next word need not be a capital.
_LONG_HEADS: Final = """uy ban nhan dan|uy ban mat tran|uy ban|ubnd|ubmttq|mttq|hdnd|hoi dong|mat tran|tinh uy|thanh uy|huyen uy|quan uy|dang uy|dang bo
|chi bo|tinh doan|thanh doan|huyen doan|xa doan|trung tam|cong an|cong ty|tong cong ty|tap doan|ngan hang|bao hiem xa hoi|bhxh|kho bac|lien minh
|lien doan|lien hiep|hiep hoi|chi cuc|tong cuc|benh vien|hoc vien|vuon quoc gia|khu bao ton|van phong|thanh tra|toa an|vien kiem sat|bo doi|bo chi huy
|bo tu lenh|ban chi huy|ban quan ly|ban chi dao|bql|ban dai dien|phong giao dich|bao tang|thu vien|buu dien|cang vu|hop tac xa|htx|chi nhanh|bo phan
|nhcsxh|nhnn|vnpt|viettel|thong ke tinh|thong ke thanh pho|thue tinh|thue thanh pho|thue co so|hai quan|bien phong|bo chqs|ban chqs|cuu chien binh
|doan thanh nien|ban bao ve|cong doan|tinh doi|thanh doi|huyen doi|thi doi|xa doi|phuong doi|cau lac bo|tong dai|co quan thuong truc|to cong nghe so cong dong|co quan|don vi|so|bo|dien luc|bao va (?:dai|phat thanh)|dai (?:phat thanh|truyen)|chi hoi|hat kiem lam|don bien phong
|truong trung cap|truong cao dang|truong dai hoc|truong pho thong|truong chinh tri|truong day|truong tieu hoc|truong trung hoc|truong mam non"""
# Short nouns that are verbs or other words too: the next word must be a capital (or a level).
_SHORT_HEADS: Final = """so|bo|vu|cuc|phong|ban|hoi|truong|to|doi|tram|dai|bao|vien|doan|quy|hat|don|thue|nha|khu|khoa|lang|thon|cong|cang|xi nghiep
|nha may|lien doi|hai doan|trai|thong ke"""
_PLURAL: Final = (
    r"(?:co so|truong|co quan|don vi|phong|doanh nghiep|to chuc|hoi|doan the|so|ban|bo|nganh|xa|phuong|thon|khu pho|huyen|tinh|dang uy|dia phuong|cap"
    r"|chu (?:dau tu|rung|tau|ho)|trung tam|benh vien|tram|chi cuc|hop tac xa|ngan hang|nha truong|cau lac bo|to|ho|thanh vien|thu truong|cong ty|chi nhanh"
    r"|chi bo|dang bo|vu|cuc|truong|hiep hoi|quy|ap|ban|lang|cum|khoi|nha may|sieu thi|don vi)"
)
_LEAD_IN: Final = re.compile(
    r"^(?:(?:đối với|đề nghị|giao(?: cho)?|yêu cầu|trách nhiệm của|trách nhiệm|nhiệm vụ của|phân công)\s+)?"
    r"(?:(?:đồng chí|đ/c|thủ trưởng|người đứng đầu|lãnh đạo|chủ tịch|phó chủ tịch|giám đốc|cục trưởng|bí thư|tổ trưởng|trưởng|chánh(?= văn phòng)"
    r"|bộ trưởng|cán bộ|ông|bà)\s+(?:cơ quan\s+)?)?",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    rf"(?:{_LONG_HEADS.replace(chr(10), '')})\b|(?:{_SHORT_HEADS.replace(chr(10), '')})\b"
)
_LONG: Final = re.compile(rf"(?:{_LONG_HEADS.replace(chr(10), '')})\b")
_MANY: Final = re.compile(
    rf"(?:cac|tung|moi|nhung|toan the|100%) {_PLURAL}\b|(?:so|ban|nganh|bo)(?:, |/)(?:ban|nganh|bo)\b"
)
_LEVEL: Final = frozenset(
    [
        "tỉnh",
        "huyện",
        "xã",
        "phường",
        "thành",
        "thị",
        "quận",
        "trung",
        "nhà",
        "nhân",
        "quản",
        "chỉ",
        "cơ",
        "khu",
        "liên",
        "y",
        "dân",
        "chuyên",
        "kinh",
    ]
)
# Work that begins with the same syllable as a head noun; in a heading of capitals nothing else parts them.
_WORK_NOUN: Final = re.compile(
    r"(?:to chuc (?!tinh uy|thanh uy)|ban hanh|ban giao|hoi (?:nghi|thi|thao|cho|dam|hop)|bo (?:tri|sung)|bao (?:cao|dam|ve|ton(?! thien))|so (?:ket|hoa|lieu|luong)"
    r"|doi (?:moi|voi|chieu|thoai)|don (?:doc|gian)|vu (?:viec|mua)|quy (?:hoach|dinh|mo|trinh)|phong,? (?:chong|ngua|trao)|cong (?:tac|khai|bo|nhan|cuoc)"
    r"|truong hop|truong thanh|dai (?:hoi|ly)|cuc bo|vien tro|thue (?:bao|khoan)|doan ket|khoa hoc|nha (?:o|nuoc)|khu vuc|ban (?:than|tin)|hoi dong y)\b"
)
# Verbs with which the work begins; in lower case, for "Sở Xây dựng" and "Ủy ban Kiểm tra" are names.
_STRONG: Final = (
    r"chủ trì|chịu trách nhiệm|có trách nhiệm|có nhiệm vụ|phối hợp|thực hiện|hướng dẫn|(?<!trật tự )(?<!đầu tư )xây dựng|rà soát|kiểm tra|(?<!cơ quan )tham mưu|theo dõi|tổng hợp|báo cáo"
    r"|triển khai|chỉ đạo|lãnh đạo|bố trí|bảo đảm|đảm bảo|tăng cường|đẩy mạnh|duy trì|phụ trách|vận động|tuyên truyền|đối chiếu|căn cứ|chủ động"
    r"|tiếp tục|thường xuyên|định kỳ|ban hành|phê duyệt|(?<!Ban )bảo vệ(?! (?:và|rừng|môi|thực))|xử lý(?! (?:nước|rác|chất))|xử phạt|quán triệt|cung cấp"
    r"|hỗ trợ(?! (?:doanh|phát|pháp|nông|khởi|trẻ))|nghiên cứu(?! (?:phát|và|khoa))|đề xuất|nghiêm túc|đôn đốc|giám sát|đánh giá|lắp đặt|sửa chữa"
    r"|nâng cấp|cân đối|thẩm định|huy động|lồng ghép|phát động|khảo sát|tập huấn|hoàn thành|hoàn thiện|quan tâm|kịp thời|tạo điều kiện|thành lập"
    r"|tiếp nhận|công khai|niêm yết|thông báo|thống nhất|giải quyết|tham gia|khẩn trương|tuần tra|tổng kết|cập nhật|quyết định|diễn tập|trồng|chi trả|vận hành|thu hồi|thu gom|di dời|tháo dỡ|nghiệm thu|giải ngân|nạo vét|gia cố|trang bị|lựa chọn|bàn giao"
    r"|(?<!các )tổ chức(?! (?:chính trị|xã hội|đoàn thể|hội(?! (?:thi|thảo|nghị|chợ|diễn|đàm|họp|trại))|tín dụng|cán bộ|Đảng|đảng))"
)
_WEAK: Final = (
    r"lập|cử|đưa|(?<!trung )(?<!Trung )(?<!sơ )(?<!cao )cấp(?! (?:tỉnh|huyện|xã|cơ sở|ủy|uỷ|nước|thoát|cứu|trên|dưới))|mua|trình|gửi|lắp|mở(?! rộng)|in"
    r"|đăng(?! kiểm)|phát(?! (?:thanh|triển|hành))|ký|làm(?! vườn)|là|sẽ|phải|cần|nhận|giao(?! (?:thông|dịch|nhận|lưu|thương))|cùng|đã|tiêm|dạy|trực(?! thuộc)|vào|theo"
)
VERBS: Final = re.compile(rf"(?<![\w-])(?:{_STRONG}|{_WEAK})\b")
_STRONG_VERB: Final = re.compile(rf"(?<![\w-])(?:{_STRONG})\b")
# "Đ/c Lưu Đình Sáng", "Cô Phan Thị Mỹ Duyên": a person's name is kept as it stands.
_PERSON: Final = re.compile(
    r"^(?:(?i:đồng chí|đ/c|ông|bà|thầy|cô|anh|chị|bs\.?|ths\.?|ts\.?)\s*)?[A-ZÀ-ỸĐ][a-zà-ỹđ'’]+(?:\s+[A-ZÀ-ỸĐ][a-zà-ỹđ'’]*){1,5}(?:\s*(?:[-–,]\s*(?:Phó|Trưởng|Giám|Chủ|Bí|Cán|Chuyên|Công chức|Hiệu|Tổ|Ủy viên|Thành viên)\b.*|\([^()]*\)))?$",
)
# "Thầy Đinh Trọng Nghĩa, Phó Hiệu trưởng:" heads the work of a person.
_NAMED_PERSON: Final = re.compile(
    r"^(?:đồng chí|đ/c|ông|bà|thầy|cô|anh|chị|bs|ths|ts)\.?\s+(?-i:[A-ZÀ-ỸĐ][a-zà-ỹđ'’]*(?:\s+[A-ZÀ-ỸĐ][a-zà-ỹđ'’]*){1,5})"
    r"(?:\s*[-–,]\s*[^,.;:]{3,60}|\s*\([^()]{3,60}\))?$",
    re.IGNORECASE,
)
# "Vụ Pháp chế có trách nhiệm:" heads what follows.
_DUTY_OF: Final = re.compile(
    r"\s+(?:có (?:trách nhiệm|nhiệm vụ)|chịu trách nhiệm|chủ trì|thực hiện)(?: thực hiện)?(?: (?:các|những) (?:nhiệm vụ|công việc|nội dung))?(?: sau(?: đây)?)?\s*$"
)
# "(PC02)", "(cơ quan thường trực)", "(viết tắt là TTPVHCC)" behind a name.
_REMARK: Final = re.compile(
    r"\s*\((?:[A-ZĐ]{1,8}[\d.\-]{0,5}|(?:là )?(?:cơ quan|đơn vị|bộ phận)[^()]{3,40}|(?:viết tắt|gọi tắt|sau đây)[^()]{3,60}|qua [^()]{3,60})\)(?=\s*(?:,|và\b|$))"
)
# Words that alone name nobody.
# "công chức Địa chính - Xây dựng": an office whose holder is not named.
_OFFICIAL: Final = re.compile(r"(?i:công chức|viên chức|cán bộ|chuyên viên|nhân viên)\s+[A-ZÀ-ỸĐ]")
# "Cán bộ tín dụng phụ trách địa bàn" alone on a line heads their work.
_OFFICIALS: Final = re.compile(
    r"(?:Các )?(?i:cán bộ|công chức|viên chức|chuyên viên|nhân viên|giáo viên|tổ trưởng|trưởng (?:thôn|bản|ấp|khu phố))\b[^.;:,]{0,60}$"
)
_NOBODY: Final = frozenset(("", "co quan", "don vi", "bo phan", "to chuc"))
_WHERE: Final = re.compile(
    r"\s+(?:đóng (?:chân )?|hoạt động )?trên địa bàn(?: (?:tỉnh|thành phố|huyện|xã|phường))?$"
)
_SPLIT: Final = re.compile(r"\s*[;\n+]\s*|,\s*(?:và\s+)?|\s+và\s+|\s+cùng\s+")


def head_at(text: str) -> bool:
    """Whether a unit's name begins the text: a head noun with a capital behind it, or "các" with its kind."""
    key = fold(text[:60])
    if _MANY.match(key):
        return True
    if _OFFICIAL.match(text):
        return True
    found = _HEAD.match(key)
    if not found or _WORK_NOUN.match(key):
        return False
    words = text.split()
    if not words or not (words[0][:1].isupper() or words[0][:1].isdigit()):
        return False
    behind = words[len(found.group().split()) :]
    if _LONG.match(key) and found.group() not in ("so", "bo"):
        return True
    return bool(behind) and (
        behind[0][:1].isupper() or (behind[0].lower() in _LEVEL and len(behind[0]) > 1)
    )


def subject(text: str) -> tuple[str, str]:
    """ "Sở Y tế chịu trách nhiệm cử …" → ("Sở Y tế", "chịu trách nhiệm cử …"); ("", text) when nobody is named first."""
    opening = _LEAD_IN.match(text)
    start = opening.end() if opening else 0
    if not head_at(text[start:]):
        return "", text
    end = unit_end(text, start)
    return text[start:end].strip(" ,:;-–"), text[end:].strip(" ,:;-–")


def unit_end(text: str, start: int) -> int:
    """Where the names that begin at ``start`` end: before the first verb, at a stop or a colon."""
    stop = re.compile(r"[:.](?:\s|$)|\s\(").search(text, start)
    limit = stop.start() if stop else len(text)
    verb = VERBS.search(text, start + 1, limit)
    end = verb.start() if verb else limit
    for mark in re.finditer(r";\s*", text[start:end]):
        if not head_at(text[start + mark.end() : end]):
            end = start + mark.start()
            break
    known = _known_end(text[start:end])
    return start + known if known else end


def _known_end(words: str) -> int:
    """The end of the catalogue's names when plain words in lower case follow the last one; 0 otherwise."""
    found = find_units(words)
    if not found or not found[0].resolved or not words.startswith(found[0].words[:6]):
        return 0
    if words[:4].lower() in ("các ", "mọi ") and len(found) == 1:
        # What follows a class narrows it: "các doanh nghiệp viễn thông".
        return 0
    at = 0
    for unit in found:
        if not unit.resolved:
            break
        place = words.find(unit.words, max(0, at - len(unit.words)))
        at = max(at, place + len(unit.words)) if place >= 0 else at
    rest = words[at:].lstrip()
    plain = re.match(r"[a-zà-ỹđ]+", rest)
    if plain and plain.group() not in (
        "và",
        "các",
        "có",
        "cấp",
        "của",
        "thuộc",
        "trên",
        "cùng",
        "chi",
        "khu",
        "vùng",
        "ven",
        "ủy",
        "uỷ",
        "trường",
        "sở",
        "xã",
        "phường",
        "huyện",
        "tỉnh",
        "thành",
        "thôn",
    ):
        return at
    return 0


def is_agency(text: str) -> tuple[UnitWords, ...]:
    """The units when a heading names nothing but units ("1. Sở Tài chính:", "2. Trạm Kiểm dịch Bến Sung"), else empty."""
    head, colon, _ = text[:200].partition(":")
    head = _DUTY_OF.sub("", head).strip() if colon else head.strip()
    head = _REMARK.sub("", head)
    opening = _LEAD_IN.match(head)
    bare = head[opening.end() :].strip() if opening else head
    if text.rstrip().endswith(":") and _NAMED_PERSON.match(head):
        return (UnitWords(words=head),)
    if _OFFICIALS.match(head) and not _STRONG_VERB.search(head.replace("phụ trách", "")):
        return (UnitWords(words=head),)
    if not bare or len(head) > 160 or bare.endswith((".", ";", ",")) or not head_at(bare):
        return ()
    # A verb of work, or plain words behind a name that the catalogue knows: a sentence, no heading.
    if _STRONG_VERB.search(bare, 1) or _known_end(bare) or re.search(r"\s\(", bare):
        return ()
    if re.search(r"\d{4}|%", bare):
        return ()
    return named_units(bare)


def is_person(words: str) -> bool:
    """ "Lê Thị Bình", "Đ/c Lưu Đình Sáng"."""
    return bool(_PERSON.match(words.strip())) and not head_at(words)


@law.remembered
def named_units(words: str) -> tuple[UnitWords, ...]:
    """The units of a list: by catalogue where it knows all of them, else each name as it stands."""
    found = find_units(words)
    whole = bool(found) and all(unit.resolved for unit in found) and _covers(found, words)
    if whole and not (_glued(found, words) or _stray(found, words) or _of_base(found, words)):
        return found
    made: list[UnitWords] = []
    for piece in map(_without_where, _pieces(words)):
        units = find_units(piece)
        if _of_base(units, piece):
            made.append(UnitWords(words=piece))
            continue
        if is_person(piece) and not any(unit.resolved for unit in units):
            made.append(UnitWords(words=piece))
            continue
        known = bool(units) and all(unit.resolved for unit in units) and not _glued(units, piece)
        stray = _stray(units, piece) if known else ""
        if (
            known
            and (not stray or not head_at(piece))
            and (_covers(units, piece) or not head_at(piece))
        ):
            made.extend(units)
        elif known and stray == "behind" and len(units) == 1 and not _is_class(units[0]):
            made.append(replace(units[0], words=piece))
        elif head_at(piece) or not units:
            made.append(UnitWords(words=piece))
        else:
            made.extend(units)
    return tuple(dict.fromkeys(unit for unit in made if fold(unit.words) not in _NOBODY))


def _without_where(piece: str) -> str:
    """ "các cơ quan báo chí đóng trên địa bàn" → "các cơ quan báo chí": where a known class works names nobody else."""
    bare = _WHERE.sub("", piece)
    units = find_units(bare) if bare != piece else ()
    return (
        bare if units and all(unit.resolved for unit in units) and _covers(units, bare) else piece
    )


def _glued(units: tuple[UnitWords, ...], words: str) -> bool:
    """ "Đảng ủy Ủy ban nhân dân tỉnh" is one unit that the catalogue does not know, not two that it does."""
    named = list(dict.fromkeys(unit.words for unit in units))
    return any(f"{a} {b}" in words for a, b in itertools.pairwise(named))


def _stray(units: tuple[UnitWords, ...], piece: str) -> str:
    """Where capitals stand that belong to no unit's words: "before" ("Bộ Công an"), "behind" ("Trường Đại học Nông Lâm")."""
    first = piece.find(units[0].words)
    last = piece.rfind(units[-1].words) + len(units[-1].words)
    for where, words in (("before", piece[: max(first, 0)]), ("behind", piece[last:])):
        left = [
            word
            for word in re.findall(r"[^\W\d_]+", words)
            if fold(word) not in FILLERS or fold(word) == "bo"
        ]
        if any(word[0].isupper() for word in left):
            return where
    return ""


def _of_base(units: tuple[UnitWords, ...], piece: str) -> bool:
    """ "Công đoàn cơ sở" is not the Công đoàn that the catalogue knows."""
    known = "so" in fold(units[-1].words).split() if units else True
    return not known and fold(piece).strip(" .;").endswith(" co so")


def _is_class(unit: UnitWords) -> bool:
    entry = catalogue.entries().get(unit.unit)
    return entry is None or entry.is_class or entry.kind == "school"


def _covers(units: tuple[UnitWords, ...], words: str) -> bool:
    named = sum(len(fold(one)) for one in {unit.words for unit in units})
    return named >= 0.6 * len(fold(words))


def _pieces(words: str) -> list[str]:
    """Parts of a list: at each comma, semicolon or "và" behind which another unit's name begins."""
    pieces: list[str] = []
    start = 0
    for found in _SPLIT.finditer(words):
        behind = words[found.end() :]
        opening = _LEAD_IN.match(behind)
        if (
            ";" in found.group()
            or "\n" in found.group()
            or head_at(behind[opening.end() if opening else 0 :])
        ):
            pieces.append(words[start : found.start()])
            start = found.end()
    pieces.append(words[start:])
    return [piece.strip(" .;,-–+") for piece in pieces if piece.strip(" .;,-–+")]
