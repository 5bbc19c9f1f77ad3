"""What the registers say of those whom a list names, beside its rows: what the list would change, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from tdcs.capital.queries.pages import committees, local_sources
from tdcs.core.text import fold, squash
from tdcs.households.models import EligibilitySpell, Household
from tdcs.households.standards import kinds
from tdcs.imports import store
from tdcs.imports.models import Extract, ExtractImport
from tdcs.imports.queries.core_codes import placed
from tdcs.imports.queries.group_list import listed_groups
from tdcs.imports.queries.listed import Listed, nothing_ends
from tdcs.imports.queries.officers import listed_officers
from tdcs.imports.queries.registers import (
    frame_of,
    groups_of_office,
    homes_of,
    known_customers,
    new_memberships,
    persons_numbered,
    posts_left,
)
from tdcs.imports.queries.unit_list import listed_units
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.lists import (
    CLASSES,
    classes_of,
    faults_of_rows,
    investors_of,
    member_checks,
    poverty_checks,
    source_checks,
)
from tdcs.imports.rules.rows import FAULT_SCHEMA, filled
from tdcs.imports.states import ImportState
from tdcs.organisations.models import Kind, OrganisationProfile, living_on

# Kinds whose rows become facts of the registers; the others only lie in the register of extracts.
POVERTY, MEMBERS, SOURCES = "poverty_list", "members", "capital_sources"
OFFICERS, GROUPS, UNITS = "officers", "groups_dsto", "units"
TAKEN_UP: Final = (POVERTY, MEMBERS, SOURCES, OFFICERS, GROUPS, UNITS)
_DAY: Final = pl.Date()
_KEY: Final = pl.Int64()


def listed(extract: Extract) -> Listed:
    """A list beside the registers as they are now. Raises FileChanged."""
    rows = store.rows(extract.rows_digest, extract.file.name)
    rows = filled(rows, layout_of(extract.kind))
    return _READ[extract.kind](rows, extract)


def faults_of_list(extract: Extract) -> pl.DataFrame:
    """FAULT_SCHEMA of the rows that the registers cannot take; none for a kind that is not taken up."""
    if extract.kind not in TAKEN_UP:
        return pl.DataFrame(schema=FAULT_SCHEMA)
    return listed(extract).faults


@dataclass(frozen=True, slots=True)
class ListChange:
    """How many facts a list begins and ends in the registers, or began and ended; ``left_out``: rows that are named."""

    extract: Extract
    name: str
    name_en: str
    rows: int
    begins: int
    ends: int
    left_out: int


def list_changes(imported: ExtractImport) -> list[ListChange]:
    """What the lists of an import change, by office and day: what they would while it is open, else what they did."""
    rows = Extract.objects.filter(file__imported=imported, kind__in=TAKEN_UP)
    rows = rows.select_related("file", "office").order_by("office_code", "day", "kind")
    return [_change(one, imported.state == ImportState.OPEN) for one in rows]


def _change(extract: Extract, is_open: bool) -> ListChange:
    layout = layout_of(extract.kind)
    left = extract.file.fault_rows
    if is_open:
        found = listed(extract)
        tables = [one for one in (found, found.also) if one is not None]
        begins = sum(len(one.new) for one in tables)
        ends = sum(len(one.ends) for one in tables)
        left = found.faults["row"].n_unique()
    else:
        told = (extract.written, extract.written.get("also", {}))
        begins, ends = (sum(len(one.get(key, ())) for one in told) for key in ("made", "ended"))
    rows = int(extract.sums.get("rows", 0))
    return ListChange(extract, layout.name, layout.name_en, rows, begins, ends, left)


def _poverty(rows: pl.DataFrame, extract: Extract) -> Listed:
    assert extract.office is not None
    day, office = extract.day, extract.office
    rows, seats = placed(rows, office, day), _committees(day)
    names = {code: one.name for code, one in kinds().items() if code in CLASSES}
    heads = [squash(one or "")[:120] for one in rows["head_name"]]
    rows = rows.with_columns(
        seat=pl.Series([seats.get(area or 0, office.pk) for area in rows["area"]], dtype=_KEY),
        kind=pl.Series(classes_of(rows["poverty_class"].to_list(), names), dtype=pl.String()),
        name=pl.Series(heads, dtype=pl.String()),
        words=pl.Series([fold(one)[:160] for one in heads], dtype=pl.String()),
        number=pl.col("identity_number").str.strip_chars(),
    )
    persons = persons_numbered(rows["number"].drop_nulls().to_list())
    rows = rows.join(persons, on="number", how="left", maintain_order="left")
    homes = homes_of(persons["there"].to_list()).rename({"person": "there"})
    rows = rows.join(homes, on="there", how="left", maintain_order="left")
    begun = _begun(rows["household"].drop_nulls().to_list())
    rows = rows.join(begun, on="household", how="left", maintain_order="left")
    # Of a household that came into the register later, nothing is said of the days before.
    since = pl.max_horizontal(pl.col("from_on").fill_null(day), "begun")
    rows = rows.with_columns(since=since)
    held = _spells(rows["household"].drop_nulls().to_list())
    both = rows.join(held, on="household", how="inner", suffix="_held")
    living = both.filter(
        (pl.col("starts_on") <= pl.col("since"))
        & (pl.col("ends_on").is_null() | (pl.col("ends_on") > pl.col("since")))
    )
    other = living.filter(pl.col("kind_held") != pl.col("kind"))
    later = both.filter(pl.col("starts_on") > pl.col("since"))["_row"]
    same_day = other.filter(pl.col("starts_on") == pl.col("since"))["_row"]
    rows = rows.with_columns(
        later=pl.col("_row").is_in(later.implode()),
        same_day=pl.col("_row").is_in(same_day.implode()),
    )
    same = living.filter(pl.col("kind_held") == pl.col("kind"))["_row"]
    faults = faults_of_rows(rows, poverty_checks(day))
    out = faults["row"]
    return Listed(
        new=rows.filter(~pl.col("_row").is_in(pl.concat([same.cast(_KEY), out]).implode())),
        ends=other.filter(~pl.col("_row").is_in(out.implode())).select(
            "id", "since", was="ends_on"
        ),
        faults=faults,
    )


def _members(rows: pl.DataFrame, extract: Extract) -> Listed:
    assert extract.office is not None
    day = extract.day
    customers = known_customers(rows["customer"].drop_nulls().to_list())
    rows = rows.join(customers, on="customer", how="left", maintain_order="left")
    groups = groups_of_office(extract.office)
    rows = rows.join(groups, on="group", how="left", maintain_order="left")
    faults = faults_of_rows(rows, member_checks(day))
    # A household stands in one group, whoever of it is named.
    homes = rows.filter(pl.col("household").is_not_null() & pl.col("group_id").is_not_null())
    new, changed = new_memberships(homes, day), pl.col("member").is_not_null()
    ends = new.filter(changed).select(id="member", since=pl.lit(day), was=pl.lit(None, dtype=_DAY))
    # Who changed begins on the day on which the list says so; who is new, when he joined.
    begins = pl.when(changed).then(pl.lit(day)).otherwise(pl.col("joined_on").fill_null(day))
    posts = posts_left(ends["id"].to_list(), day)
    also = Listed(pl.DataFrame(), posts, pl.DataFrame(schema=FAULT_SCHEMA))
    return Listed(new.with_columns(since=begins), ends, faults, also)


def _sources(rows: pl.DataFrame, extract: Extract) -> Listed:
    day = extract.day
    said = (rows["investor_name"].to_list(), rows["level"].to_list())
    units = investors_of(*said, dict(committees(day)))
    rows = rows.with_columns(unit=pl.Series(units, dtype=_KEY))
    held = [one.investor_id for one in local_sources(day)]
    new = rows.filter(pl.col("unit").is_not_null() & ~pl.col("unit").is_in(held))
    new = new.unique("unit", keep="first", maintain_order=True)
    return Listed(new, nothing_ends(), faults_of_rows(rows, source_checks()))


def _committees(day: date) -> dict[int, int]:
    """Commune → its people's committee, which decides who is poor."""
    rows = OrganisationProfile.objects.filter(
        living_on(day),
        organisation__kind=Kind.PEOPLE_COMMITTEE,
        organisation__level="commune",
        area__isnull=False,
    )
    return dict(rows.values_list("area", "organisation"))


def _begun(households: list[int]) -> pl.DataFrame:
    rows = Household.objects.filter(pk__in=households)
    return frame_of(rows, ("pk", "starts_on"), {"household": _KEY, "begun": _DAY})


def _spells(households: list[int]) -> pl.DataFrame:
    schema = {
        "id": _KEY,
        "household": _KEY,
        "kind": pl.String(),
        "starts_on": _DAY,
        "ends_on": _DAY,
    }
    rows = EligibilitySpell.objects.filter(household__in=households, kind__in=CLASSES)
    return frame_of(rows, ("pk", "household_id", "kind", "starts_on", "ends_on"), schema)


_READ: Final[Mapping[str, Callable[[pl.DataFrame, Extract], Listed]]] = {
    POVERTY: _poverty,
    MEMBERS: _members,
    SOURCES: _sources,
    OFFICERS: listed_officers,
    GROUPS: listed_groups,
    UNITS: listed_units,
}
