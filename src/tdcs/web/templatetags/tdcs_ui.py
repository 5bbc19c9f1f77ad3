"""Tags and filters that every page may use; loaded as builtins."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from tdcs.core import clock
from tdcs.core.errors import Refusal, RowsRefused
from tdcs.documents import numbers
from tdcs.households import masking
from tdcs.http.language import said
from tdcs.programmes import citing

register = template.Library()

_BILLION = 1_000_000_000

# Code → what it is called; the shape and colour come with the class.
STATUS = {
    "open": gettext_noop("Chưa báo cáo"),
    "in_progress": gettext_noop("Đang thực hiện"),
    "submitted": gettext_noop("Chờ duyệt"),
    "returned": gettext_noop("Trả lại để bổ sung"),
    "accepted": gettext_noop("Đã duyệt"),
    "merged": gettext_noop("Đã chuyển đơn vị kế thừa"),
    "withdrawn": gettext_noop("Thôi giao"),
    "on_time": gettext_noop("Đúng tiến độ"),
    "soon": gettext_noop("Sắp đến hạn"),
    "late": gettext_noop("Quá hạn"),
    "done": gettext_noop("Đã xong"),
    "done_late": gettext_noop("Xong, quá hạn"),
    "gone": gettext_noop("Không còn theo dõi"),
    "draft": gettext_noop("Đang soạn"),
    "none": gettext_noop("Chưa lập"),
    "issued": gettext_noop("Đã phát hành"),
    "consolidated": gettext_noop("Đã tổng hợp trình"),
    "approved": gettext_noop("Được chấp thuận"),
    "rejected": gettext_noop("Không chấp thuận"),
    "published": gettext_noop("Đang thực hiện"),
    "superseded": gettext_noop("Bản đã thay thế"),
    "ended": gettext_noop("Đã kết thúc"),
}


@register.simple_tag
def status(code: str) -> SafeString:
    """A status with its word, shape and colour."""
    return format_html('<span class="st {}">{}</span>', code, _(STATUS.get(code, code)))


@register.filter
def translated(words: Any) -> str:
    """A label of the program or a name of the law, kept in Vietnamese, as the reader's language says it."""
    return said(str(words)) if words else ""


@register.simple_tag
def in_vietnamese(words: Any) -> SafeString:
    """` lang="vi"` where words of a record stand in Vietnamese before a reader of another language, else nothing."""
    own = str(words or "")
    foreign = get_language() != "vi" and not own.isascii() and said(own) == own
    return format_html(' lang="{}"', "vi") if foreign else SafeString("")


@register.filter
def masked_identity(number: str | None) -> str:
    """An identity number of which the first four digits and the last two are read."""
    return masking.masked_identity(number) or "–"


@register.simple_tag
def refusal_words(refusal: Refusal) -> str:
    """Why something is refused, in the reader's language, with what to do next."""
    language = get_language() or "vi"
    return f"{refusal.sentence(language)} {refusal.next_step(language)}".strip()


@register.filter
def row_reasons(refusal: RowsRefused | None) -> list[tuple[int, str]]:
    """(row, why) of every row of a table that was not taken, in the reader's language."""
    return refusal.reasons(get_language() or "vi") if refusal else []


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """dd/mm/yyyy, empty for none."""
    if value is None or value == "":
        return ""
    return f"{clock.day_of(value) if isinstance(value, datetime) else value:%d/%m/%Y}"


@register.filter
def vn_moment(value: datetime | None) -> str:
    """dd/mm/yyyy hh:mm in Vietnam."""
    return f"{value.astimezone(clock.ZONE):%d/%m/%Y %H:%M}" if value else ""


@register.filter
def vn_number(value: Any) -> str:
    """1.234.567,8"""
    if value is None or value == "":
        return ""
    if type(value) is int:
        return numbers.grouped(value)
    return numbers.exact(Decimal(str(value)))


@register.filter
def vn_money(value: int | None) -> str:
    """533650000000 → "533,7 tỷ"; below a billion the whole figure. The exact dong belongs in a title beside it."""
    if value is None or abs(value) < _BILLION:
        return vn_number(value)
    shown = (Decimal(value) / _BILLION).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return " ".join((vn_number(shown), _("tỷ")))


@register.filter
def vn_days(left: int | None) -> str:
    """Days to a due day as officials say it."""
    if left is None:
        return ""
    if left == 0:
        return _("đến hạn hôm nay")
    if left > 0:
        return ngettext("còn %(n)d ngày", "còn %(n)d ngày", left) % {"n": left}
    return ngettext("quá hạn %(n)d ngày", "quá hạn %(n)d ngày", -left) % {"n": -left}


@register.filter
def share(part: int | None, whole: int | None) -> str:
    """A percentage as documents write it ("0,12%"), "–" of nothing."""
    return numbers.share(part, whole)


@register.filter
def cited(words: Any) -> SafeString:
    """A basis with a link to the library from each text that it names."""
    return citing.cited(str(words or ""))


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """The value under a key."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The present address' filters with changes; an empty value takes a filter away."""
    params: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], permission: str) -> bool:
    """Whether the person may."""
    user = context["request"].user
    return bool(user.is_authenticated and user.may(permission))


@register.filter
def status_word(code: str) -> str:
    """What a status is called."""
    return _(STATUS.get(code, code))
