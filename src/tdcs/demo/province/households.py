"""Who borrows: households over the loans of their group, their people, homes and memberships. All invented.

An identity number of ours says "born in the years 2300 to 2399" in its fourth digit, as nobody living can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from django.db import connection

from tdcs.core.columns import day_number
from tdcs.core.text import fold
from tdcs.demo.people import family_names
from tdcs.demo.province.calibration import Frame
from tdcs.demo.province.groups import Groups
from tdcs.demo.province.loading import dated
from tdcs.demo.province.places import MERGED, Point
from tdcs.demo.province.repaying import Book
from tdcs.entrustment.models import BoardMember, GroupMember
from tdcs.households.models import Household, HouseholdAddress, HouseholdMember, Person
from tdcs.organisations.services.bulk import append_rows

Array = np.ndarray[Any, Any]

_MOST: Final = 58
_SHARED: Final = 0.48
_STUDY: Final = ("HSSV", "MTHS")
_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Homes:
    """Households in the order of their numbers in the database; ``group`` is −1 for direct borrowers.

    The head's person has the household's number; ``spouse`` and ``student`` are numbers of persons, 0 for none.
    """

    group: Array
    point: Array
    starts: Array
    joined: Array
    left: Array  # 0 while a member
    female: Array
    spouse: Array
    student: Array
    of_loan: Array  # household of each loan

    def __len__(self) -> int:
        return len(self.group)


def settle(
    frame: Frame, loans: pl.DataFrame, book: Book, groups: Groups, points: Sequence[Point]
) -> Homes:
    """Give every loan a household: in a group production loans follow one another, water loans partly share homes."""
    luck = frame.luck(6)
    group = loans["group"].to_numpy()
    programme = loans["programme"]
    until = np.where(book.settled > 0, book.settled, _NEVER)
    water = (programme == "NSVSMT").to_numpy()
    study = programme.is_in(_STUDY).to_numpy()
    count = len(groups)
    work_slot, works = _slots(
        np.flatnonzero((group >= 0) & ~water & ~study), group, book.disbursed, until, count
    )
    water_slot, waters = _slots(
        np.flatnonzero((group >= 0) & water), group, book.disbursed, until, count
    )
    works = np.maximum(works, 5)
    shared = np.floor(_SHARED * np.minimum(works, waters)).astype(np.int64)
    # A full group shares more homes between both kinds of loans, so that no home gets two of one kind at a time.
    shared = np.minimum(np.maximum(shared, works + waters - _MOST), np.minimum(works, waters))
    homes = np.minimum(works + waters - shared, _MOST)
    slot = np.zeros(len(loans), dtype=np.int64)
    slot[work_slot[0]] = work_slot[1]
    at, place = water_slot
    mine = group[at]
    slot[at] = np.where(place < shared[mine], place, works[mine] + place - shared[mine])
    at = np.flatnonzero((group >= 0) & study)
    slot[at] = 2 + np.arange(len(at)) % np.maximum(works[group[at]] - 2, 1)
    inside = group >= 0
    beyond = inside & (slot >= homes[np.maximum(group, 0)])
    slot[inside] %= homes[group[inside]]
    start = np.concatenate([[0], np.cumsum(homes)])
    direct = np.flatnonzero(~inside)
    home = np.where(inside, start[np.maximum(group, 0)] + slot, 0)
    _spread(home, beyond, programme, group, start)
    home[direct] = start[-1] + np.arange(len(direct))
    owner = np.concatenate([np.repeat(np.arange(count), homes), np.full(len(direct), -1)])
    return _homes(frame, book, groups, points, _Layout(home, owner, np.unique(home[study])), luck)


def _spread(home: Array, beyond: Array, programme: pl.Series, group: Array, start: Array) -> None:
    """Loans beyond a full group's homes go to the next home of the group that has none of their programme."""
    full = np.isin(group, np.unique(group[beyond]))
    codes = programme.to_list()
    taken = {(int(home[at]), codes[at]) for at in np.flatnonzero(full & ~beyond)}
    for at in np.flatnonzero(beyond):
        first, last = int(start[group[at]]), int(start[group[at] + 1])
        turns = range(first, last)
        begin = int(home[at]) - first
        free = (one for one in (*turns[begin:], *turns[:begin]) if (one, codes[at]) not in taken)
        home[at] = next(free, int(home[at]))
        taken.add((int(home[at]), codes[at]))


