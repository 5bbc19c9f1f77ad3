"""The rail: what this person's role may open, grouped by the user's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.core.text import fold


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    active: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one heading; folded when ``unfolded`` is not set. ``code`` is what a browser remembers the choice by."""

    code: str
    title: str
    links: list[Link]
    unfolded: bool

    @property
    def count(self) -> int:
        """What waits behind all of its links, shown while it is folded."""
        return sum(link.count for link in self.links)


# So many links are unfolded at most, unless the person unfolds more: with the headings they fit into 900 px.
UNFOLDED_LINKS: Final = 18

_GROUPS: Final = (
    (
        "",
        (
            (gettext_noop("Tổng quan"), "web:home", "web.home"),
            (gettext_noop("Việc đang chạy"), "jobs:list", "web.home"),
        ),
    ),
    (
        gettext_noop("Chỉ tiêu"),
        (
            (gettext_noop("Bốn chỉ tiêu, bản đồ"), "indicators:overview", "indicators.view"),
            (gettext_noop("Bảng số liệu"), "indicators:table", "indicators.view"),
            (gettext_noop("Kế hoạch tín dụng năm"), "credit_plan:list", "credit_plan.view"),
            (gettext_noop("Dự báo vốn"), "forecasting:overview", "forecasting.view"),
            (gettext_noop("Thử nghiệm chính sách"), "policy_lab:overview", "policy_lab.view"),
            (gettext_noop("Đề án"), "scheme:list", "scheme.view"),
        ),
    ),
    (
        gettext_noop("Kế hoạch"),
        (
            (gettext_noop("Tiến độ"), "web:progress", "plans.matrix"),
            (gettext_noop("Việc của tôi"), "plans:inbox", "plans.work"),
            (gettext_noop("Ma trận"), "plans:matrix", "plans.matrix"),
            (gettext_noop("Độ phủ"), "plans:coverage", "plans.view"),
            (gettext_noop("Lịch"), "plans:calendar", "plans.view"),
            (gettext_noop("Việc giao thêm"), "plans:directives", "plans.view"),
            (gettext_noop("Nhắc việc"), "plans:reminders", "plans.remind"),
            (gettext_noop("Báo cáo"), "plans:reports", "plans.view"),
            (gettext_noop("Báo cáo định kỳ"), "plans:periodic", "indicators.view"),
            (gettext_noop("Tổng hợp"), "plans:consolidations", "plans.view_consolidated"),
            (gettext_noop("Gửi báo cáo theo lịch"), "sending:schedules", "sending.schedule"),
            (gettext_noop("Kế hoạch đơn vị"), "plans:unit_plans", "plans.view"),
            (gettext_noop("Kiến nghị"), "plans:proposals", "plans.view"),
            (gettext_noop("Văn bản kế hoạch"), "plans:plan", "plans.view"),
            (gettext_noop("Sổ văn bản"), "letters:list", "letters.view"),
        ),
    ),
    (
        gettext_noop("Tín dụng"),
        (
            (gettext_noop("Hộ vay vốn"), "households:list", "households.view"),
            (gettext_noop("Rà soát hộ nghèo"), "households:reviews", "households.view"),
            (gettext_noop("Nhu cầu vốn"), "households:surveys", "households.view"),
            (gettext_noop("Tổ TK&VV"), "entrustment:list", "entrustment.view"),
            (gettext_noop("Hồ sơ vay"), "loans:applications", "loans.view"),
            (gettext_noop("Khoản vay"), "loans:loans", "loans.view"),
            (gettext_noop("Thu nợ theo tổ"), "loans:sheets", "loans.view"),
            (gettext_noop("Phiên giao dịch"), "points:calendar", "points.view"),
            (gettext_noop("Tin nhắn cho người vay"), "sending:messages", "sending.message"),
            (gettext_noop("Xử lý nợ"), "loans:requests", "loans.view"),
            (gettext_noop("Cảnh báo sớm"), "problem_loans:warnings", "warnings.view"),
            (gettext_noop("Nợ có vấn đề"), "problem_loans:dossiers", "problem_loans.view"),
            (gettext_noop("Chương trình"), "programmes:list", "programmes.view"),
            (gettext_noop("Thư viện văn bản"), "programmes:library", "programmes.view"),
        ),
    ),
    (
        gettext_noop("Phong trào"),
        (
            (gettext_noop("Sổ theo dõi"), "outreach:overview", "outreach.view"),
            (gettext_noop("Tập huấn"), "outreach:classes", "outreach.view"),
            (gettext_noop("Ban đại diện"), "boards:list", "boards.view"),
            (gettext_noop("Họp ban đại diện"), "boards:meetings", "boards.view"),
            (gettext_noop("Giao ban sau phiên"), "boards:sheets", "boards.view"),
            (gettext_noop("Người đứng đầu"), "boards:heads", "boards.view"),
            (gettext_noop("Tự kiểm điểm"), "boards:reviews", "boards.view"),
        ),
    ),
    (
        gettext_noop("Nguồn vốn"),
        (
            (gettext_noop("Nguồn và quỹ"), "capital:overview", "capital.view"),
            (gettext_noop("Ngân sách ủy thác"), "capital:budgets", "capital.view"),
            (gettext_noop("Vốn đề xuất chuyển"), "capital:register", "capital.view"),
            (gettext_noop("Vận động đóng góp"), "capital:campaigns", "capital.view"),
        ),
    ),
    (
        gettext_noop("Giám sát"),
        (
            (gettext_noop("Diện phải kiểm tra"), "oversight:overview", "oversight.view"),
            (gettext_noop("Chương trình kiểm tra"), "oversight:programmes", "oversight.view"),
            (gettext_noop("Cuộc kiểm tra"), "oversight:inspections", "oversight.view"),
            (gettext_noop("Tồn tại, kiến nghị"), "oversight:findings", "oversight.view"),
            (gettext_noop("Đối chiếu công khai"), "oversight:campaigns", "oversight.view"),
            (gettext_noop("Cuộc kiểm toán"), "oversight:engagements", "oversight.audit_read"),
            (
                gettext_noop("Câu hỏi của kiểm toán"),
                "oversight:asked_queries",
                "oversight.answer_audit",
            ),
        ),
    ),
    (
        gettext_noop("Sổ cái"),
        (
            (gettext_noop("Sổ sách"), "ledger:books", "ledger.view"),
            (gettext_noop("Đề nghị hạch toán"), "ledger:requests", "ledger.view"),
            (gettext_noop("Khóa sổ ngày"), "closing:list", "closing.view"),
            (gettext_noop("Quyết định đổi lãi suất"), "closing:decrees", "closing.view"),
        ),
    ),
    (
        gettext_noop("Dữ liệu"),
        (
            (gettext_noop("Nhập sao kê"), "imports:overview", "imports.view"),
            (gettext_noop("Biểu chuẩn"), "sheets:list", "sheets.view"),
            (gettext_noop("Mẫu Word"), "word_templates:list", "word_templates.use"),
        ),
    ),
    (
        gettext_noop("Quản trị"),
        (
            (gettext_noop("Đơn vị"), "organisations:tree", "organisations.view"),
            (gettext_noop("Người dùng"), "access:people", "access.manage"),
            (gettext_noop("Bàn giao, làm thay"), "access:handovers", "access.manage"),
            (gettext_noop("Quyền"), "access:permissions", "web.home"),
            (gettext_noop("Nhật ký"), "audit:lines", "audit.view"),
            (gettext_noop("Giao diện"), "web:styles", "access.manage"),
        ),
    ),
)


