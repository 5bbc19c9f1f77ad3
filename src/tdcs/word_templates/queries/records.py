"""Which records a person may fill a template from: those that the person sees, in their rooms' own scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.access.models import User
from tdcs.access.queries import own_organisation, visible_organisations
from tdcs.core.text import fold
from tdcs.entrustment.queries.groups import GroupFilters, faces_of, find_groups
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.households.queries.scope import communes_in_scope
from tdcs.loans.queries.finding import LoanFilters, find_loans
from tdcs.loans.queries.scope import visible_loans
from tdcs.organisations.models import Kind, OrganisationProfile
from tdcs.organisations.queries import bank_offices, names_on
from tdcs.oversight.queries.inspections import subject_names
from tdcs.oversight.queries.scope import visible_inspections
from tdcs.word_templates.models import TemplateKind

SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A record by its key, with the words by which a person knows it."""

    key: int
    name: str


@dataclass(frozen=True, slots=True)
class RecordFilters:
    """What a list of records is narrowed by; empty means all in scope."""

    words: str = ""
    commune: int = 0
    office: int = 0
    programme: str = ""
    state: str = ""
    group: str = ""


def keys_of(user: User, kind: str, asked: RecordFilters, on: date) -> list[int]:
    """The records of a kind in the person's scope that match, in the order of their list."""
    if kind == TemplateKind.LOAN:
        filters = LoanFilters(
            words=asked.words,
            state=asked.state,
            programme=asked.programme,
            office=asked.office,
            commune=asked.commune,
            group=asked.group,
        )
        rows = find_loans(user, filters, on)
        return list(rows.order_by("group__code", "number").values_list("pk", flat=True))
    if kind == TemplateKind.GROUP:
        groups = GroupFilters(words=asked.words, office=asked.office, commune=asked.commune)
        return list(find_groups(user, groups, on).values_list("pk", flat=True))
    if kind == TemplateKind.INSPECTION:
        return [one.key for one in _inspections(user, asked.words, on)]
    return [one.key for one in _places(user, kind, asked.words, on)]


def find(user: User, kind: str, words: str, on: date) -> list[Choice]:
    """The first records that match some words, for a person to choose one from."""
    if kind == TemplateKind.LOAN:
        loans = find_loans(user, LoanFilters(words=words), on).select_related("borrower")
        return [
            Choice(row.pk, f"{row.borrower.full_name} · {row.number}")
            for row in loans.order_by("-pk")[:SHOWN]
        ]
    if kind == TemplateKind.GROUP:
        groups = list(find_groups(user, GroupFilters(words=words), on)[:SHOWN])
        faces = faces_of([row.pk for row in groups], on)
        return [
            Choice(row.pk, f"{faces[row.pk].name} · {row.code} · {faces[row.pk].commune}")
            for row in groups
        ]
    if kind == TemplateKind.INSPECTION:
        return _inspections(user, words, on)[:SHOWN]
    return _places(user, kind, words, on)[:SHOWN]


def sees(user: User, kind: str, key: int, on: date) -> bool:
    """Whether a record is in the person's scope."""
    if kind == TemplateKind.LOAN:
        return visible_loans(user, on).filter(pk=key).exists()
    if kind == TemplateKind.GROUP:
        return visible_groups(user, on).filter(pk=key).exists()
    if kind == TemplateKind.INSPECTION:
        return visible_inspections(user, on).filter(pk=key).exists()
    return key in {one.key for one in _places(user, kind, "", on)}


def _inspections(user: User, words: str, on: date) -> list[Choice]:
    rows = list(visible_inspections(user, on))
    names = subject_names(rows, on)
    made = [Choice(row.pk, f"{row.number} · {names[row.pk]}") for row in rows]
    return _matching(made, words)


def _places(user: User, kind: str, words: str, on: date) -> list[Choice]:
    if kind == TemplateKind.COMMUNE:
        return _matching([Choice(key, name) for key, name in communes_in_scope(user, on)], words)
    units = _units(user, on)
    names = names_on(on, units)
    found = [Choice(key, names[key]) for key in units]
    return _matching(sorted(found, key=lambda one: fold(one.name)), words)


def _units(user: User, on: date) -> list[int]:
    """Offices of the bank in scope, the branch for who sees all, and the own unit where it has a book."""
    seen = visible_organisations(user, on)
    offices = [one for one in bank_offices(on) if seen is None or one in seen]
    own = own_organisation(user)
    if own is not None and own.kind in BOOKED and own.pk not in offices:
        offices.append(own.pk)
    if seen is None:
        branches = OrganisationProfile.objects.filter(organisation__kind=Kind.VBSP_BRANCH)
        offices += [
            key
            for key in branches.values_list("organisation_id", flat=True).distinct()
            if key not in offices
        ]
    return offices


# Units of which the book tells which loans are theirs.
BOOKED: Final = (
    Kind.TRANSACTION_OFFICE,
    Kind.VBSP_BRANCH,
    Kind.MASS_ORGANISATION,
    Kind.PEOPLE_COMMITTEE,
)


def _matching(rows: Sequence[Choice], words: str) -> list[Choice]:
    asked = fold(words).split()
    return [row for row in rows if all(one in fold(row.name) for one in asked)]
