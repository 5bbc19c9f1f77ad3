"""What of weak boards waits for a person."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from tdcs.access.models import User
from tdcs.core.waiting import Urgency, Waiting
from tdcs.group_results.queries.cases import waiting_cases


def waiting_for(user: User, on: date) -> list[Waiting]:
    """Cases of consolidation whose next step is the person's."""
    if not user.may("entrustment.view"):
        return []
    words = {
        "opine": (_("Kiện toàn tổ: chờ ý kiến của UBND xã"), _("Cho ý kiến")),
        "vote": (_("Kiện toàn tổ: chờ họp tổ"), _("Ghi cuộc họp")),
        "decide": (_("Kiện toàn tổ: chờ quyết định"), _("Quyết định")),
        "hand_over": (_("Kiện toàn tổ: chờ bàn giao"), _("Ghi bàn giao")),
    }
    return [
        Waiting(words[verb][0], count, words[verb][1], "entrustment:cases", urgency=Urgency.SOON)
        for verb, count in waiting_cases(user, on).items()
        if count
    ]
