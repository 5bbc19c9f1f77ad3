"""What of the close waits for a person: days to close, decrees on running loans to confirm."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tdcs.access.models import User
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.queries.runs import may_close
from tdcs.core.waiting import Urgency, Waiting
from tdcs.loans.models import LoanEvent
from tdcs.programmes.models import DecreeApplication


def waiting_for(user: User, on: date) -> list[Waiting]:
    """Lines of the first screen; days are closed, and decrees taken up, by the branch and the administrator only."""
    if not (user.may("closing.view") and may_close(user)):
        return []
    return [line for line in (_days(on), _decrees(user)) if line is not None and line.count]


def _days(on: date) -> Waiting | None:
    """The days before today that are open; today itself is closed when its work is over."""
    ended = CloseRun.objects.aggregate(
        last=Max("day", filter=Q(state=CloseRun.State.DONE)),
        failed=Min("day", filter=Q(state=CloseRun.State.FAILED)),
    )
    last = ended["last"] or store().latest()
    if last is None:
        first = LoanEvent.objects.aggregate(first=Min("on"))["first"]
        count = (on - first).days if first else 0
    else:
        count = (on - last).days - 1
    note = ""
    if failed := ended["failed"]:
        note = _("ngày %(day)s không khóa được") % {"day": f"{failed:%d/%m/%Y}"}
    elif last is not None:
        note = _("đã khóa đến ngày %(day)s") % {"day": f"{last:%d/%m/%Y}"}
    urgency = Urgency.LATE if failed or count > 1 else Urgency.SOON
    title = ngettext("Ngày chưa khóa số liệu", "Ngày chưa khóa số liệu", count)
    return Waiting(title, count, _("Khóa ngày"), "closing:list", urgency=urgency, note=note)


def _decrees(user: User) -> Waiting | None:
    if not user.may("law.decide_decree"):
        return None
    asked = DecreeApplication.objects.filter(state=DecreeApplication.State.ASKED)
    count = asked.exclude(asked_by=user).count()
    return Waiting(
        _("Quyết định đổi lãi suất chờ xác nhận"), count, _("Xác nhận"), "closing:decrees"
    )
