"""Which office of this system a code of the core means."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core.text import by_name, fold
from tdcs.imports.models import Extract
from tdcs.imports.rules.layouts import codes, key_of
from tdcs.organisations.models import Kind, Organisation, OrganisationProfile
from tdcs.organisations.queries import bank_offices, names_on, organisation_by_code, successors

_OFFICE: Final = "nhcsxh-pgd@{}"
# The first digits of an office's code are its province's of old.
_PROVINCE: Final = 4
_COUNTER: Final = "01"
# What stands before an office's own name, as ``key_of`` gives it.
_KINDS_OF_OFFICE: Final = re.compile(
    r"^((phong giao dich|pgd|ngan hang chinh sach xa hoi|nhcsxh|huyen|thi xa|thanh pho|tx|tp|khu vuc) )+"
)


def office_of_code(code: str, name: str, day: date | None = None) -> Organisation | None:
    """The office; where it has ended by a day, the one that continues it; the branch where the
    name is the branch's, or its own counter's beside offices of that province. Without a code
    the name alone says it, where it is that of one office."""
    found = organisation_by_code(_OFFICE.format(code)) if code else None
    if found is not None:
        return _living(found, day)
    profiles = OrganisationProfile.objects.filter(organisation__kind=Kind.VBSP_BRANCH)
    profile = profiles.select_related("organisation").order_by("-starts_on").first()
    if profile is None:
        return None
    branch: Organisation = profile.organisation
    ours = Organisation.objects.filter(code__startswith=_OFFICE.format(code[:_PROVINCE]))
    if not name:
        # A telegram has codes alone: the first of a province's is the branch's own counter.
        return branch if code and code[_PROVINCE:] == _COUNTER and ours.exists() else None
    if fold(name) in {fold(profile.name), fold(profile.short_name)}:
        return branch
    counters = {fold(one) for one in codes("head_office_names")}
    if fold(name) in counters and ours.exists():
        return branch
    return None if code else _office_named(name, day)


def _office_named(name: str, day: date | None) -> Organisation | None:
    """The one office that a name means, however its kind is written: "PGD huyện Định Quán" is that of Định Quán."""
    own = _own_name(name)
    profiles = OrganisationProfile.objects.filter(organisation__kind=Kind.TRANSACTION_OFFICE)
    found = {
        one.organisation
        for one in profiles.select_related("organisation")
        if own and own in (_own_name(one.name), _own_name(one.short_name))
    }
    living = {_living(one, day) for one in found}
    return living.pop() if len(living) == 1 else None


def _own_name(name: str) -> str:
    return _KINDS_OF_OFFICE.sub("", key_of(name))


def _living(office: Organisation, day: date | None) -> Organisation:
    """The office itself while it exists on a day, else the one that all of it became."""
    if day is None or office.pk in bank_offices(day):
        return office
    after = [one for one in successors([office.pk], day)[office.pk] if one != office.pk]
    return Organisation.objects.get(pk=after[0]) if len(after) == 1 else office


def code_of_office(office: Organisation) -> str:
    """The core's code of an office, as its last extract has it or as its own code says."""
    last = (
        Extract.objects.filter(office=office).order_by("-day").values_list("office_code", flat=True)
    )
    return last.first() or office.code.rpartition("@")[2][-6:]


def offices_to_choose(user: User, day: date) -> list[tuple[int, str]]:
    """The bank's offices in a person's scope, by name."""
    seen = visible_organisations(user)
    offices = [one for one in bank_offices(day) if seen is None or one in seen]
    names = names_on(day, offices)
    return sorted(((one, names.get(one, "")) for one in offices), key=lambda one: by_name(one[1]))


def office_to_choose(user: User, key: int, day: date) -> Organisation | None:
    """One of ``offices_to_choose`` by its key."""
    if key not in dict(offices_to_choose(user, day)):
        return None
    return Organisation.objects.get(pk=key)
