"""Rows of lists become facts of the registers: who is poor from when, in which group, who looks after a hamlet; and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, NotRequired, TypedDict

import polars as pl

from tdcs.access.models import HamletOfficer, User
from tdcs.capital.models import CapitalSource
from tdcs.capital.services.sources import invest, remove_source
from tdcs.entrustment.models import BoardMember, GroupMember, GroupProfile
from tdcs.entrustment.services.checking import refresh_searches
from tdcs.households.models import EligibilitySpell, Standard
from tdcs.households.standards import kinds
from tdcs.imports.errors import ListDoesNotFit
from tdcs.imports.models import Extract
from tdcs.imports.queries.listed import Listed
from tdcs.imports.queries.lists import (
    GROUPS,
    MEMBERS,
    OFFICERS,
    POVERTY,
    SOURCES,
    TAKEN_UP,
    UNITS,
    listed,
)
from tdcs.imports.queries.registers import Schema, frame_of
from tdcs.imports.services.registering import add_households, add_people
from tdcs.organisations.models import Dated, Organisation, TransactionPoint
from tdcs.organisations.services.bulk import append_rows, keyed
from tdcs.organisations.services.points import open_point, remove_points

_MODELS: Final[Mapping[str, type[Dated]]] = {
    POVERTY: EligibilitySpell,
    MEMBERS: GroupMember,
    SOURCES: CapitalSource,
    OFFICERS: HamletOfficer,
    GROUPS: BoardMember,
    UNITS: TransactionPoint,
}
# Of kinds that say something of a second table.
_ALSO: Final[Mapping[str, type[Dated]]] = {MEMBERS: BoardMember, GROUPS: GroupProfile}


class Written(TypedDict):
    """Kept as JSON: keys of what a list began, and (key, day, end before) of what ended on that day because of it."""

    made: list[int]
    ended: list[tuple[int, str, str | None]]
    # Of the second table of the kind (_ALSO).
    also: NotRequired[Written]


def take_list(extract: Extract, *, by: User | None) -> dict[str, int]:
    """What a list says is in the registers from now on; how much began and ended. In the caller's transaction.

    The list of the same office and day that it replaces is taken back first. Raises ListDoesNotFit.
    """
    if extract.kind not in TAKEN_UP or extract.office is None:
        return {}
    if extract.replaces is not None:
        take_list_back(extract.replaces, by=by)
    found = listed(extract)
    if found.faults["blocks"].any():
        raise ListDoesNotFit(file=extract.file.name, count=found.faults["row"].n_unique())
    ended = _end(_MODELS[extract.kind], found.ends)
    written: Written = {"made": _write(extract, found, by), "ended": ended}
    tables = [written]
    if found.also is not None:
        ended = _end(_ALSO[extract.kind], found.also.ends)
        made = _write_profiles(found.also, extract.day) if extract.kind == GROUPS else []
        written["also"] = {"made": made, "ended": ended}
        tables.append(written["also"])
    extract.written = written
    extract.save(update_fields=["written"])
    refresh_searches(_groups_of(extract, written), extract.day)
    return {
        "begun": sum(len(one["made"]) for one in tables),
        "ended": sum(len(one["ended"]) for one in tables),
    }


def _end(model: type[Dated], ends: pl.DataFrame) -> list[tuple[int, str, str | None]]:
    """Rows end on their day; (key, day, end before) of each."""
    for (since,), rows in ends.group_by("since"):
        model.objects.filter(pk__in=rows["id"].to_list()).update(ends_on=since)
    return [
        (key, since.isoformat(), was and was.isoformat())
        for key, since, was in ends.select("id", "since", "was").iter_rows()
    ]


def take_list_back(extract: Extract, *, by: User | None) -> None:
    """What a list wrote was never there; people and households that it named stay. In the caller's transaction.

    Raises SourceInUse or PointInUse where a source or a point that it brought is used since.
    """
    written: Written = extract.written
    if not written:
        return
    groups = _groups_of(extract, written)
    if extract.kind == SOURCES:
        for source in CapitalSource.objects.filter(pk__in=written["made"]):
            remove_source(source=source, by=by, on=extract.day)
        written["made"] = []
    if extract.kind == UNITS:
        remove_points(written["made"])
        written["made"] = []
    _take_back(_MODELS[extract.kind], written)
    if "also" in written:
        _take_back(_ALSO[extract.kind], written["also"])
    extract.written = {}
    extract.save(update_fields=["written"])
    refresh_searches(groups, extract.day)


def _take_back(model: type[Dated], written: Written) -> None:
    model.objects.filter(pk__in=written["made"]).delete()
    # What was ended again by another since then stays as that one left it.
    for key, since, was in written["ended"]:
        model.objects.filter(pk=key, ends_on=since).update(ends_on=was)


def _write(extract: Extract, found: Listed, by: User | None) -> list[int]:
    """Keys of what begins."""
    if extract.kind == POVERTY:
        return _write_spells(found)
    if extract.kind == MEMBERS:
        return _write_members(found)
    if extract.kind == OFFICERS:
        return _write_officers(found, extract.office_id)
    if extract.kind == UNITS:
        names = ("point", "point_name", "area", "session_day")
        points = found.new.select(names).iter_rows()
        return [
            open_point(code, extract.day, name, area, day).pk for code, name, area, day in points
        ]
    if extract.kind == GROUPS:
        rows = keyed(BoardMember, found.new.with_columns(starts_on=pl.lit(extract.day)))
        append_rows(BoardMember, rows)
        return rows["id"].to_list()
    units = Organisation.objects.filter(pk__in=found.new["unit"].to_list()).order_by("pk")
    return [invest(investor=unit, by=by, on=extract.day).pk for unit in units]


def _write_spells(found: Listed) -> list[int]:
    rows = found.new
    if rows.is_empty():
        return []
    until = {code: kind.until for code, kind in kinds().items()}
    by_itself = [until[kind](since) for kind, since in rows.select("kind", "since").iter_rows()]
    without = rows.filter(pl.col("household").is_null())
    named = without.with_columns(
        customer="number",
        known_as=pl.lit(""),
        customer_name="head_name",
        gender=pl.lit(None, dtype=pl.String),
        phone=pl.lit(None, dtype=pl.String),
    )
    people = add_people(named.drop("there", "there_words", "words", "name", "kind"))
    homes = add_households(people)
    homes = people.select("customer", "person").join(homes, on="person")
    rows = rows.with_columns(own_end=pl.Series(by_itself, dtype=pl.Date))
    rows = rows.join(
        homes.select(number="customer", made="household"),
        on="number",
        how="left",
        maintain_order="left",
    )
    spells = keyed(
        EligibilitySpell,
        rows.select(
            "kind",
            household_id=pl.coalesce("household", "made"),
            starts_on="since",
            ends_on=pl.coalesce("until_on", "own_end"),
            standard=pl.lit(str(Standard.NATIONAL)),
            decision_number=pl.col("decision").str.strip_chars().str.slice(0, 60),
            # A list names the day from which it holds, not the one on which it was signed.
            decision_on=pl.coalesce("from_on", "since"),
            decided_by_id="seat",
        ),
    )
    append_rows(EligibilitySpell, spells)
    return spells["id"].to_list()


def _write_members(found: Listed) -> list[int]:
    rows = keyed(
        GroupMember,
        found.new.select(
            "group_id", household_id="household", person_id="person", starts_on="since"
        ),
    )
    append_rows(GroupMember, rows)
    return rows["id"].to_list()


def _write_officers(found: Listed, office: int | None) -> list[int]:
    rows = keyed(
        HamletOfficer,
        found.new.select(
            "words",
            office_id=pl.lit(office),
            area_id="area",
            hamlet="hamlet_name",
            name="officer",
            user_id="user",
            starts_on="since",
        ),
    )
    append_rows(HamletOfficer, rows)
    return rows["id"].to_list()


def _write_profiles(found: Listed, day: date) -> list[int]:
    """Profiles with another hamlet or organisation; the rest goes on as it was."""
    before = GroupProfile.objects.filter(group__in=found.new["group_id"].to_list(), ends_on=day)
    numbers, words = ("group_id", "area_id", "office_id", "session_day"), ("name", "search")
    schema: Schema = {**dict.fromkeys(numbers, pl.Int64()), **dict.fromkeys(words, pl.String())}
    kept = frame_of(before, tuple(schema), schema)
    rows = found.new.join(kept, on="group_id").with_columns(starts_on=pl.lit(day))
    rows = keyed(GroupProfile, rows)
    append_rows(GroupProfile, rows)
    return rows["id"].to_list()


def _groups_of(extract: Extract, written: Written) -> list[int]:
    """Groups that the search finds by what the list of groups said of them."""
    if extract.kind != GROUPS or "also" not in written:
        return []
    posts, profiles = (
        [*one["made"], *(key for key, _, _ in one["ended"])] for one in (written, written["also"])
    )
    found = [
        BoardMember.objects.filter(pk__in=posts).values_list("group", flat=True),
        GroupProfile.objects.filter(pk__in=profiles).values_list("group", flat=True),
    ]
    return sorted({key for rows in found for key in rows})
