"""Write law/organisations/*.csv: real units of Đồng Nai and Bình Phước, before and after 1/7/2025.

Run by developers: `.venv/bin/python tools/build_units.py`. Areas and lineage: vietnamadminunits 1.0.4 (MIT).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from units_areas import (
    BASIS,
    CITY,
    MERGER,
    POLICE,
    START,
    area_profiles,
    area_successions,
    areas,
    district_successors,
    lineage,
)

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "law" / "organisations"
SOURCE = yaml.safe_load((ROOT / "tools/units_source.yaml").read_text(encoding="utf-8"))

organisations: dict[str, list[Any]] = {}
profiles: list[list[Any]] = []
successions: list[list[Any]] = []
served: list[list[Any]] = []


def organisation(
    type_: str, place: str, kind: str, level: str, start: date = START, end: date | None = None
) -> str:
    code = f"{type_}@{place}"
    organisations[code] = [code, type_, kind, level, start, end]
    return code


def profile(
    code: str, name: str, short: str, symbol: str, place: str, parent: str, at: str, **when: Any
) -> None:
    _, _, _, _, start, end = organisations[code]
    profiles.append(
        [
            code,
            name,
            short,
            symbol,
            place,
            parent,
            at,
            when.get("since", start),
            when.get("until", end),
        ]
    )


def succeed(old: str, new: str, on: date, share: str, takes: bool = True, note: str = "") -> None:
    successions.append([old, new, on, share, str(takes).lower(), BASIS[on], note])


def provincial() -> None:
    for type_, kind, name, short, symbol in (
        ("tinh-uy", "party_committee", "{P}ủy Đồng Nai", "{P}ủy", "TU"),
        ("hdnd", "peoples_council", "Hội đồng nhân dân {p} Đồng Nai", "HĐND {p}", "HĐND"),
        ("ubnd", "people_committee", "Ủy ban nhân dân {p} Đồng Nai", "UBND {p} Đồng Nai", "UBND"),
        ("mttq", "front", "Ủy ban Mặt trận Tổ quốc Việt Nam {p} Đồng Nai", "UBMTTQ {p}", "MTTQ"),
        ("cong-an", "police", "Công an {p} Đồng Nai", "Công an {p}", "CAT"),
        (
            "ban-dai-dien",
            "board",
            "Ban đại diện Hội đồng quản trị NHCSXH {p} Đồng Nai",
            "BĐD HĐQT NHCSXH {p}",
            "BĐD",
        ),
    ):
        code = organisation(type_, "p75", kind, "province")
        parent = "" if type_ in ("tinh-uy", "hdnd", "ubnd") else "ubnd@p75"
        by_city(code, name, short, symbol, parent)
    for row in SOURCE["departments"]:
        code = organisation(
            row["type"], "p75", "department", "province", row.get("since", START), row.get("until")
        )
        by_city(code, row["name"], row.get("short", row["name"]), row["symbol"], "ubnd@p75")
        for heir in row.get("into", []):
            succeed(
                code,
                f"{heir['type']}@p75",
                row["until"],
                heir.get("share", "whole"),
                heir.get("takes", True),
                heir.get("note", ""),
            )
    for row in SOURCE["mass"]:
        code = organisation(row["type"], "p75", "mass_organisation", "province")
        short = row.get("short", row["name"])
        by_city(code, row["name"] + " {p} Đồng Nai", short + " {p}", row["symbol"], "mttq@p75")
    press = organisation("bao", "p75", "press", "province")
    profile(
        press, "Báo Đồng Nai", "Báo Đồng Nai", "BĐN", "Đồng Nai", "tinh-uy@p75", "p75", until=MERGER
    )
    profile(
        press,
        "Báo và phát thanh, truyền hình Đồng Nai",
        "Báo và PT-TH Đồng Nai",
        "BPTTH",
        "Đồng Nai",
        "tinh-uy@p75",
        "p75n",
        since=MERGER,
    )
    radio = organisation("dai-ptth", "p75", "press", "province", START, MERGER)
    profile(
        radio,
        "Đài Phát thanh - Truyền hình Đồng Nai",
        "Đài PT-TH Đồng Nai",
        "PTTH",
        "Đồng Nai",
        "ubnd@p75",
        "p75",
    )
    succeed(radio, press, MERGER, "whole")


def by_city(code: str, name: str, short: str, symbol: str, parent: str) -> None:
    """Profiles of a provincial unit: province until the merger, merged province, city."""
    _, _, _, _, start, end = organisations[code]
    for since, until, word, at in (
        (START, MERGER, "tỉnh", "p75"),
        (MERGER, CITY, "tỉnh", "p75n"),
        (CITY, None, "thành phố", "p75n"),
    ):
        first, last = max(since, start), min(filter(None, (until, end)), default=None)
        if last is None or first < last:
            words = {"p": word, "P": word.capitalize() if word != "thành phố" else "Thành "}
            fill = lambda text: text.format(**words)  # noqa: E731, B023
            profile(
                code,
                fill(name),
                fill(short),
                symbol,
                "Đồng Nai",
                parent,
                at,
                since=first,
                until=last,
            )


def neighbour_province() -> None:
    """Bình Phước's provincial bodies that merged in."""
    for type_, kind, name, short in (
        ("ubnd", "people_committee", "Ủy ban nhân dân tỉnh Bình Phước", "UBND tỉnh Bình Phước"),
        (
            "mttq",
            "front",
            "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Bình Phước",
            "UBMTTQ tỉnh Bình Phước",
        ),
        (
            "ban-dai-dien",
            "board",
            "Ban đại diện Hội đồng quản trị NHCSXH tỉnh Bình Phước",
            "BĐD HĐQT NHCSXH tỉnh Bình Phước",
        ),
        ("cong-an", "police", "Công an tỉnh Bình Phước", "Công an tỉnh Bình Phước"),
        *(
            (
                row["type"],
                "mass_organisation",
                row["name"] + " tỉnh Bình Phước",
                row.get("short", row["name"]) + " tỉnh Bình Phước",
            )
            for row in SOURCE["mass"]
        ),
    ):
        code = organisation(type_, "p70", kind, "province", START, MERGER)
        profile(code, name, short, "", "Bình Phước", "" if type_ == "ubnd" else "ubnd@p70", "p70")
        succeed(code, f"{type_}@p75", MERGER, "whole")