def _slots(
    at: Array, group: Array, begins: Array, until: Array, count: int
) -> tuple[tuple[Array, Array], Array]:
    """Each loan (places ``at``) takes the slot of its group that is free longest, or opens one: (places, slots), how many."""
    at = at[np.lexsort((begins[at], group[at]))]
    mine = group[at]
    turn = np.arange(len(at)) - np.searchsorted(mine, mine)
    width = int(np.bincount(mine, minlength=1).max(initial=0)) + 1
    free = np.full((count, min(width, 160)), _NEVER)
    opened = np.zeros(count, dtype=np.int64)
    slot = np.zeros(len(at), dtype=np.int64)
    for n in range(int(turn.max(initial=-1)) + 1):
        now = np.flatnonzero(turn == n)
        rows = free[mine[now]]
        best = rows.argmin(axis=1)
        fits = rows[np.arange(len(now)), best] <= begins[at[now]]
        chosen = np.where(fits, best, opened[mine[now]])
        opened[mine[now]] += ~fits
        free[mine[now], chosen] = until[at[now]]
        slot[now] = chosen
    return (at, slot), opened


@dataclass(frozen=True, slots=True)
class _Layout:
    """The home of each loan, the group of each home (-1: none), the homes with a student's loan."""

    home: Array
    owner: Array
    studies: Array


def _homes(
    frame: Frame,
    book: Book,
    groups: Groups,
    points: Sequence[Point],
    layout: _Layout,
    luck: np.random.Generator,
) -> Homes:
    home, owner, studies = layout.home, layout.owner, layout.studies
    count = len(owner)
    first = np.full(count, frame.last)
    np.minimum.at(first, home, book.disbursed)
    ends = np.zeros(count, dtype=np.int64)
    np.maximum.at(ends, home, np.where(book.settled > 0, book.settled, _NEVER))
    founded = np.where(owner >= 0, groups.founded[np.maximum(owner, 0)], 0)
    board = np.zeros(count, dtype=bool)
    starts_of_groups = np.searchsorted(owner[owner >= 0], np.arange(len(groups)))
    board[starts_of_groups] = True
    board[starts_of_groups + 1] = True
    joined = np.where(board, founded, np.maximum(first - luck.integers(10, 60, count), founded))
    left = np.where((ends > 0) & (ends < frame.last - 400) & ~board, ends + 30, 0)
    drawn = luck.integers(0, len(points), count)
    place = np.where(owner >= 0, groups.point[np.maximum(owner, 0)], drawn)
    married = np.flatnonzero(luck.random(count) < 0.7)
    spouse = np.zeros(count, dtype=np.int64)
    spouse[married] = count + 1 + np.arange(len(married))
    student = np.zeros(count, dtype=np.int64)
    student[studies] = count + 1 + len(married) + np.arange(len(studies))
    return Homes(
        group=owner,
        point=place,
        starts=np.minimum(joined, first) - luck.integers(200, 3000, count),
        joined=joined,
        left=left,
        female=luck.random(count) < 0.56,
        spouse=spouse,
        student=student,
        of_loan=home + 1,
    )


