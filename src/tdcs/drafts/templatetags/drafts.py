"""``{% drafted "room.form" key %}<form …>…</form>{% enddrafted %}``: a form whose typed words are kept."""

from __future__ import annotations

import re
from typing import Any, Final

from django import template
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from tdcs.access.models import User
from tdcs.drafts import marking
from tdcs.drafts.filling import digest_of, filled, typed_fields
from tdcs.drafts.models import Draft
from tdcs.drafts.queries import drafts_of

register = template.Library()
_OPEN: Final = re.compile(r"<form\b")


@register.simple_block_tag(takes_context=True)
def drafted(
    context: dict[str, Any],
    content: str,
    kind: str,
    *subject: Any,
    seen: str = "",
    button: bool = True,
) -> SafeString:
    """The form with the person's draft in it; ``seen`` is what else the form depends on (a stamp, a day).

    ``button``: whether the form offers "Lưu nháp" for browsers without scripts.
    """
    request: HttpRequest | None = context.get("request")
    if request is None or not isinstance(getattr(request, "user", None), User):
        return mark_safe(content)  # noqa: S308 - a template's own output
    form = f"{kind}:{','.join(map(str, subject))}"
    before = typed_fields(content)
    stamp = digest_of(before, seen)
    draft, changed = None, False
    if request.POST.get(marking.FORM) == form:
        # The page after a refusal or a second button: as it was sent. After success: what is now recorded.
        if not marking.is_sent(request):
            sent = {name: list(map(str, values)) for name, values in request.POST.lists()}
            content = filled(content, sent)
            if not marking.is_done(request):
                stamp = request.POST.get(marking.SEEN, stamp)
    else:
        draft = _kept(request).get(form)
        if draft is not None:
            again = filled(content, draft.fields)
            if typed_fields(again) == before:
                draft = None
            else:
                content, changed = again, draft.seen not in (stamp, marking.ANY)
    # Nothing of the request stands in it: what every page gets need not be gathered again for each form.
    line = get_template("drafts/line.html").render(
        {"draft": draft, "changed": changed, "form": form, "stamp": stamp, "button": button}
    )
    head, _, tail = content.rpartition("</form>")
    marked = _OPEN.sub(f'<form data-draft="{form}" data-dirty', head, count=1)
    return mark_safe(f"{marked}{line}</form>{tail}")  # noqa: S308 - templates' own output


def _kept(request: HttpRequest) -> dict[str, Draft]:
    """The person's drafts, read once for a page."""
    kept: dict[str, Draft] | None = getattr(request, "own_drafts", None)
    if kept is None:
        assert isinstance(request.user, User)
        kept = drafts_of(request.user)
        request.own_drafts = kept  # type: ignore[attr-defined]
    return kept