def bank(old: list[Any], into: dict[str, list[str]]) -> None:
    organisation("nhcsxh-tw", "vn", "vbsp_head_office", "central")
    profile(
        "nhcsxh-tw@vn", "Ngân hàng Chính sách xã hội", "NHCSXH Trung ương", "NHCS", "Hà Nội", "", ""
    )
    branch = organisation("nhcsxh-chi-nhanh", "p75", "vbsp_branch", "province")
    profile(
        branch,
        "Chi nhánh Ngân hàng Chính sách xã hội tỉnh Đồng Nai",
        "Chi nhánh NHCSXH tỉnh",
        "NHCSĐN",
        "Đồng Nai",
        "nhcsxh-tw@vn",
        "p75",
    )
    other = organisation("nhcsxh-chi-nhanh", "p70", "vbsp_branch", "province", START, MERGER)
    profile(
        other,
        "Chi nhánh Ngân hàng Chính sách xã hội tỉnh Bình Phước",
        "Chi nhánh NHCSXH tỉnh Bình Phước",
        "NHCSBP",
        "Bình Phước",
        "nhcsxh-tw@vn",
        "p70",
    )
    succeed(other, branch, MERGER, "whole")
    serving = dict.fromkeys(SOURCE["branch_districts"], branch)
    for row in SOURCE["offices"]:
        code = organisation(
            "nhcsxh-pgd", row["code"], "transaction_office", "district", row.get("since", START)
        )
        home = branch if row["code"].startswith("0046") or row.get("since") else other
        name = f"Phòng giao dịch Ngân hàng Chính sách xã hội {row['name']}"
        at = f"d{row['districts'][0]}" if not row.get("since") else ""
        for parent, since, until in (
            (home, row.get("since", START), MERGER),
            (branch, MERGER, None),
        ):
            if since != until:
                profile(
                    code,
                    name,
                    f"PGD NHCSXH {row['name']}",
                    "NHCS",
                    row["name"],
                    parent,
                    at if until else "",
                    since=since,
                    until=until,
                )
        serving |= dict.fromkeys(row["districts"], code)
    serve(old, into, serving)