def sidebar_for(role: str, path: str, counts: Mapping[str, int]) -> list[Group]:
    """Groups of links with what waits behind each; empty for who holds no role."""
    here = nearest(role, path)
    groups = [
        (
            title,
            [Link(_(label), url, url == here, counts.get(name, 0)) for label, name, url in links],
        )
        for title, links in _offered(role)
        if links
    ]
    unfolded = _unfolded(groups)
    return [
        Group(slugify(fold(title)), _(title) if title else "", links, title in unfolded)
        for title, links in groups
    ]


@lru_cache(4096)
def nearest(role: str, path: str) -> str:
    """The address of the link to which a page belongs, or none."""
    return _nearest(path, [url for _title, links in _offered(role) for _label, _name, url in links])


@cache
def _offered(role: str) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """Groups with (label, route, address) of what a role may open."""
    return tuple(
        (
            title,
            tuple(
                (label, name, reverse(name))
                for label, name, needed in links
                if Role(role) in PERMISSIONS[needed]
            ),
        )
        for title, links in _GROUPS
    )


def _unfolded(groups: list[tuple[str, list[Link]]]) -> set[str]:
    """Titles of the groups that stand open: the page's own, then those with something waiting, then the rest, while they fit."""
    # Links under no heading cannot be folded: they take their room first.
    chosen = {""}
    room = UNFOLDED_LINKS - sum(len(links) for title, links in groups if not title)
    pressing = sorted(
        [group for group in groups if group[0]],
        key=lambda group: (
            not any(link.active for link in group[1]),
            not any(link.count for link in group[1]),
        ),
    )
    for at, (title, links) in enumerate(pressing):
        if len(links) <= room or at == 0:
            chosen.add(title)
            room -= len(links)
    return chosen


def _nearest(path: str, urls: list[str]) -> str:
    """The link a page belongs to: the longest beginning of its address, or none."""
    # Every page of the plan begins like the plan's own first page; only that page itself is it.
    fits = [u for u in urls if path == u or (u not in ("/", "/ke-hoach/") and path.startswith(u))]
    return max(fits, key=len, default="")
