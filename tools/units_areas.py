"""Areas of Đồng Nai and Bình Phước and their lineage, from the package vietnamadminunits."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import vietnamadminunits

DATA = Path(vietnamadminunits.__file__).parent / "data"
# Far enough back for every period the system reports on; not a founding day.
START = date(2020, 1, 1)
MERGER, POLICE, CITY = date(2025, 7, 1), date(2025, 3, 1), date(2026, 4, 30)
BASIS = {MERGER: "NQ-202-2025-QH15", POLICE: "SX-2025-03", CITY: "NQ-30-2026-QH16"}
NAMES = {"75": "Đồng Nai", "70": "Bình Phước"}

areas: list[list[Any]] = []
area_profiles: list[list[Any]] = []
area_successions: list[list[Any]] = []


def area(code: str, level: str, start: date, end: date | None) -> None:
    areas.append([code, level, start, end])


def named_area(
    code: str, name: str, kind: str, parent: str, start: date, end: date | None, lat: Any, lon: Any
) -> None:
    area_profiles.append([code, name, f"{kind} {name}", kind, parent, lat, lon, start, end])


def rows(query: str) -> list[sqlite3.Row]:
    database = sqlite3.connect(DATA / "dataset.db")
    database.row_factory = sqlite3.Row
    return database.execute(query).fetchall()


def lineage() -> tuple[list[Any], list[Any], dict[str, list[str]]]:
    """Areas of all levels; old and new communes; old code → new codes."""
    for number, name in NAMES.items():
        area(f"p{number}", "province", START, MERGER)
        named_area(f"p{number}", name, "tỉnh", "", START, MERGER, "", "")
    area("p75n", "province", MERGER, None)
    named_area("p75n", "Đồng Nai", "tỉnh", "", MERGER, CITY, "", "")
    named_area("p75n", "Đồng Nai", "thành phố", "", CITY, None, "", "")
    for number in NAMES:
        area_successions.append([f"p{number}", "p75n", MERGER, "whole", BASIS[MERGER], ""])
    old = rows(
        "select * from admin_units_legacy where provinceCode in ('70','75') order by wardCode"
    )
    new = rows("select * from admin_units where provinceCode='75' order by wardCode")
    seen = set()
    for r in old:
        if (d := f"d{r['districtCode']}") not in seen:
            seen.add(d)
            area(d, "district", START, MERGER)
            named_area(
                d,
                r["districtShort"],
                r["districtType"].lower(),
                f"p{r['provinceCode']}",
                START,
                MERGER,
                r["districtLat"],
                r["districtLon"],
            )
        area(f"c{r['wardCode']}", "commune", START, MERGER)
        named_area(
            f"c{r['wardCode']}",
            r["wardShort"],
            r["wardType"].lower(),
            d,
            START,
            MERGER,
            r["wardLat"],
            r["wardLon"],
        )
    for r in new:
        area(f"n{r['wardCode']}", "commune", MERGER, None)
        named_area(
            f"n{r['wardCode']}",
            r["wardShort"],
            r["wardType"].lower(),
            "p75n",
            MERGER,
            None,
            r["wardLat"],
            r["wardLon"],
        )
    into = successors_of(old, new)
    for code, targets in into.items():
        portion = "whole" if len(targets) == 1 else "part"
        for target in targets:
            area_successions.append([code, target, MERGER, portion, BASIS[MERGER], ""])
    for d, targets in district_successors(old, into).items():
        for target in sorted(targets):
            area_successions.append([d, target, MERGER, "part", BASIS[MERGER], ""])
    return old, new, into


def successors_of(old: list[Any], new: list[Any]) -> dict[str, list[str]]:
    converter = json.loads((DATA / "converter_2025.json").read_text(encoding="utf-8"))
    by_key = {r["wardKey"]: f"n{r['wardCode']}" for r in new}
    old_code = {
        f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey']}": f"c{r['wardCode']}" for r in old
    }
    into: dict[str, list[str]] = {}
    for new_key, old_keys in converter["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhdongnai"].items():
        for key in old_keys:
            into.setdefault(old_code[key], []).append(by_key[new_key])
    for key, parts in converter["DICT_PROVINCE_WARD_DIVIDED"]["tinhdongnai"].items():
        into[old_code[key]] = [by_key[part["newWardKey"]] for part in parts]
    missing = set(old_code.values()) - set(into)
    assert not missing, missing
    return dict(sorted(into.items()))


def district_successors(old: list[Any], into: dict[str, list[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for r in old:
        found.setdefault(f"d{r['districtCode']}", set()).update(into[f"c{r['wardCode']}"])
    return found
