"""Whom and what an extract names that the registers have already, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeVar

import polars as pl
from django.db.models import F, Model, QuerySet

from tdcs.entrustment.models import BoardMember, GroupMember
from tdcs.households.models import HouseholdMember, Person
from tdcs.imports.models import CoreCustomer, CoreGroup
from tdcs.organisations.models import Organisation, living_on

Schema = dict[str, pl.DataType]
_Of = TypeVar("_Of", bound=Model)
_KEY: Final = pl.Int64()
_WORDS: Final = pl.String()


def frame_of(rows: QuerySet[_Of], fields: Sequence[str], schema: Schema) -> pl.DataFrame:
    """The fields of rows as columns of a schema, in its order."""
    return pl.DataFrame(list(rows.values_list(*fields)), schema=schema, orient="row")


def known_customers(codes: Sequence[str]) -> pl.DataFrame:
    """customer, person, household of those that are known."""
    schema: Schema = {"customer": _WORDS, "person": _KEY, "household": _KEY}
    rows = CoreCustomer.objects.filter(code__in=codes)
    return frame_of(rows, ("code", "person_id", "household_id"), schema)


def persons_numbered(numbers: Sequence[str]) -> pl.DataFrame:
    """number, there (the person), there_words (the name as it is searched)."""
    schema: Schema = {"number": _WORDS, "there": _KEY, "there_words": _WORDS}
    rows = Person.objects.filter(identity_number__in=numbers)
    return frame_of(rows, ("identity_number", "pk", "search"), schema)


def homes_of(persons: Sequence[int]) -> pl.DataFrame:
    """person, household of those who belong to one now."""
    schema: Schema = {"person": _KEY, "household": _KEY}
    rows = HouseholdMember.objects.filter(person__in=persons, ends_on=None)
    return frame_of(rows, ("person_id", "household_id"), schema)


def groups_of_office(office: Organisation) -> pl.DataFrame:
    """group (the core's code), group_id."""
    rows = CoreGroup.objects.filter(office=office)
    return frame_of(rows, ("code", "group_id"), {"group": _WORDS, "group_id": _KEY})


def groups_now(households: Sequence[int]) -> pl.DataFrame:
    """household, group_now of those that belong to a group now."""
    schema: Schema = {"household": _KEY, "group_now": _KEY}
    rows = GroupMember.objects.filter(household__in=households, ends_on=None)
    return frame_of(rows, ("household_id", "group_id"), schema)


def new_memberships(wanted: pl.DataFrame, day: date) -> pl.DataFrame:
    """Of ``wanted`` (household, group_id, …), the first of each household, those that belong to no group now or to another.

    With ``member``, the membership that ends by it; one that began on ``day`` or later stands.
    """
    wanted = wanted.unique("household", keep="first", maintain_order=True)
    schema: Schema = {"household": _KEY, "member": _KEY, "held_group": _KEY, "since": pl.Date()}
    rows = GroupMember.objects.filter(household__in=wanted["household"].to_list(), ends_on=None)
    held = frame_of(rows, ("household_id", "pk", "group_id", "starts_on"), schema)
    both = wanted.join(held, on="household", how="left", maintain_order="left")
    changed = (pl.col("held_group") != pl.col("group_id")) & (pl.col("since") < pl.lit(day))
    return both.filter(pl.col("member").is_null() | changed)


def posts_left(members: Sequence[int], day: date) -> pl.DataFrame:
    """id, since, was of posts on boards that end on a day with these memberships: who leaves a group does not lead it."""
    schema: Schema = {"id": _KEY, "was": pl.Date()}
    posts = BoardMember.objects.filter(living_on(day), starts_on__lt=day)
    # One condition over one membership: its group is the board's and its person holds the post.
    posts = posts.filter(group__members__in=members, person=F("group__members__person"))
    found = frame_of(posts, ("pk", "ends_on"), schema)
    return found.select("id", "was", since=pl.lit(day))
