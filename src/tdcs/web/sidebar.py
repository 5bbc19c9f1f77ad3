"""The rail: what this person's role may open, grouped by the user's work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tdcs.access.models import User


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    active: bool
    count: int = 0


_GROUPS: Final = (
    ("", ((gettext_noop("Tổng quan"), "web:home", "web.home"),)),
    (
        gettext_noop("Chỉ tiêu"),
        (
            (gettext_noop("Bốn chỉ tiêu, bản đồ"), "indicators:overview", "indicators.view"),
            (gettext_noop("Bảng số liệu"), "indicators:table", "indicators.view"),
        ),
    ),
    (
        gettext_noop("Kế hoạch"),
        (
            (gettext_noop("Tiến độ"), "web:progress", "plans.matrix"),
            (gettext_noop("Việc của tôi"), "plans:inbox", "plans.work"),
            (gettext_noop("Ma trận"), "plans:matrix", "plans.matrix"),
            (gettext_noop("Lịch"), "plans:calendar", "plans.view"),
            (gettext_noop("Việc giao thêm"), "plans:directives", "plans.view"),
            (gettext_noop("Nhắc việc"), "plans:reminders", "plans.remind"),
            (gettext_noop("Báo cáo"), "plans:reports", "plans.view"),
            (gettext_noop("Tổng hợp"), "plans:consolidations", "plans.view_consolidated"),
            (gettext_noop("Kế hoạch đơn vị"), "plans:unit_plans", "plans.view"),
            (gettext_noop("Kiến nghị"), "plans:proposals", "plans.view"),
            (gettext_noop("Văn bản kế hoạch"), "plans:plan", "plans.view"),
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
            (gettext_noop("Xử lý nợ"), "loans:requests", "loans.view"),
            (gettext_noop("Chương trình"), "programmes:list", "programmes.view"),
        ),
    ),
    (
        gettext_noop("Sổ cái"),
        (
            (gettext_noop("Sổ sách"), "ledger:books", "ledger.view"),
            (gettext_noop("Khóa sổ ngày"), "closing:list", "closing.view"),
            (gettext_noop("Quyết định đổi lãi suất"), "closing:decrees", "closing.view"),
        ),
    ),
    (
        gettext_noop("Quản trị"),
        (
            (gettext_noop("Đơn vị"), "organisations:tree", "organisations.view"),
            (gettext_noop("Người dùng"), "access:people", "access.manage"),
            (gettext_noop("Quyền"), "access:permissions", "web.home"),
            (gettext_noop("Nhật ký"), "audit:lines", "audit.view"),
        ),
    ),
)


def sidebar_for(request: HttpRequest) -> list[tuple[str, list[Link]]]:
    """Groups of links; empty for a visitor."""
    user = request.user
    if not isinstance(user, User):
        return []
    groups = [
        (title, [(_(label), reverse(name)) for label, name, needed in links if user.may(needed)])
        for title, links in _GROUPS
    ]
    here = _nearest(request.path, [url for _title, links in groups for _label, url in links])
    return [
        (_(title) if title else "", [Link(label, url, url == here) for label, url in links])
        for title, links in groups
        if links
    ]


def _nearest(path: str, urls: list[str]) -> str:
    """The link a page belongs to: the longest beginning of its address, or none."""
    # Every page of the plan begins like the plan's own first page; only that page itself is it.
    fits = [u for u in urls if path == u or (u not in ("/", "/ke-hoach/") and path.startswith(u))]
    return max(fits, key=len, default="")
