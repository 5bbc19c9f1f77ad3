"""What the system can do, by the words people look for: "gia han" finds where an extension is asked for."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tdcs.access.gate import may_open
from tdcs.access.models import User
from tdcs.core.text import fold

# Function, other words for it (folded), where it is done. Who may open the page is the page's own matter.
_FUNCTIONS: Final = (
    (gettext_noop("Việc của tôi"), "bao cao ket qua cong viec", "plans:inbox"),
    (gettext_noop("Ma trận đơn vị – nhiệm vụ"), "tien do cham qua han", "plans:matrix"),
    (gettext_noop("Tiến độ kế hoạch"), "ty le hoan thanh", "web:progress"),
    (gettext_noop("Lịch việc kế hoạch"), "thoi han den han", "plans:calendar"),
    (gettext_noop("Nhập văn bản kế hoạch"), "doc ke hoach tai len cong bo", "plans:import"),
    (gettext_noop("Giao thêm việc"), "cong van chi dao", "plans:assign"),
    (gettext_noop("Nhắc việc, đôn đốc đơn vị"), "nhac nho qua han", "plans:reminders"),
    (gettext_noop("Gửi báo cáo theo lịch"), "gui thu dinh ky tu dong", "sending:schedules"),
    (gettext_noop("Tin nhắn cho người vay"), "sms nhan tin bao no", "sending:messages"),
    (gettext_noop("Lịch điện tử của tôi"), "ical google outlook", "plans:feed"),
    (gettext_noop("Báo cáo năm của đơn vị"), "lap nop bao cao", "plans:reports"),
    (
        gettext_noop("Báo cáo định kỳ"),
        "bao cao thang quy giao ban xa so ket tong ket",
        "plans:periodic",
    ),
    (gettext_noop("Báo cáo tổng hợp"), "bao cao ubnd tinh", "plans:consolidations"),
    (gettext_noop("Kế hoạch thực hiện của các đơn vị"), "ke hoach rieng", "plans:unit_plans"),
    (gettext_noop("Kiến nghị sửa đổi kế hoạch"), "bo sung dieu chinh", "plans:proposals"),
    (gettext_noop("Bốn chỉ tiêu, bản đồ"), "tong quan du no tang truong", "indicators:overview"),
    (
        gettext_noop("Dự báo dư nợ và nguồn vốn"),
        "kich ban 2030 phep chieu von dia phuong",
        "forecasting:overview",
    ),
    (
        gettext_noop("Kế hoạch tín dụng năm"),
        "chi tieu phan bo dieu chuyen von nhu cau",
        "credit_plan:list",
    ),
    (
        gettext_noop("Thử nghiệm dự thảo chính sách"),
        "thu doi lai suat muc vay chuan ngheo tac dong",
        "policy_lab:overview",
    ),
    (
        gettext_noop("Đề án tín dụng chính sách"),
        "de an 2026 2030 ngan sach dia phuong",
        "scheme:list",
    ),
    (gettext_noop("Bảng số liệu chỉ tiêu"), "thong ke bao cao so lieu", "indicators:table"),
    (gettext_noop("Đăng ký hộ mới"), "them ho vay", "households:register"),
    (gettext_noop("Danh sách hộ vay vốn"), "tra cuu ho ngheo can ngheo", "households:list"),
    (gettext_noop("Rà soát hộ nghèo, cận nghèo"), "binh xet ho ngheo", "households:reviews"),
    (gettext_noop("Khảo sát nhu cầu vay vốn"), "can vay dang ky nhu cau", "households:surveys"),
    (gettext_noop("Thành lập tổ tiết kiệm và vay vốn"), "to moi", "entrustment:found"),
    (gettext_noop("Xếp loại tổ"), "cham diem to", "entrustment:ratings"),
    (gettext_noop("Hoa hồng, phí ủy thác"), "tien hoa hong phi dich vu", "entrustment:earnings"),
    (gettext_noop("Lập hồ sơ vay vốn"), "giay de nghi vay cho vay", "loans:apply"),
    (gettext_noop("Duyệt, ký, giải ngân hồ sơ vay"), "phe duyet tham dinh", "loans:applications"),
    (gettext_noop("Thu nợ, thu lãi theo tổ"), "phien giao dich bang ke", "loans:sheets"),
    (gettext_noop("Lịch giao dịch xã"), "phien giao dich to giao dich", "points:calendar"),
    (gettext_noop("Điểm giao dịch xã"), "diem giao dich ngay co dinh", "points:list"),
    (
        gettext_noop("Gia hạn nợ, điều chỉnh kỳ hạn, khoanh nợ, xóa nợ"),
        "xu ly no cho vay luu vu",
        "loans:requests",
    ),
    (gettext_noop("Chuyển nơi quản lý khoản vay"), "chuyen dia ban", "loans:moves"),
    (gettext_noop("Nhận nợ thừa kế"), "nguoi vay chet mat tra no thay", "loans:heirs"),
    (gettext_noop("Ghi bút toán"), "hach toan ghi so", "ledger:enter"),
    (gettext_noop("Bảng cân đối tài khoản"), "can doi ke toan", "ledger:trial_balance"),
    (gettext_noop("Nhập sao kê"), "tai len bao cao 31 he thong loi IMS", "imports:overview"),
    (gettext_noop("Mẫu Word của chi nhánh"), "bieu mau docx dien tron thu", "word_templates:list"),
    (gettext_noop("Khóa sổ ngày"), "chot so cuoi ngay", "closing:list"),
    (gettext_noop("Quyết định đổi lãi suất"), "thay doi lai suat", "closing:decrees"),
    (gettext_noop("Chương trình tín dụng và điều kiện vay"), "lai suat muc vay", "programmes:list"),
    (gettext_noop("Thay đổi đơn vị giữa hai ngày"), "sap nhap xa ke thua", "organisations:changes"),
    (gettext_noop("Thêm người dùng"), "tai khoan khoa mo", "access:people"),
    (gettext_noop("Bảng phân quyền theo vai trò"), "quyen duoc lam gi", "access:permissions"),
    (gettext_noop("Nhật ký hệ thống"), "ai da lam gi", "audit:lines"),
    (gettext_noop("Đổi mật khẩu, tài khoản của tôi"), "xac thuc hai buoc", "access:profile"),
)


def find_functions(person: User, key: str) -> list[tuple[str, str]]:
    """Functions with a word that begins like each word of the folded ``key``, as (words, address); only what the person may open.

    A name that begins with the key comes first, then one that holds it, then one that other words lead to.
    """
    words = key.split()
    found = []
    for label, others, route in _FUNCTIONS:
        name = fold(_(label))
        known = f" {fold(label)} {name} {others}"
        address = reverse(route)
        if words and all(f" {word}" in known for word in words) and may_open(person, address):
            found.append((not name.startswith(key), key not in name, _(label), address))
    return [(label, address) for *_order, label, address in sorted(found)]
