"""Changes of a loan: what the law still allows on a day, requests in scope, what a change does to the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.core.columns import months_later
from tdcs.core.text import fold
from tdcs.loans.models import ChangeRequest, Loan
from tdcs.loans.queries.folding import LoanBalance, balances_on
from tdcs.loans.queries.scope import visible_requests
from tdcs.loans.rules.limits import extension_of
from tdcs.loans.rules.refusals import refusal
from tdcs.programmes.rules import cite, shared

# Which papers go with which kind of request.
PAPERS: Final = {
    "reschedule": ("08/TD",),
    "extend": ("09/TD",),
    "freeze": ("01/XLN", "02/XLN", "03/XLN", "04/XLN"),
    "write_off": ("01/XLN", "02/XLN", "03/XLN", "05/XLN"),
    "write_off_interest": ("01/XLN", "02/XLN", "03/XLN", "05/XLN"),
}
MARKS: Final = {"asked": "submitted", "approved": "approved", "refused": "rejected"}


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit in words with the text that sets it."""

    label: str
    words: str
    basis: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Movable:
    """An instalment that may be moved, and how far."""

    due_on: date
    principal: int
    latest_on: date


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be asked for on a day: the limits, or why nothing may."""

    limits: tuple[Limit, ...]
    shut: str = ""
    latest_on: date | None = None
    movable: tuple[Movable, ...] = ()


def allowed(loan: Loan, kind: str, on: date) -> Allowed:
    """What the law allows a loan on a day, as the ask page shows it; the rules judge what is asked."""
    now = balances_on([loan], on)[loan.pk]
    if kind == "write_off_interest":
        return _write_off_interest(now, on)
    if not now.balance:
        return Allowed((), _("Khoản vay không còn dư nợ."))
    return {
        "reschedule": _reschedule,
        "extend": _extend,
        "freeze": _freeze,
        "write_off": _write_off,
    }[kind](loan, now, on)


def _limit(label: str, words: str, name: str, on: date) -> Limit:
    value = shared(name).on(on)
    return Limit(label, words, cite(value), value.verified)


def _reschedule(loan: Loan, now: LoanBalance, on: date) -> Allowed:
    """Instalments still owed, not the last and not fallen due, each up to the next one's due day."""
    rule = refusal("beyond_next")
    limits = (
        Limit(_("Được dời đến"), _("muộn nhất là ngày đến hạn của kỳ kế tiếp"), rule["basis"]),
        Limit(_("Hạn cuối"), _("không thay đổi"), refusal("final_not_moved")["basis"]),
    )
    movable, reach, paid = [], 0, now.paid + now.written_off
    # A freeze of a part moves no day.
    waits_from = None if loan.frozen_part else loan.frozen_from
    final = now.instalments[-1][1]
    for at, (_number, due, trigger, principal) in enumerate(now.instalments[:-1]):
        reach += principal
        after = min((row[1] for row in now.instalments[at + 1 :] if row[1] > due), default=due)
        in_time = on <= trigger or (waits_from is not None and trigger >= waits_from)
        if reach > paid and in_time and due < after and due != final:
            movable.append(Movable(due, min(principal, reach - paid), after))
    shut = "" if movable else _("Không còn kỳ trả gốc nào chưa đến hạn để điều chỉnh.")
    return Allowed(limits, shut, movable=tuple(movable))


def _extend(loan: Loan, now: LoanBalance, on: date) -> Allowed:
    """How far beyond the contract's end the law lets the final day move."""
    short = loan.term_months <= shared("short_term_months").on(on).amount
    months, latest = extension_of(loan.disbursed_on, loan.term_months, on)
    name = "extension_short_months" if short else "extension_long_percent"
    words = _("%(n)d tháng kể từ hạn theo hợp đồng, đến %(d)s") % {
        "n": months,
        "d": f"{latest:%d/%m/%Y}",
    }
    limits = (_limit(_("Tổng thời gian gia hạn"), words, name, on),)
    shut = ""
    if now.final_due_on >= latest:
        shut = _("Khoản vay đã được gia hạn hết mức.")
    elif on > now.instalments[-1][2] and (loan.frozen_from is None or loan.frozen_part):
        shut = refusal("too_late")["message"]
    return Allowed(limits, shut, latest)


