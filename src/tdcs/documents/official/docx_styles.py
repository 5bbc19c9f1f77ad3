"""Named Word styles: an official who edits the file changes a style, not a hundred paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tdcs.documents.official.sheet import BODY_POINTS, NAME_POINTS

W_NS: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FACE: Final = "Times New Roman"

# Twentieths of a point, Word's unit.
FIRST_LINE: Final = 720  # 1.27 cm
GAP: Final = 120  # 6 pt between paragraphs
LINE: Final = 264  # 1.1 lines
SINGLE: Final = 240


@dataclass(frozen=True)
class Style:
    """``hanging`` and ``left`` are indents; ``outline`` puts the style into the navigation pane."""

    id: str
    name: str
    size: float = BODY_POINTS
    bold: bool = False
    italic: bool = False
    align: str = "both"
    before: int = 0
    after: int = GAP
    line: int = LINE
    first: int = 0
    left: int = 0
    hanging: int = 0
    outline: int | None = None
    keep_next: bool = False
    exact: bool = False
    ruled: bool = False

    @property
    def xml(self) -> str:
        face = "<w:b/><w:bCs/>" if self.bold else ""
        face += "<w:i/><w:iCs/>" if self.italic else ""
        size = round(self.size * 2)
        outline = "" if self.outline is None else f'<w:outlineLvl w:val="{self.outline}"/>'
        return (
            f'<w:style w:type="paragraph" w:styleId="{self.id}"'
            f"{'' if self.outline is not None else ' w:customStyle=' + chr(34) + '1' + chr(34)}>"
            f'<w:name w:val="{self.name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>'
            f"{'<w:keepNext/>' if self.keep_next else ''}{self._border}"
            f'<w:spacing w:before="{self.before}" w:after="{self.after}" w:line="{self.line}"'
            f' w:lineRule="{"exact" if self.exact else "auto"}"/>{self._indent}'
            f'<w:jc w:val="{self.align}"/>{outline}</w:pPr>'
            f'<w:rPr>{face}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
        )

    @property
    def _border(self) -> str:
        line = '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
        return f"<w:pBdr>{line}</w:pBdr>" if self.ruled else ""

    @property
    def _indent(self) -> str:
        hanging = f' w:hanging="{self.hanging}"' if self.hanging else f' w:firstLine="{self.first}"'
        return f'<w:ind w:left="{self.left}" w:right="0"{hanging}/>'


def _head(id: str, name: str, size: float, **more: object) -> Style:
    values: dict[str, object] = {"align": "center", "after": 0, "line": SINGLE, **more}
    return Style(id, name, size=size, **values)  # type: ignore[arg-type]


STYLES: Final = (
    Style("Heading1", "heading 1", bold=True, first=FIRST_LINE, outline=0, keep_next=True),
    Style("Heading2", "heading 2", bold=True, first=FIRST_LINE, outline=1, keep_next=True),
    Style("Heading3", "heading 3", first=FIRST_LINE, outline=2, keep_next=True),
    Style("LoiVan", "Lời văn", first=FIRST_LINE),
    Style("GachDauDong", "Gạch đầu dòng", first=FIRST_LINE),
    Style("GachDauDong2", "Gạch đầu dòng 2", first=FIRST_LINE, left=340),
    Style("CanCu", "Căn cứ", italic=True, first=FIRST_LINE),
    _head("QuocHieu", "Quốc hiệu", NAME_POINTS, bold=True),
    _head("TieuNgu", "Tiêu ngữ", NAME_POINTS + 1, bold=True),
    _head("CoQuanChuQuan", "Cơ quan chủ quản", NAME_POINTS),
    _head("CoQuanBanHanh", "Cơ quan ban hành", NAME_POINTS, bold=True),
    _head("DuongKe", "Đường kẻ", 2, ruled=True, line=50, exact=True),
    _head("SoKyHieu", "Số ký hiệu", 13, before=120),
    _head("TrichYeuCongVan", "Trích yếu công văn", NAME_POINTS, before=GAP),
    _head("DiaDanh", "Địa danh và ngày", 13, italic=True, before=120),
    _head("TenLoai", "Tên loại văn bản", BODY_POINTS, bold=True, before=360, keep_next=True),
    _head("TrichYeu", "Trích yếu", BODY_POINTS, bold=True, keep_next=True),
    _head("KinhGui", "Kính gửi", BODY_POINTS, before=240, after=240, keep_next=True),
    Style(
        "KinhGuiNhieu", "Kính gửi nhiều nơi", align="left", left=1700, before=240, keep_next=True
    ),
    Style("KinhGuiNoi", "Kính gửi từng nơi", align="left", left=2380, keep_next=True),
    _head("ThamQuyen", "Thẩm quyền ban hành", BODY_POINTS, bold=True, before=240, after=240),
    _head("TenBang", "Tên bảng", 13, bold=True, before=GAP, after=GAP, keep_next=True),
    _head("TenHinh", "Tên biểu đồ", 13, bold=True, before=60, after=GAP),
    _head("HinhVe", "Hình vẽ", BODY_POINTS, before=GAP, keep_next=True),
    _head("DonViTinh", "Đơn vị tính", 12, italic=True, align="right", after=60, keep_next=True),
    _head("ChuBang", "Chữ trong bảng", 12, align="left", before=40, after=40),
    _head("GhiChu", "Ghi chú", 12, italic=True, align="both", before=GAP, after=GAP),
    _head("ChucVu", "Quyền hạn, chức vụ", BODY_POINTS, bold=True, keep_next=True),
    _head("HoTen", "Họ tên người ký", BODY_POINTS, bold=True, before=1500),
    _head("NoiNhanDe", "Nơi nhận", 12, bold=True, italic=True, align="left"),
    _head("NoiNhan", "Nơi nhận từng dòng", 11, align="left", left=114, hanging=114),
    _head("PhuLuc", "Phụ lục", BODY_POINTS, bold=True, keep_next=True, outline=0),
    _head("TenPhuLuc", "Tên phụ lục", BODY_POINTS, bold=True, before=60, keep_next=True),
    _head("KemTheo", "Kèm theo", BODY_POINTS, italic=True, before=60, after=240, keep_next=True),
    _head("SoTrang", "Số trang", BODY_POINTS),
    _head("NganCach", "Ngăn cách", 2, line=GAP, exact=True),
)

ROLES: Final = {
    "heading1": "Heading1",
    "heading2": "Heading2",
    "heading3": "Heading3",
    "body": "LoiVan",
    "bullet1": "GachDauDong",
    "bullet2": "GachDauDong2",
    "basis": "CanCu",
    "addressee": "KinhGui",
    "addressees": "KinhGuiNhieu",
    "addressee_item": "KinhGuiNoi",
    "authority": "ThamQuyen",
    "enacting": "ThamQuyen",
    "caption": "TenBang",
    "figure_caption": "TenHinh",
    "unit": "DonViTinh",
    "note": "GhiChu",
    "annex": "PhuLuc",
    "annex_title": "TenPhuLuc",
    "annex_reference": "KemTheo",
}

_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def styles_xml(more: Sequence[Style] = ()) -> str:
    """The whole part: our styles only and ``more``, in Vietnamese, in Times New Roman."""
    fonts = " ".join(f'w:{kind}="{FACE}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    size = round(BODY_POINTS * 2)
    return (
        f"<w:styles {W_NS}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {fonts}/>"
        f'<w:color w:val="000000"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="BangSoLieu">'
        '<w:name w:val="Bảng số liệu"/><w:basedOn w:val="TableNormal"/><w:tblPr>'
        f"<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblCellMar>"
        '<w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        + "".join(style.xml for style in (*STYLES, *more))
        + "</w:styles>"
    )
