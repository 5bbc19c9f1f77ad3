"""Groups in real communes and snapshots of a few loans, written row by row; sums are taken again by DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from tdcs.capital.models import CapitalSource
from tdcs.closing.rules.rows import ROW, kind_of
from tdcs.closing.store import Lineage, Store
from tdcs.entrustment.models import GroupProfile, SavingsGroup
from tdcs.organisations.models import Area, Organisation, ServedArea, living_on

NAMES = {"Int64": pl.Int64, "Boolean": pl.Boolean, "String": pl.String}
SCHEMA = {name: NAMES[str(kind_of(name))] for name in ROW}
CHANGE = date(2025, 7, 1)
# Code of the commune before 1/7/2025 → after. The first two merge; c26449 (Xuân Tâm) was divided.
COMMUNES = (
    ("c25195", "n25195"),
    ("c25198", "n25195"),
    ("c25207", "n25210"),
    ("c26449", "n26359"),
    ("c26449", "n26446"),
)
UNIONS = ("hoi-phu-nu", "hoi-nong-dan", "hoi-cuu-chien-binh", "hoi-phu-nu", "hoi-nong-dan")


@dataclass
class Book:
    """What was written: groups with their places before and after, and the rows of each day."""

    store: Store
    groups: list[SavingsGroup]
    sources: dict[bool, int]
    rows: dict[date, pl.DataFrame] = field(default_factory=dict)

    def place(self, number: int, day: date) -> GroupProfile:
        return GroupProfile.objects.get(living_on(day), group=self.groups[number])

    def close(self, day: date, loans: Sequence[dict[str, Any]]) -> None:
        """Writes a day. A loan: loan, group (number or None), and any columns of ROW that are not nought."""
        made = pl.DataFrame([self._row(day, one) for one in loans], schema=SCHEMA, orient="row")
        made = made.sort("office", "loan")
        self.rows[day] = made
        parts = [
            (int(office[0]), part.sort("loan"))
            for office, part in made.group_by("office", maintain_order=True)
        ]
        self.store.write(
            day,
            parts,
            month_start=day.replace(day=1),
            lineage=Lineage(previous="", law_hash="", book="tests"),
        )

    def _row(self, day: date, loan: dict[str, Any]) -> tuple[Any, ...]:
        base: dict[str, Any] = dict.fromkeys(ROW, 0)
        base |= {"programme": "HN", "local": False, "plain": True, "by_instalment": False}
        base["household"] = loan["loan"]
        if loan.get("group") is not None:
            place = self.place(loan["group"], day)
            base |= {
                "group": place.group_id,
                "mass": place.mass_organisation_id,
                "office": place.office_id,
                "commune": place.area_id,
            }
        given = {key: value for key, value in loan.items() if key != "group"}
        base |= given
        base["source"] = self.sources[bool(base["local"])]
        return tuple(base[name] for name in ROW)


def loan_row(
    loan: int, group: int | None, balance: int, *, overdue: int = 0, frozen: int = 0, **more: Any
) -> dict[str, Any]:
    """A loan by its balance; the principal lent is what it owes, and as much again was paid."""
    return {
        "loan": loan,
        "group": group,
        "lent": 2 * balance,
        "paid": balance,
        "in_time": balance - overdue - frozen,
        "overdue": overdue,
        "frozen": frozen,
    } | more


def make_book(store: Store) -> Book:
    """Five groups, one in each line of COMMUNES."""
    groups = [_group(number) for number in range(len(COMMUNES))]
    central = CapitalSource.objects.filter(tier="central").order_by("pk")[0]
    local = CapitalSource.objects.filter(tier="local").order_by("pk")[0]
    return Book(store, groups, {False: central.pk, True: local.pk})


def _group(number: int) -> SavingsGroup:
    group = SavingsGroup.objects.create(code=f"77{number:05}", starts_on=date(2020, 1, 1))
    old, new = (Area.objects.get(code=code) for code in COMMUNES[number])
    for area, since, until in ((old, date(2020, 1, 1), CHANGE), (new, CHANGE, None)):
        GroupProfile.objects.create(
            group=group,
            name=f"Tổ {number}",
            area=area,
            hamlet="Ấp 1",
            mass_organisation=_union(UNIONS[number], area),
            office=_office(new),
            session_day=5 + number,
            search="",
            starts_on=since,
            ends_on=until,
        )
    return group


def _union(kind: str, area: Area) -> Organisation:
    return Organisation.objects.get(code=f"{kind}@{area.code}")


def _office(area: Area) -> Organisation:
    """Offices kept their communes through the change."""
    return ServedArea.objects.get(area=area, ends_on=None).office