def _freeze(loan: Loan, now: LoanBalance, on: date) -> Allowed:
    """By the loss: nothing for a small one, so many months below the upper border, more from there."""
    short, long = shared("freeze_months_below_80").on(on), shared("freeze_months_from_80").on(on)
    least, most = int(short.amount), int(long.amount)
    shares = {
        "least": shared("freeze_least_loss_percent").on(on).amount,
        "most": shared("freeze_from_80_percent").on(on).amount,
    }
    limits = (
        _limit(
            _("Thiệt hại dưới %(least)d%%") % shares,
            _("không khoanh"),
            "freeze_least_loss_percent",
            on,
        ),
        Limit(
            _("Thiệt hại %(least)d đến dưới %(most)d%%") % shares,
            _until(least, on),
            cite(short),
            short.verified,
        ),
        Limit(
            _("Thiệt hại %(most)d đến 100%%") % shares,
            _until(most, on),
            cite(long),
            long.verified,
        ),
    )
    shut = refusal("already_frozen")["message"] if now.frozen else ""
    return Allowed(limits, shut, months_later(on, most))


def _until(months: int, on: date) -> str:
    words = _("tối đa %(n)d tháng, đến %(d)s")
    return words % {"n": months, "d": f"{months_later(on, months):%d/%m/%Y}"}


def _write_off(loan: Loan, now: LoanBalance, on: date) -> Allowed:
    causes = shared("risk_causes").on(on)
    words = _("%(n)d nguyên nhân khách quan") % {"n": int(causes.amount)}
    limits = (
        Limit(_("Nguyên nhân được xét"), words, cite(causes), causes.verified),
        Limit(
            _("Số xóa"),
            _("không quá dư nợ gốc và lãi còn phải thu; theo dõi tiếp ngoài bảng"),
            refusal("already_frozen")["basis"],
        ),
    )
    return Allowed(limits)


def _write_off_interest(now: LoanBalance, on: date) -> Allowed:
    causes = shared("risk_causes").on(on)
    limits = (
        Limit(
            _("Số lãi xóa"),
            _("không quá lãi còn phải thu; theo dõi tiếp ngoài bảng"),
            cite(causes),
            causes.verified,
        ),
    )
    due = now.interest_due > 0
    return Allowed(limits, "" if due else _("Khoản vay không còn lãi phải thu."))


@dataclass(frozen=True, slots=True)
class ChangeFilters:
    """What the list of requests is narrowed by; empty means all."""

    state: str = ""
    kind: str = ""
    words: str = ""
    office: int = 0


def find_requests(user: User, filters: ChangeFilters, on: date) -> QuerySet[ChangeRequest]:
    """Requests in scope that match, those that wait first, then the latest."""
    rows = visible_requests(user, on)
    for name in ("state", "kind"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.office:
        rows = rows.filter(loan__office_id=filters.office)
    for word in fold(filters.words).split():
        rows = rows.filter(
            Q(loan__borrower__search__contains=word)
            | Q(loan__number__icontains=word)
            | Q(loan__household__code__icontains=word)
        )
    return rows.order_by("-asked_on", "-pk")


def effects(before: LoanBalance, after: LoanBalance) -> list[tuple[str, int | date, int | date]]:
    """What a change does to a loan's figures: name, before, after; what stays is left out."""
    rows: list[tuple[str, int | date, int | date]] = [
        (_("Dư nợ"), before.balance, after.balance),
        (_("Nợ trong hạn"), before.in_time, after.in_time),
        (_("Nợ quá hạn"), before.overdue, after.overdue),
        (_("Nợ khoanh"), before.frozen, after.frozen),
        (_("Gốc đã trả"), before.paid, after.paid),
        (_("Gốc đã xóa"), before.written_off, after.written_off),
        (_("Lãi cộng dồn"), before.accrued, after.accrued),
        (_("Lãi đã thu"), before.collected, after.collected),
        (_("Lãi đã xóa"), before.waived, after.waived),
        (_("Lãi còn phải thu"), before.interest_due, after.interest_due),
        (_("Hạn cuối"), before.final_due_on, after.final_due_on),
    ]
    moved = [
        (_("Kỳ %(n)d đến hạn") % {"n": old[0]}, old[1], new[1])
        for old, new in zip(before.instalments, after.instalments, strict=False)
        if old[1] != new[1] and old[0] != before.instalments[-1][0]
    ]
    return [row for row in [*rows, *moved] if row[1] != row[2]]


def open_requests(loan: Loan) -> QuerySet[ChangeRequest]:
    """Requests about a loan that nobody has decided."""
    return loan.change_requests.filter(state=ChangeRequest.State.ASKED)


def other_requests(row: ChangeRequest) -> QuerySet[ChangeRequest]:
    """The other requests about the same loan, the latest first."""
    return row.loan.change_requests.exclude(pk=row.pk).order_by("-pk")


def requests_until(loan: Loan, on: date) -> list[ChangeRequest]:
    """What was asked about a loan by a day, the latest first."""
    return list(loan.change_requests.filter(asked_on__lte=on).order_by("-pk"))
