"""Members of a group as a file, with the sums of what they owe and save."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tdcs.access.gate import PersonRequest
from tdcs.closing.queries.group_debts import MemberDebt
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import MemberRow
from tdcs.http import paper, sheet
from tdcs.http.table_columns import as_chosen

_HEADER: Final = (
    "Họ và tên",
    "Mã hộ",
    "Vào tổ",
    "Dư nợ (đồng)",
    "Quá hạn (đồng)",
    "Lãi phải thu (đồng)",
    "Kỳ trả tới",
    "Gốc kỳ tới (đồng)",
    "Sổ tiền gửi",
    "Tiền gửi (đồng)",
)
Members = list[tuple[MemberRow, MemberDebt]]


def sums_of(members: Members) -> MemberDebt:
    """What the members owe together."""
    return MemberDebt(
        balance=sum(debt.balance for _row, debt in members),
        overdue=sum(debt.overdue for _row, debt in members),
        interest=sum(debt.interest for _row, debt in members),
    )


def export_members(
    request: PersonRequest, group: SavingsGroup, members: Members, debts_on: date | None
) -> HttpResponse:
    """The members as .xlsx, .csv or PDF; what they owe stays empty for who may not see it."""
    total = sums_of(members)
    lines: list[tuple[Any, ...]] = [
        (
            row.member.person.full_name,
            row.member.household.code,
            row.member.starts_on,
            *_owed(debt, debts_on),
            ", ".join(account.number for account in row.accounts),
            row.savings,
        )
        for row, debt in members
    ]
    savings = sum(row.savings for row, _debt in members)
    lines.append((_("Cộng"), "", None, *_owed(total, debts_on), "", savings))
    title = _("Danh sách tổ viên tổ %(code)s") % {"code": group.code}
    around = paper(request, title, on=debts_on)
    name = f"to-vien-{group.code}"
    return sheet(
        request.GET["export"], name, *as_chosen(request, "members", _HEADER, lines), around
    )


def _owed(debt: MemberDebt, debts_on: date | None) -> tuple[Any, ...]:
    if debts_on is None:
        return (None,) * 5
    due = (debt.due.on, debt.due.amount) if debt.due else (None, None)
    return (debt.balance, debt.overdue, debt.interest, *due)