def serve(old: list[Any], into: dict[str, list[str]], serving: dict[str, str]) -> None:
    """Each new commune is served by the office that served most of its old communes."""
    votes: dict[str, Counter[str]] = {}
    for r in old:
        office = serving[r["districtCode"]]
        if organisations[office][4] == START:
            served.append([office, f"c{r['wardCode']}", START, MERGER])
        for target in into[f"c{r['wardCode']}"]:
            votes.setdefault(target, Counter())[office] += 1
    given = {target: count.most_common(1)[0][0] for target, count in sorted(votes.items())}
    given |= SOURCE["ties"]
    served.extend([office, target, MERGER, None] for target, office in given.items())
    counts = Counter(given.values())
    for row in SOURCE["offices"]:
        if counts[f"nhcsxh-pgd@{row['code']}"] != row["communes"]:
            print(
                "office",
                row["name"],
                "derived",
                counts[f"nhcsxh-pgd@{row['code']}"],
                "listed",
                row["communes"],
            )
    print("branch itself serves", counts["nhcsxh-chi-nhanh@p75"], "total", sum(counts.values()))


LOCAL = (
    ("ubnd", "people_committee", "Ủy ban nhân dân {}", "UBND {}", "UBND"),
    ("mttq", "front", "Ủy ban Mặt trận Tổ quốc Việt Nam {}", "UBMTTQ {}", "MTTQ"),
    *(
        (
            r["type"],
            "mass_organisation",
            r["name"] + " {}",
            r.get("short", r["name"]) + " {}",
            r["symbol"],
        )
        for r in SOURCE["mass"]
    ),
    ("cong-an", "police", "Công an {}", "Công an {}", "CA"),
)


def parent_of(type_: str, place: str, above: str, *, merged: bool) -> str:
    if type_ == "mttq":
        return f"ubnd@{place}"
    if merged and type_ in {r["type"] for r in SOURCE["mass"]}:
        return f"mttq@{place}"
    return f"{type_}@{above}"


def local_units(
    place: str, full: str, name: str, above: str, level: str, merged: bool
) -> Iterator[str]:
    for type_, kind, long, short, symbol in LOCAL:
        end = None if merged else MERGER
        if type_ == "cong-an" and level == "district":
            end = POLICE
        code = organisation(type_, place, kind, level, MERGER if merged else START, end)
        parent = parent_of(type_, place, above, merged=merged)
        if type_ == "cong-an" and level == "commune" and not merged:
            # The district police ceased four months before the districts.
            top = "p75" if above in DN_DISTRICTS else "p70"
            profile(
                code,
                long.format(full),
                short.format(full),
                symbol,
                name,
                parent,
                place,
                until=POLICE,
            )
            profile(
                code,
                long.format(full),
                short.format(full),
                symbol,
                name,
                f"cong-an@{top}",
                place,
                since=POLICE,
            )
        else:
            profile(code, long.format(full), short.format(full), symbol, name, parent, place)
        yield code


DN_DISTRICTS: set[str] = set()


