"""Which office of this system a code of the core means."""

from __future__ import annotations

from typing import Final

from tdcs.core.text import fold
from tdcs.imports.rules.layouts import codes
from tdcs.organisations.models import Kind, Organisation, OrganisationProfile
from tdcs.organisations.queries import organisation_by_code

_OFFICE: Final = "nhcsxh-pgd@{}"
# The first digits of an office's code are its province's of old.
_PROVINCE: Final = 4


def office_of_code(code: str, name: str) -> Organisation | None:
    """The office; the branch where the name is the branch's, or its own counter's beside offices of that province."""
    found = organisation_by_code(_OFFICE.format(code)) if code else None
    if found is not None:
        return found
    profiles = OrganisationProfile.objects.filter(organisation__kind=Kind.VBSP_BRANCH)
    profile = profiles.select_related("organisation").order_by("-starts_on").first()
    if profile is None or not name:
        return None
    branch: Organisation = profile.organisation
    if fold(name) in {fold(profile.name), fold(profile.short_name)}:
        return branch
    ours = Organisation.objects.filter(code__startswith=_OFFICE.format(code[:_PROVINCE]))
    counters = {fold(one) for one in codes("head_office_names")}
    return branch if fold(name) in counters and ours.exists() else None