def write(frame: Frame, homes: Homes, groups: Groups, points: Sequence[Point]) -> None:
    """Households, people, homes, memberships and boards."""
    luck = frame.luck(7)
    people = _people(homes, luck)
    append_rows(Person, people)
    names = people["full_name"].to_list()
    hamlets = _hamlets(homes, groups)
    count = len(homes)
    codes = [f"H{n:07d}" for n in range(1, count + 1)]
    partner = homes.spouse.tolist()
    search = [
        fold(f"{code} {name} {names[other - 1] if other else ''} {hamlet}")[:200]
        for code, name, other, hamlet in zip(codes, names, partner, hamlets, strict=False)
    ]
    ids = np.arange(1, count + 1)
    rows = pl.DataFrame({"id": ids, "code": codes, "search": search, "starts_on": homes.starts})
    append_rows(
        Household, rows.with_columns(dated("starts_on"), ends_on=pl.lit(None, dtype=pl.Date))
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('households_code', %s)", [count])
    append_rows(HouseholdAddress, _addresses(homes, points, hamlets))
    append_rows(HouseholdMember, _belonging(homes))
    append_rows(GroupMember, _members(homes))
    append_rows(BoardMember, _boards(homes, groups))


def _hamlets(homes: Homes, groups: Groups) -> list[str]:
    return [
        groups.hamlet[g] if g >= 0 else f"Khu phố {n % 7 + 1}"
        for n, g in enumerate(homes.group.tolist())
    ]


def _people(homes: Homes, luck: np.random.Generator) -> pl.DataFrame:
    """Heads, then spouses, then students: full_name, born_on, gender, identity_number."""
    married = np.flatnonzero(homes.spouse)
    studies = np.flatnonzero(homes.student)
    female = np.concatenate([homes.female, ~homes.female[married], luck.random(len(studies)) < 0.5])
    old = day_number(date(1958, 1, 1)), day_number(date(1996, 1, 1))
    young = day_number(date(2001, 1, 1)), day_number(date(2008, 9, 1))
    total = len(female)
    born = luck.integers(*old, total)
    born[total - len(studies) :] = luck.integers(*young, len(studies))
    family, middle, given = (np.array(part) for part in family_names())
    picks = [luck.integers(0, len(part), total) for part in (family, middle, given)]
    # Children carry a father's or a mother's family name; here the head's.
    picks[0][total - len(studies) :] = picks[0][studies]
    second = np.where(female & (luck.random(total) < 0.6), "Thị", middle[picks[1]])
    names = [
        f"{a} {b} {c}"
        for a, b, c in zip(
            family[picks[0]].tolist(), second.tolist(), given[picks[2]].tolist(), strict=True
        )
    ]
    numbers = luck.permutation(1_000_000)
    year = (born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970) % 100
    serial = np.arange(total)
    province = np.where(serial % 5 < 3, 75, 70)
    identity = [
        f"{p:03d}{9 if f else 8}{y:02d}{numbers[n % 1_000_000]:06d}"
        for p, f, y, n in zip(
            province.tolist(), female.tolist(), year.tolist(), range(total), strict=True
        )
    ]
    return pl.DataFrame(
        {
            "id": np.arange(1, total + 1),
            "full_name": names,
            "born_on": born,
            "gender": np.where(female, "female", "male"),
            "identity_number": identity,
            "search": [fold(name) for name in names],
        }
    ).with_columns(dated("born_on"), phone=pl.lit(""))


def _addresses(homes: Homes, points: Sequence[Point], hamlets: list[str]) -> pl.DataFrame:
    merged = day_number(MERGED)
    old = np.array([one.old for one in points])[homes.point]
    new = np.array([one.new for one in points])[homes.point]
    rows = pl.DataFrame(
        {
            "household_id": np.arange(1, len(homes) + 1),
            "hamlet": hamlets,
            "old": old,
            "new": new,
            "begun": homes.starts,
        }
    )
    before = rows.filter(pl.col("begun") < merged).select(
        "household_id", "hamlet", area_id="old", starts_on="begun", ends_on=pl.lit(merged)
    )
    after = rows.select(
        "household_id",
        "hamlet",
        area_id="new",
        starts_on=pl.max_horizontal("begun", pl.lit(merged)),
        ends_on=pl.lit(0),
    )
    both = pl.concat([before.cast({"ends_on": pl.Int64}), after.cast({"ends_on": pl.Int64})])
    return both.with_columns(
        dated("starts_on"), dated("ends_on"), line=pl.lit(""), id=pl.int_range(1, pl.len() + 1)
    )


def _belonging(homes: Homes) -> pl.DataFrame:
    ids = np.arange(1, len(homes) + 1)
    parts = []
    for person, relation, head in (
        (ids, "Chủ hộ", True),
        (homes.spouse, "", False),
        (homes.student, "Con", False),
    ):
        at = np.flatnonzero(person)
        words = np.full(len(at), relation, dtype=object)
        if not relation:
            words = np.where(homes.female[at], "Chồng", "Vợ").astype(object)
        parts.append(
            pl.DataFrame(
                {
                    "household_id": ids[at],
                    "person_id": person[at],
                    "relation": words.tolist(),
                    "starts_on": homes.starts[at],
                }
            ).with_columns(is_head=pl.lit(head))
        )
    return pl.concat(parts).with_columns(
        dated("starts_on"), ends_on=pl.lit(None, dtype=pl.Date), id=pl.int_range(1, pl.len() + 1)
    )


def _members(homes: Homes) -> pl.DataFrame:
    at = np.flatnonzero(homes.group >= 0)
    rows = pl.DataFrame(
        {
            "id": np.arange(1, len(at) + 1),
            "group_id": homes.group[at] + 1,
            "household_id": at + 1,
            "person_id": at + 1,
            "starts_on": homes.joined[at],
            "ends_on": homes.left[at],
        }
    )
    return rows.with_columns(dated("starts_on"), dated("ends_on"))


def _boards(homes: Homes, groups: Groups) -> pl.DataFrame:
    """The group's first household leads, its second is deputy."""
    inside = homes.group[homes.group >= 0]
    first = np.searchsorted(inside, np.arange(len(groups)))
    rows = pl.DataFrame(
        {
            "group_id": np.tile(np.arange(1, len(groups) + 1), 2),
            "person_id": np.concatenate([first + 1, first + 2]),
            "post": ["leader"] * len(groups) + ["deputy"] * len(groups),
            "starts_on": np.tile(groups.founded, 2),
            "ends_on": np.zeros(2 * len(groups), dtype=np.int64),
        }
    )
    return rows.with_columns(dated("starts_on"), dated("ends_on"), id=pl.int_range(1, pl.len() + 1))
