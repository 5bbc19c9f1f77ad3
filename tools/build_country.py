"""Write law/organisations/country/: the provinces, districts and communes of the country on both sides of 1/7/2025.

Run by developers: `.venv/bin/python tools/build_country.py`. Areas and lineage: vietnamadminunits 1.0.4 (MIT). Nothing at run time
reads that package; the lists are the same bytes whenever they are built.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import vietnamadminunits
import yaml

DATA = Path(vietnamadminunits.__file__).parent / "data"
ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "law/organisations/country"
SOURCE = yaml.safe_load((ROOT / "tools/country_source.yaml").read_text(encoding="utf-8"))
# Far enough back for every period the system reports on; not a founding day.
START, MERGER = "2020-01-01", "2025-07-01"

Row = list[Any]


def rows(table: str) -> list[dict[str, Any]]:
    database = sqlite3.connect(DATA / "dataset.db")
    database.row_factory = sqlite3.Row
    found = database.execute(
        f"select * from {table} order by wardCode, districtCode"
        if "legacy" in table
        else f"select * from {table} order by wardCode"
    )
    return [dict(row) for row in found]


def named(short: str, kind: str) -> list[str]:
    """The name and its kind: "Cai Lậy (Thị xã)" is Cai Lậy; "Quận 1" keeps the word that is part of its name."""
    return [
        re.sub(r" \((Thị xã|Thành phố|Huyện|Xã|Phường|Thị trấn)\)$", "", short.strip()),
        kind.lower(),
    ]


def lineage(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Key of a commune of before → codes of the communes it went into; a district without communes counts as one."""
    converter = json.loads((DATA / "converter_2025.json").read_text(encoding="utf-8"))
    code = {(r["provinceKey"], r["wardKey"]): f"n{r['wardCode']}" for r in new}
    into: dict[str, list[str]] = {}
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in wards.items():
            for key in keys:
                into.setdefault(key, []).append(code[province, ward])
    for province, wards in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in wards.items():
            into[key] = [code[province, part["newWardKey"]] for part in parts]
    missing = {key_of(r) for r in old} - set(into)
    assert not missing, missing
    return into


def key_of(r: dict[str, Any]) -> str:
    return f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey'] or ''}"


def provinces(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[Row]:
    """A row for each name a province had: the 63 of before, then the 34 of today where those are not the same."""
    converter = json.loads((DATA / "converter_2025.json").read_text(encoding="utf-8"))
    before = {r["provinceKey"]: r for r in old}
    today = {r["provinceKey"]: f"p{r['provinceCode']}n" for r in new}
    heir = {one: key for key, many in converter["DICT_PROVINCE"].items() for one in many}
    alone = {key for key, many in converter["DICT_PROVINCE"].items() if len(many) == 1}
    found: list[Row] = []
    for key, r in sorted(before.items(), key=lambda pair: pair[1]["provinceCode"]):
        code = f"p{r['provinceCode']}"
        end, into = ("", "") if key in alone else (MERGER, today[heir[key]])
        seat = SOURCE["seats"][r["provinceCode"]]
        for name, word, since, until in spans(code, r, START, end):
            found.append([code, name, word, since, until, into if until == end else "", f"d{seat}"])
    for key, r in sorted(
        {r["provinceKey"]: r for r in new}.items(), key=lambda p: p[1]["provinceCode"]
    ):
        if key not in alone:
            code = today[key]
            found += [
                [code, n, w, since, until, "", ""]
                for n, w, since, until in spans(code, r, MERGER, "")
            ]
    return found


def spans(code: str, r: dict[str, Any], start: str, end: str) -> list[tuple[str, str, str, str]]:
    """The names of a province from ``start`` to ``end``, as changed by country_source.yaml."""
    name, word = r["provinceShort"], r["province"].removesuffix(r["provinceShort"]).strip().lower()
    if code not in SOURCE["renamed"]:
        return [(name, word, start, end)]
    row = SOURCE["renamed"][code]
    first, second = row["before"], row["after"]
    return [
        (first["name"], first["word"], start, str(row["day"])),
        (second["name"], second["word"], str(row["day"]), end),
    ]


def check_seats(old: list[dict[str, Any]]) -> None:
    district = {r["districtCode"]: r["provinceCode"] for r in old}
    wrong = [code for code, seat in SOURCE["seats"].items() if district[seat] != code]
    assert not wrong and len(SOURCE["seats"]) == len(set(district.values())), wrong


def write(name: str, header: str, content: list[Row]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split())
    writer.writerows(content)
    data = text.getvalue().encode()
    if name.endswith(".gz"):
        # Without a time or a name in it: the same list is the same file.
        data = gzip.compress(data, 9, mtime=0)
    (OUT / name).write_bytes(data)
    print(name, len(content), len(data))


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    old, new = rows("admin_units_legacy"), rows("admin_units")
    check_seats(old)
    into = lineage(old, new)
    write("provinces.csv", "code name word starts_on ends_on into seat", provinces(old, new))
    districts: dict[str, Row] = {}
    for r in sorted(old, key=lambda r: (r["districtCode"], r["wardCode"] or "")):
        heirs = "" if r["wardCode"] else " ".join(into[key_of(r)])
        districts.setdefault(
            f"d{r['districtCode']}",
            [
                f"d{r['districtCode']}",
                f"p{r['provinceCode']}",
                *named(r["districtShort"], r["districtType"]),
                r["districtLat"],
                r["districtLon"],
                heirs,
            ],
        )
    write(
        "districts.csv.gz",
        "code province name word latitude longitude into",
        list(districts.values()),
    )
    write(
        "communes-before.csv.gz",
        "code district name word latitude longitude into",
        [
            [
                f"c{r['wardCode']}",
                f"d{r['districtCode']}",
                *named(r["wardShort"], r["wardType"]),
                r["wardLat"],
                r["wardLon"],
                " ".join(into[key_of(r)]),
            ]
            for r in old
            if r["wardCode"]
        ],
    )
    home = {row[0]: row[0] for row in provinces(old, new)}
    write(
        "communes.csv.gz",
        "code province name word latitude longitude",
        [
            [
                f"n{r['wardCode']}",
                home.get(f"p{r['provinceCode']}n", f"p{r['provinceCode']}"),
                *named(r["wardShort"], r["wardType"]),
                r["wardLat"],
                r["wardLon"],
            ]
            for r in new
        ],
    )


if __name__ == "__main__":
    main()