def local(old: list[Any], new: list[Any], into: dict[str, list[str]]) -> None:
    districts = {f"d{r['districtCode']}": r for r in old}
    DN_DISTRICTS.update(d for d, r in districts.items() if r["provinceCode"] == "75")
    heirs = district_successors(old, into)
    for d, r in districts.items():
        full = f"{r['districtType'].lower()} {r['districtShort']}"
        top = f"p{r['provinceCode']}"
        for code in local_units(d, full, r["districtShort"], top, "district", False):
            type_ = code.split("@")[0]
            if type_ == "cong-an":
                succeed(code, f"cong-an@{top}", POLICE, "whole")
            else:
                for target in sorted(heirs[d]):
                    succeed(code, f"{type_}@{target}", MERGER, "area")
        board = organisation("ban-dai-dien", d, "board", "district", START, MERGER)
        profile(
            board,
            f"Ban đại diện Hội đồng quản trị NHCSXH {full}",
            f"BĐD HĐQT NHCSXH {full}",
            "BĐD",
            r["districtShort"],
            f"ban-dai-dien@{top}",
            d,
        )
        for target in sorted(heirs[d]):
            succeed(
                board,
                f"ban-dai-dien@{target}",
                MERGER,
                "area",
                True,
                "chưa xác nhận ngày thành lập",
            )
        divisions(d, r, full, heirs[d])
    for r in old:
        place = f"c{r['wardCode']}"
        full = f"{r['wardType'].lower()} {r['wardShort']}"
        share = "whole" if len(into[place]) == 1 else "area"
        for code in local_units(
            place, full, r["wardShort"], f"d{r['districtCode']}", "commune", False
        ):
            for target in into[place]:
                succeed(code, f"{code.split('@')[0]}@{target}", MERGER, share)
    for r in new:
        new_commune(r)


def divisions(d: str, r: Any, full: str, heirs: set[str]) -> None:
    for row in SOURCE["divisions"]:
        code = organisation(row["type"], d, "division", "district", START, row["until"])
        parent, symbol = f"ubnd@{d}", row["symbol"]
        if earlier := row.get("before"):
            profile(
                code,
                f"{earlier['name']} {full}",
                f"{earlier['name']} {full}",
                symbol,
                r["districtShort"],
                parent,
                d,
                until=earlier["until"],
            )
        since = earlier["until"] if earlier else START
        profile(
            code,
            f"{row['name']} {full}",
            f"{row['name']} {full}",
            symbol,
            r["districtShort"],
            parent,
            d,
            since=since,
        )
        if row["until"] == MERGER:
            for target in sorted(heirs):
                succeed(code, f"{row['into']}@{target}", MERGER, "area")
        else:
            succeed(code, f"{row['into']}@{d}", row["until"], "whole")


def new_commune(r: Any) -> None:
    place, ward = f"n{r['wardCode']}", r["wardType"] == "Phường"
    full = f"{r['wardType'].lower()} {r['wardShort']}"
    list(local_units(place, full, r["wardShort"], "p75", "commune", True))
    board = organisation("ban-dai-dien", place, "board", "commune", MERGER)
    profile(
        board,
        f"Ban đại diện Hội đồng quản trị NHCSXH {full}",
        f"BĐD HĐQT NHCSXH {full}",
        "BĐD",
        r["wardShort"],
        "ban-dai-dien@p75",
        place,
    )
    economy = "Phòng Kinh tế, Hạ tầng và Đô thị" if ward else "Phòng Kinh tế"
    for type_, name, symbol in (
        ("phong-kinh-te", economy, "KT"),
        ("phong-van-hoa-xa-hoi", "Phòng Văn hóa - Xã hội", "VHXH"),
    ):
        code = organisation(type_, place, "division", "commune", MERGER)
        profile(
            code, f"{name} {full}", f"{name} {full}", symbol, r["wardShort"], f"ubnd@{place}", place
        )


def write(name: str, header: str, content: list[list[Any]]) -> None:
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows([["" if cell is None else cell for cell in row] for row in content])
    print(name, len(content))


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    old, new, into = lineage()
    provincial()
    neighbour_province()
    local(old, new, into)
    bank(old, into)
    known = set(organisations)
    successions[:] = [row for row in successions if row[0] in known and row[1] in known]
    write("areas.csv", "code level starts_on ends_on", areas)
    write(
        "area_profiles.csv",
        "area name full_name type_name parent latitude longitude starts_on ends_on",
        area_profiles,
    )
    write("area_successions.csv", "predecessor successor on portion basis note", area_successions)
    write(
        "organisations.csv", "code type kind level starts_on ends_on", list(organisations.values())
    )
    write(
        "organisation_profiles.csv",
        "organisation name short_name symbol place_name parent area starts_on ends_on",
        profiles,
    )
    write(
        "organisation_successions.csv",
        "predecessor successor on share takes_duties basis note",
        successions,
    )
    write("offices_served.csv", "office area starts_on ends_on", served)


if __name__ == "__main__":
    main()
