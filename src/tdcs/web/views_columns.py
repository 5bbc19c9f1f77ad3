"""Keeping which columns of a table a person sees, and in which order."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access import services
from tdcs.access.gate import PersonRequest, requires
from tdcs.http import back, show_success
from tdcs.http.table_columns import TABLES, arranged


@requires("web.home")
@require_POST
def choose(request: PersonRequest, table: str) -> HttpResponse:
    """Save the choice of one table, move one column, or go back to what everybody sees."""
    if table not in TABLES:
        raise Http404(table)
    post = request.POST
    if post.get("verb") == "reset":
        services.reset_columns(by=request.user, table=table)
        show_success(request, _("Bảng hiện lại các cột mặc định."))
        return back(request)
    seen = set(post.getlist("show"))
    order = post.getlist("order")
    if verb := post.get("move"):
        order = _moved(order, verb)
    hidden = [key for key in order if key not in seen]
    # What was sent is arranged as it will be shown: keys that no column has are not kept.
    wanted = arranged(table, order, hidden)
    services.choose_columns(
        by=request.user,
        table=table,
        order=[one.key for one in wanted.columns],
        hidden=sorted(wanted.hidden),
    )
    show_success(request, _("Đã nhớ các cột của bảng."))
    return back(request)


def _moved(order: list[str], verb: str) -> list[str]:
    """ "up:balance", "down:balance": the column changes places with its neighbour."""
    way, _colon, key = verb.partition(":")
    if key not in order:
        return order
    at = order.index(key)
    to = max(0, at - 1) if way == "up" else min(len(order) - 1, at + 1)
    moved = [one for one in order if one != key]
    moved.insert(to, key)
    return moved
