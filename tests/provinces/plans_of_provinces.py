"""Invented plans: the same work under the names of a province, before and after 1/7/2025."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What a province's plan of a time writes of its own."""

    issuer: str  # ỦY BAN NHÂN DÂN TỈNH LÀO CAI
    place: str  # Lào Cai
    kind: str  # tỉnh, thành phố
    party: str  # Tỉnh ủy, Thành ủy
    press: str
    district: str = ""
    commune: str = ""


_HEAD = """{issuer}

Số: {number}

{place}, ngày {day} tháng {month} năm {year}

KẾ HOẠCH

Nâng cao hiệu quả tín dụng chính sách xã hội trên địa bàn {kind} năm {year}

I. MỤC ĐÍCH, YÊU CẦU

1. Đưa vốn vay ưu đãi đến đúng người cần.

II. NHIỆM VỤ
"""

_BEFORE = """
1. Cân đối ngân sách ủy thác sang chi nhánh.
- Đơn vị chủ trì: Sở Kế hoạch và Đầu tư.
- Đơn vị phối hợp: Sở Tài chính; Chi nhánh NHCSXH {kind}; Ủy ban nhân dân các huyện, thị xã, thành phố.
- Thời gian thực hiện: Trước ngày 30/6/{year}.

2. Rà soát hộ nghèo và người lao động cần vay vốn.
- Đơn vị chủ trì: Sở Lao động - Thương binh và Xã hội.
- Đơn vị phối hợp: Ủy ban nhân dân cấp huyện, cấp xã; Công an {kind}; Phòng giao dịch NHCSXH cấp huyện.
- Thời gian thực hiện: Trước ngày 30/9/{year}.

3. Dựng mô hình điểm về cho vay trồng rừng.
- Đơn vị chủ trì: Ủy ban nhân dân {district}.
- Đơn vị phối hợp: Ủy ban nhân dân {commune}; Sở Nông nghiệp và Phát triển nông thôn; Ban Dân tộc.
- Thời gian thực hiện: Trước ngày 31/10/{year}.

4. Tuyên truyền về vốn vay ưu đãi.
- Đơn vị chủ trì: {press}.
- Đơn vị phối hợp: {party}; Bộ Chỉ huy Quân sự {kind}; Ủy ban Mặt trận Tổ quốc Việt Nam {kind}; tổ chức chính trị - xã hội nhận ủy thác các cấp.
- Thời gian thực hiện: Thường xuyên.

5. Kiểm tra hoạt động của điểm giao dịch.
- Đơn vị chủ trì: Ban đại diện Hội đồng quản trị NHCSXH {kind}, cấp huyện.
- Đơn vị phối hợp: Hội Nông dân {kind}; Hội Liên hiệp Phụ nữ {kind}; Hội Cựu chiến binh {kind}; Đoàn Thanh niên Cộng sản Hồ Chí Minh {kind}; Phòng Lao động - Thương binh và Xã hội cấp huyện.
- Thời gian thực hiện: Hằng năm.
"""

_AFTER = """
1. Cân đối ngân sách ủy thác sang chi nhánh.
- Đơn vị chủ trì: Sở Tài chính.
- Đơn vị phối hợp: Chi nhánh NHCSXH {kind}; Ủy ban nhân dân các xã, phường.
- Thời gian thực hiện: Trước ngày 30/6/{year}.

2. Rà soát hộ nghèo, hộ cận nghèo.
- Đơn vị chủ trì: Sở Nông nghiệp và Môi trường.
- Đơn vị phối hợp: Ủy ban nhân dân cấp xã; Phòng giao dịch NHCSXH; Sở Dân tộc và Tôn giáo.
- Thời gian thực hiện: Trước ngày 30/9/{year}.

3. Dựng mô hình điểm về cho vay trồng rừng.
- Đơn vị chủ trì: Ủy ban nhân dân {commune}.
- Đơn vị phối hợp: Phòng Kinh tế {commune}; Công an các xã, phường.
- Thời gian thực hiện: Trước ngày 31/10/{year}.

4. Tuyên truyền về vốn vay ưu đãi.
- Đơn vị chủ trì: {press}.
- Đơn vị phối hợp: {party}; Ban đại diện Hội đồng quản trị NHCSXH {kind}; tổ chức chính trị - xã hội các cấp.
- Thời gian thực hiện: Thường xuyên.
"""

_FOOT = """
III. TỔ CHỨC THỰC HIỆN

Các sở, ban, ngành báo cáo kết quả về Sở Tài chính trước ngày 15/12/{year}.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Nguyễn Văn Mẫu
"""


def plan_before(words: Words) -> str:
    """A plan of 2024: districts, departments of before 1/3/2025."""
    return _written(_BEFORE, words, number="41/KH-UBND", day="12", month="3", year=2024)


def plan_after(words: Words) -> str:
    """A plan of 2026: communes only, departments joined."""
    return _written(_AFTER, words, number="17/KH-UBND", day="09", month="02", year=2026)


def _written(body: str, words: Words, **when: object) -> str:
    named = {name: getattr(words, name) for name in words.__dataclass_fields__}
    return (_HEAD + body + _FOOT).format(**named, **when)
