"""The core's list of groups (DSTO) beside the register: who leads a group, in which hamlet, which organisation is behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from django.db.models import Q

from tdcs.core.text import fold, squash
from tdcs.entrustment.models import BoardMember, GroupMember, GroupProfile, SavingsGroup
from tdcs.imports.models import Extract
from tdcs.imports.queries.core_codes import mass_organisations
from tdcs.imports.queries.listed import Listed, nothing_ends, written_before
from tdcs.imports.queries.monitoring import monitored
from tdcs.imports.queries.registers import groups_of_office, known_customers
from tdcs.imports.rules.reconciling import mass_code
from tdcs.imports.rules.rows import FAULT_SCHEMA, ROW
from tdcs.organisations.models import living_on

_POSTS: Final = (
    (str(BoardMember.Post.LEADER), "leader_customer"),
    (str(BoardMember.Post.DEPUTY), "deputy_customer"),
)
_POST: Final = {"group_id": pl.Int64(), "person_id": pl.Int64(), "post": pl.String()}
_PROFILE: Final = {
    "group_id": pl.Int64(),
    "hamlet": pl.String(),
    "mass_organisation_id": pl.Int64(),
}
Fault = tuple[int, str, str, str, bool]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """That a person holds a post of a group from the list's day on, and the row that says so."""

    row: int
    field: str
    code: str
    group: int
    post: str
    person: int


def listed_groups(rows: pl.DataFrame, extract: Extract) -> Listed:
    """``new``: group_id, person_id, post; ``also``: profiles (group_id, hamlet, mass_organisation_id).

    Only in an office that follows extracts: where the book is kept here, so are its groups.
    """
    assert extract.office is not None
    if not monitored(extract.office.pk):
        nothing = pl.DataFrame(schema=FAULT_SCHEMA)
        return Listed(pl.DataFrame(schema=_POST), nothing_ends(), nothing)
    rows = rows.unique("group", keep="first", maintain_order=True)
    rows = rows.join(
        groups_of_office(extract.office), on="group", how="left", maintain_order="left"
    )
    ended = SavingsGroup.objects.filter(pk__in=rows["group_id"].drop_nulls()).exclude(ends_on=None)
    over = pl.col("group_id").is_in(list(ended.values_list("pk", flat=True)))
    faults = [
        _fault(row, "group", code)
        for code, which in (("group_unknown", pl.col("group_id").is_null()), ("group_later", over))
        for row in rows.filter(which).iter_rows(named=True)
    ]
    known = rows.filter(pl.col("group_id").is_not_null() & ~over)
    board = _board(known, extract, faults)
    also = _profiles(known, extract, faults)
    found = pl.DataFrame(faults, schema=FAULT_SCHEMA, orient="row")
    return Listed(board.new, board.ends, found, also)


def _fault(row: dict[str, Any], field: str, code: str) -> Fault:
    return row[ROW], field, code, row[field] or "", False


def _board(known: pl.DataFrame, extract: Extract, faults: list[Fault]) -> Listed:
    day = extract.day
    wanted = list(_wanted(known, day, faults))
    of_ours = Q(group__in={one.group for one in wanted}) | Q(
        person__in={one.person for one in wanted}
    )
    rows = BoardMember.objects.filter(of_ours).exclude(pk__in=written_before(extract))
    held = [row for row in rows.order_by("pk") if row.ends_on is None or row.ends_on > day]
    # Who held it before a list of this very day is replaced goes on with it.
    there = {(row.group_id, row.post, row.person_id) for row in held if row.starts_on <= day}
    wanted = [one for one in wanted if (one.group, one.post, one.person) not in there]
    ends: list[BoardMember] = []
    while True:
        ends = _giving_way(held, wanted)
        kept = {row.pk for row in ends}
        elsewhere = {row.person_id for row in held if row.pk not in kept}
        late = {row.group_id for row in ends if row.starts_on >= day}
        refused = {
            one: "group_later" if one.group in late else "other_post"
            for one in wanted
            if one.group in late or one.person in elsewhere
        }
        if not refused:
            break
        # One who stays where he was keeps others from his post: asked again without him.
        faults += [(one.row, one.field, code, one.code, False) for one, code in refused.items()]
        wanted = [one for one in wanted if one not in refused]
    made = [(one.group, one.person, one.post) for one in wanted]
    return Listed(
        pl.DataFrame(made, schema=_POST, orient="row"),
        _ending(ends, day),
        pl.DataFrame(schema=FAULT_SCHEMA),
    )


def _wanted(known: pl.DataFrame, day: date, faults: list[Fault]) -> Iterator[_Wanted]:
    """A person holds one post: the first that the list gives. Who is no member of the group holds none."""
    codes = [code for _, field in _POSTS for code in known[field].drop_nulls()]
    persons = {code: person for code, person, _ in known_customers(codes).iter_rows()}
    rows = GroupMember.objects.filter(living_on(day), person__in=persons.values())
    members = set(rows.values_list("group_id", "person_id"))
    given: set[int] = set()
    for post, field in _POSTS:
        for row in known.filter(pl.col(field).is_not_null()).iter_rows(named=True):
            person = persons.get(row[field])
            if person is None or (row["group_id"], person) not in members:
                faults.append(_fault(row, field, "not_a_member"))
            elif person in given:
                faults.append(_fault(row, field, "other_post"))
            else:
                given.add(person)
                yield _Wanted(row[ROW], field, row[field], row["group_id"], post, person)


def _giving_way(held: Iterable[BoardMember], wanted: Collection[_Wanted]) -> list[BoardMember]:
    """Posts into which another comes, or whose holder comes into another post of the group."""
    posts = {(one.group, one.post) for one in wanted}
    people = {(one.group, one.person) for one in wanted}
    return [
        row
        for row in held
        if (row.group_id, row.post) in posts or (row.group_id, row.person_id) in people
    ]


def _ending(rows: Iterable[BoardMember | GroupProfile], day: date) -> pl.DataFrame:
    schema = nothing_ends().schema
    return pl.DataFrame([(row.pk, day, row.ends_on) for row in rows], schema=schema, orient="row")


def _profiles(known: pl.DataFrame, extract: Extract, faults: list[Fault]) -> Listed:
    """Hamlet and organisation where they differ from those of the eve; a name of the same letters is no other."""
    day, behind = extract.day, mass_organisations(extract.day)
    rows = GroupProfile.objects.filter(group__in=known["group_id"].to_list())
    rows = rows.exclude(pk__in=written_before(extract, "also"))
    held: dict[int, list[GroupProfile]] = {}
    for profile in rows.order_by("starts_on"):
        held.setdefault(profile.group_id, []).append(profile)
    made: list[tuple[int, str, int]] = []
    ends: list[GroupProfile] = []
    for row in known.iter_rows(named=True):
        last = held[row["group_id"]][-1]
        said = mass_code(row["mass_name"] or "")
        unit = behind.get((said, last.area_id), last.mass_organisation_id)
        if row["mass_name"] and (said, last.area_id) not in behind:
            faults.append(_fault(row, "mass_name", "mass_unknown"))
        hamlet = squash(row["hamlet_name"] or "")[:120] or last.hamlet
        if fold(hamlet) == fold(last.hamlet) and unit == last.mass_organisation_id:
            continue
        if last.starts_on >= day:
            faults.append(_fault(row, "group", "group_later"))
            continue
        made.append((row["group_id"], hamlet, unit))
        ends.append(last)
    new = pl.DataFrame(made, schema=_PROFILE, orient="row")
    return Listed(new, _ending(ends, day), pl.DataFrame(schema=FAULT_SCHEMA))
