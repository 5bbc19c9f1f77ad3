"""Rows of lists become facts of the registers: who is poor from when, in which group, who looks after a hamlet; and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypedDict

import polars as pl

from tdcs.access.models import HamletOfficer, User
from tdcs.capital.models import CapitalSource
from tdcs.capital.services.sources import invest, remove_source
from tdcs.entrustment.models import GroupMember
from tdcs.households.models import EligibilitySpell, Standard
from tdcs.households.standards import kinds
from tdcs.imports.errors import ListDoesNotFit
from tdcs.imports.models import Extract
from tdcs.imports.queries.listed import Listed
from tdcs.imports.queries.lists import MEMBERS, OFFICERS, POVERTY, SOURCES, TAKEN_UP, listed
from tdcs.imports.services.registering import add_households, add_people
from tdcs.organisations.models import Dated, Organisation
from tdcs.organisations.services.bulk import append_rows, keyed

_MODELS: Final[Mapping[str, type[Dated]]] = {
    POVERTY: EligibilitySpell,
    MEMBERS: GroupMember,
    SOURCES: CapitalSource,
    OFFICERS: HamletOfficer,
}


class Written(TypedDict):
    """Kept as JSON: keys of what a list began, and (key, day) of what ended on that day because of it."""

    made: list[int]
    ended: list[tuple[int, str, str | None]]


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
    for (since,), rows in found.ends.group_by("since"):
        _MODELS[extract.kind].objects.filter(pk__in=rows["id"].to_list()).update(ends_on=since)
    made = _write(extract, found, by)
    ended = [
        (key, since.isoformat(), was and was.isoformat())
        for key, since, was in found.ends.select("id", "since", "was").iter_rows()
    ]
    written: Written = {"made": made, "ended": ended}
    extract.written = written
    extract.save(update_fields=["written"])
    return {"begun": len(made), "ended": len(ended)}


def take_list_back(extract: Extract, *, by: User | None) -> None:
    """What a list wrote was never there; people and households that it named stay. In the caller's transaction.

    Raises SourceInUse where a source that it brought is used since.
    """
    if not extract.written:
        return
    model = _MODELS[extract.kind]
    made = model.objects.filter(pk__in=extract.written["made"])
    if extract.kind == SOURCES:
        for source in CapitalSource.objects.filter(pk__in=made.values("pk")):
            remove_source(source=source, by=by, on=extract.day)
    else:
        made.delete()
    # What was ended again by another since then stays as that one left it.
    for key, since, was in extract.written["ended"]:
        model.objects.filter(pk=key, ends_on=since).update(ends_on=was)
    extract.written = {}
    extract.save(update_fields=["written"])


def _write(extract: Extract, found: Listed, by: User | None) -> list[int]:
    """Keys of what begins."""
    if extract.kind == POVERTY:
        return _write_spells(found)
    if extract.kind == MEMBERS:
        return _write_members(found)
    if extract.kind == OFFICERS:
        return _write_officers(found, extract.office_id)
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
