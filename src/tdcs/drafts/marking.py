"""What became of a request that carried a form with a draft: sent, refused, or held while another button worked."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from tdcs.access.models import User
from tdcs.drafts import services
from tdcs.drafts.errors import DraftNotKept

FORM: Final = "draft_form"
SEEN: Final = "draft_seen"
# Sent by a second button (add a file, save the rows only): what was typed beside it is not yet sent.
HOLD: Final = "draft_hold"
# The record moved by the person's own second button: whatever is shown next is what the draft belongs to.
ANY: Final = "*"


def is_refused(request: HttpRequest) -> bool:
    """Whether a refusal was shown in this request."""
    return getattr(request, "refusal_shown", False)


def is_sent(request: HttpRequest) -> bool:
    """Whether the form of this request was taken, and not only something beside it."""
    return is_done(request) and not is_held(request)


def is_done(request: HttpRequest) -> bool:
    """Whether the button that was pressed worked."""
    return getattr(request, "typed_taken", False) and not is_refused(request)


def is_held(request: HttpRequest) -> bool:
    """Whether the button was one that does something beside the form."""
    return HOLD in request.POST or getattr(request, "typed_held", False)


def settle(request: HttpRequest, *, redirected: bool) -> None:
    """After the answer: the draft goes when the form was taken, and is kept in every other case."""
    form, user = request.POST.get(FORM, ""), getattr(request, "user", None)
    if not form or not isinstance(user, User):
        return
    taken = is_sent(request) or (redirected and not is_refused(request))
    if taken and not is_held(request):
        services.throw_away(by=user, form=form)
    else:
        keep_sent(request, user)


def keep_sent(request: HttpRequest, user: User) -> bool:
    """What a request sent becomes the draft of its form; False when it cannot be kept."""
    fields = {name: [str(one) for one in sent] for name, sent in request.POST.lists()}
    try:
        services.keep(
            by=user,
            form=request.POST.get(FORM, ""),
            fields=fields,
            seen=ANY if is_held(request) and is_done(request) else request.POST.get(SEEN, ""),
        )
    except DraftNotKept:
        return False
    return True
