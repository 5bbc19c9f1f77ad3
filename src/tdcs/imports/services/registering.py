"""Borrowers, households and groups that an extract names: what it says of them, and nothing that it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from tdcs.core.text import fold, squash
from tdcs.entrustment.models import BoardMember, GroupMember, GroupProfile, SavingsGroup
from tdcs.households.models import Household, HouseholdAddress, HouseholdMember, Person
from tdcs.households.services.checking import next_codes
from tdcs.imports.models import CoreCustomer, CoreGroup
from tdcs.imports.queries.core_codes import mass_organisations, placed
from tdcs.imports.queries.registers import (
    groups_of_office,
    homes_of,
    known_customers,
    new_memberships,
    persons_numbered,
    posts_left,
)
from tdcs.imports.rules.rows import IDENTITY
from tdcs.organisations.models import Organisation
from tdcs.organisations.services.bulk import append_rows, keyed

# An extract knows borrowers, not who belongs to their household.
RELATION: Final = "người đứng tên vay"
_GENDERS: Final = {"01": "male", "02": "female", "1": "male", "2": "female"}
_DOUBT: Final = {"contract": pl.String, "code": pl.String, "after": pl.String}


@dataclass(frozen=True, slots=True)
class Registers:
    """customers: customer, person, household; groups: group, group_id; doubts: contract, code, after (what it says)."""

    customers: pl.DataFrame
    groups: pl.DataFrame
    doubts: pl.DataFrame


def register(rows: pl.DataFrame, office: Organisation, day: date) -> Registers:
    """Everybody whom the loans of an extract (``reported``) name; who is known already stays as he is."""
    rows = placed(rows, office, day)
    lost = rows.filter(pl.col("area").is_null()).select(
        "contract", code=pl.lit("unknown_commune"), after="commune_name"
    )
    customers = _customers(rows, day)
    groups, without = _groups(rows, office, day)
    _memberships(rows, customers, groups, day)
    return Registers(customers, groups, pl.concat([lost, without]))


def register_savers(
    rows: pl.DataFrame, office: Organisation, day: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(customer, person, household; group, group_id) of whoever saves; a client without a loan has no place in the extract."""
    return _customers(placed(rows, office, day), day), groups_of_office(office)


