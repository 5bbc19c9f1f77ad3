"""Keeping, throwing away, pruning and handing over drafts.

A draft is no record: keeping one every few seconds leaves no line of the trail (docs/decisions/0023-drafts.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.drafts.errors import DraftNotKept
from tdcs.drafts.models import Draft
from tdcs.drafts.queries import oldest_kept

# A person at work has a few; a script that fills the table is stopped here.
MOST: Final = 300
_FORM: Final = re.compile(r"[a-z_]+(\.[a-z_]+)*:[\w.,/-]{0,100}")
# Never kept: what authorises, what only steers a draft, secrets and identity numbers.
_NOT_KEPT: Final = re.compile(
    r"csrfmiddlewaretoken|draft_\w+|next|key|.*password.*|.*secret.*|otp|.*identity.*|cccd|id_number"
)


def keep(*, by: User, form: str, fields: Mapping[str, Iterable[str]], seen: str) -> Draft:
    """Keeps what was typed in place of what was kept before. Raises DraftNotKept."""
    if not _FORM.fullmatch(form):
        raise DraftNotKept(why="biểu mẫu không có tên")
    typed = {name: list(values) for name, values in fields.items() if not _NOT_KEPT.fullmatch(name)}
    with transaction.atomic():
        # One person's drafts are kept one after the other: two tabs never make two of one form.
        User.objects.select_for_update().get(pk=by.pk)
        held = Draft.objects.filter(by=by, form=form).first()
        if held is None:
            if Draft.objects.filter(by=by).count() >= MOST:
                raise DraftNotKept(why="đã giữ quá nhiều bản nháp")
            held = Draft(by=by, form=form)
        held.fields, held.seen, held.kept_at = typed, seen[:64], clock.now()
        held.save()
    return held


def throw_away(*, by: User, form: str) -> int:
    """The person's draft of a form, when there is one. Returns how many went."""
    return Draft.objects.filter(by=by, form=form).delete()[0]


def prune(*, before: datetime | None = None) -> int:
    """Drafts older than the installation keeps them (TDCS_DRAFT_DAYS). Returns how many went."""
    return Draft.objects.filter(kept_at__lt=before or oldest_kept()).delete()[0]


def hand_over(old: User, new: User) -> int:
    """The old person's drafts become the successor's, unless the successor has one of the same form."""
    with transaction.atomic():
        theirs = set(Draft.objects.filter(by=new).values_list("form", flat=True))
        return Draft.objects.filter(by=old).exclude(form__in=theirs).update(by=new)
