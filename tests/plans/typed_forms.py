"""A page's forms as a browser without scripts sees them."""

from __future__ import annotations

import re

from tdcs.drafts.filling import typed_fields

FORM = re.compile(r"<form\b.*?</form>", re.S)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def typed_of(page: str, form: str, *, hidden: bool = False) -> dict[str, list[str]]:
    """What stands in the fields of one form that keeps drafts."""
    mine = [one for one in FORM.findall(page) if f'data-draft="{form}"' in one]
    assert len(mine) == 1, (form, len(mine))
    found = typed_fields(mine[0])
    if hidden:
        found |= {name: [value] for name, value in _HIDDEN.findall(mine[0])}
    return found