def _customers(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """customer, person, household of everybody named."""
    first = rows.unique("customer", keep="first", maintain_order=True)
    known = known_customers(first["customer"].to_list())
    new = first.join(known, on="customer", how="anti", maintain_order="left")
    if new.is_empty():
        return known
    people = add_people(new)
    homes = homes_of(people["person"].to_list())
    without = people.join(homes, on="person", how="anti", maintain_order="left")
    without = without.unique("person", keep="first", maintain_order=True)
    made = add_households(without.with_columns(since=pl.lit(day), known_as="customer"))
    found = people.join(pl.concat([homes, made]), on="person", how="left", maintain_order="left")
    found = found.select("customer", "person", "household")
    append_rows(
        CoreCustomer,
        found.select(code="customer", person_id="person", household_id="household"),
    )
    return pl.concat([known, found])


def add_people(new: pl.DataFrame) -> pl.DataFrame:
    """``new`` with person, name, all in the register; one with the same identity number and name is the same person."""
    said = new["customer_name"].fill_null(new["customer"])
    names = [squash(words)[:120] for words in said]
    number = pl.col("identity_number").str.strip_chars()
    rows = new.with_columns(
        name=pl.Series(names, dtype=pl.String),
        words=pl.Series([fold(name)[:160] for name in names], dtype=pl.String),
        number=pl.when(number.str.contains(IDENTITY)).then(number),
    )
    there = persons_numbered(rows["number"].drop_nulls().to_list())
    rows = rows.join(there, on="number", how="left", maintain_order="left")
    same = pl.col("there").is_not_null() & (pl.col("words") == pl.col("there_words"))
    rows = rows.with_columns(person=pl.when(same).then("there"))
    # Two customers with one number: the second is kept without it; who is who, the core must say.
    free = pl.col("there").is_null() & pl.col("number").is_first_distinct()
    made = keyed(
        Person,
        rows.filter(pl.col("person").is_null()).select(
            "customer",
            full_name="name",
            born_on="born_on",
            gender=pl.col("gender").replace_strict(_GENDERS, default="", return_dtype=pl.String),
            identity_number=pl.when(free).then("number"),
            phone=pl.col("phone").fill_null("").str.slice(0, 20),
            search="words",
        ),
    )
    append_rows(Person, made.drop("customer"))
    keys = made.select("customer", made="id")
    rows = rows.join(keys, on="customer", how="left", maintain_order="left")
    return rows.with_columns(person=pl.coalesce("person", "made"))


def add_households(rows: pl.DataFrame) -> pl.DataFrame:
    """person, household: one for each person, from ``since`` on, in the commune and hamlet that the extract names."""
    codes = next_codes(len(rows)) if len(rows) else []
    hamlets = rows["hamlet_name"].fill_null("")
    words = [
        fold(f"{code} {known_as} {name} {hamlet}")[:400]
        for code, known_as, name, hamlet in zip(
            codes, rows["known_as"], rows["name"], hamlets, strict=True
        )
    ]
    homes = pl.DataFrame(
        {"code": codes, "search": words}, schema={"code": pl.String, "search": pl.String}
    )
    homes = keyed(Household, homes.with_columns(starts_on=rows["since"]))
    append_rows(Household, homes)
    rows = rows.select(
        "person", "area", "since", hamlet=hamlets.str.slice(0, 120), household=homes["id"]
    )
    append_rows(
        HouseholdMember,
        rows.select(
            household_id="household",
            person_id="person",
            relation=pl.lit(RELATION),
            is_head=pl.lit(value=True),
            starts_on="since",
        ),
    )
    placed = rows.filter(pl.col("area").is_not_null())
    append_rows(
        HouseholdAddress,
        placed.select(
            "hamlet", household_id="household", area_id="area", line=pl.lit(""), starts_on="since"
        ),
    )
    return rows.select("person", "household")


def _groups(
    rows: pl.DataFrame, office: Organisation, day: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(groups by the core's code, doubts): one whose commune, organisation or session day is not told is none."""
    coded = rows.filter(pl.col("group").str.strip_chars("0") != "")
    named = coded.unique("group", keep="first", maintain_order=True)
    known = groups_of_office(office)
    mass = pl.DataFrame(
        [(*key, unit) for key, unit in mass_organisations(day).items()],
        schema={"mass": pl.String, "area": pl.Int64, "behind": pl.Int64},
        orient="row",
    )
    new = named.join(known, on="group", how="anti", maintain_order="left")
    new = new.join(mass, on=["mass", "area"], maintain_order="left")
    new = new.filter(pl.col("session_day") > 0)
    groups = pl.concat([known, _founded(new, office, day)])
    without = coded.join(groups, on="group", how="anti", maintain_order="left").select(
        "contract", code=pl.lit("unknown_group"), after="group"
    )
    return groups, without


def _founded(new: pl.DataFrame, office: Organisation, day: date) -> pl.DataFrame:
    """group, group_id of groups that stand here for the first time."""
    core = new["group"].to_list()
    taken = set(SavingsGroup.objects.filter(code__in=core).values_list("code", flat=True))
    tail = office.code[-2:]
    codes = [f"{code}.{tail}" if code in taken else code for code in core]
    made = pl.DataFrame({"code": codes}, schema={"code": pl.String})
    made = keyed(SavingsGroup, made.with_columns(founded_by=pl.lit(""), starts_on=pl.lit(day)))
    append_rows(SavingsGroup, made)
    leaders = new["leader_name"].fill_null("")
    hamlets = new["hamlet_name"].fill_null("")
    append_rows(
        GroupProfile,
        new.select(
            group_id=made["id"],
            name=_texts([squash(a or c)[:120] for a, c in zip(leaders, core, strict=True)]),
            area_id="area",
            hamlet=hamlets.str.slice(0, 120),
            mass_organisation_id="behind",
            office_id=pl.lit(office.pk),
            session_day="session_day",
            search=_texts(
                [
                    fold(f"{code} {leader} {hamlet}")[:260]
                    for code, leader, hamlet in zip(core, leaders, hamlets, strict=True)
                ]
            ),
            starts_on=pl.lit(day),
        ),
    )
    append_rows(
        CoreGroup,
        new.select(office_id=pl.lit(office.pk), code="group", group_id=made["id"]),
    )
    return new.select("group", group_id=made["id"])


def _texts(words: Sequence[str]) -> pl.Series:
    return pl.Series(words, dtype=pl.String)


def _memberships(
    rows: pl.DataFrame, customers: pl.DataFrame, groups: pl.DataFrame, day: date
) -> None:
    """Who borrows through a group belongs to it from the extract's day on; who changed leaves the other on its eve."""
    owing = rows.filter(pl.col("balance") > 0).select("customer", "group")
    wanted = owing.join(groups, on="group", maintain_order="left")
    new = new_memberships(wanted.join(customers, on="customer", maintain_order="left"), day)
    left = new["member"].drop_nulls().to_list()
    posts = posts_left(left, day)["id"].to_list()
    BoardMember.objects.filter(pk__in=posts).update(ends_on=day)
    GroupMember.objects.filter(pk__in=left).update(ends_on=day)
    append_rows(
        GroupMember,
        new.select("group_id", household_id="household", person_id="person", starts_on=pl.lit(day)),
    )


def eve_of_month(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)
