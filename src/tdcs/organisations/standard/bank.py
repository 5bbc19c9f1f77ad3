"""The bank: its branches, its transaction offices, and which office serves which commune."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import groupby

from tdcs.organisations.errors import DistrictsNotServed, DistrictsUnknown
from tdcs.organisations.packaged import MERGER, START
from tdcs.organisations.standard.place import OfficeEntry, Place, full_name
from tdcs.organisations.standard.provincial import initials
from tdcs.organisations.standard.rows import Profile, Rows, Served

_HEAD = "nhcsxh-tw@vn"


def add(rows: Rows, place: Place) -> None:
    rows.unit(_HEAD, "vbsp_head_office", "central")
    name, short = "Ngân hàng Chính sách xã hội", "NHCSXH Trung ương"
    rows.profiles.append(Profile(_HEAD, name, short, "NHCS", "Hà Nội", "", "", START, None))
    branches = {place.home: _branch(rows, place)}
    for part in place.joined:
        branches[part] = _joined_branch(rows, place, part)
    _require_whole(place)
    serving = {
        code: branches[place.districts[code].province]
        for code in map(_district, _branch_districts(place))
    }
    for office in offices(place):
        code = _office(rows, place, office, branches)
        serving |= {_district(one): code for one in office["districts"]}
    _serve(rows, place, serving, branches)


def _district(code: str) -> str:
    return code if code.startswith("d") else f"d{code}"


def _seat(place: Place, part: str) -> str:
    return place.listed.seats[part]


def _require_whole(place: Place) -> None:
    """Raises DistrictsUnknown, DistrictsNotServed."""
    listed = [_district(one) for office in offices(place) for one in office["districts"]]
    listed += [_district(one) for one in _branch_districts(place)]
    if unknown := sorted(set(listed) - set(place.districts)):
        raise DistrictsUnknown(districts=", ".join(code[1:] for code in unknown))
    missing = [full_name(one) for code, one in place.districts.items() if code not in listed]
    if missing:
        raise DistrictsNotServed(districts=", ".join(missing))


def _branch_districts(place: Place) -> list[str]:
    return place.own.get("branch_districts", [_seat(place, place.home)])


def offices(place: Place) -> list[OfficeEntry]:
    """What the province says of its transaction offices; else, as assumed, one for each district outside the branch's seat.

    The branch of a province that was joined in became an office in its seat.
    """
    if "offices" in place.own:
        return place.own["offices"]
    seats = {_seat(place, part): part for part in place.joined}
    found: list[OfficeEntry] = []
    for code, one in place.districts.items():
        if code == _seat(place, place.home):
            continue
        entry: OfficeEntry = {"code": code, "name": one.name, "districts": [code], "assumed": True}
        if code in seats:
            entry["name"], entry["since"] = place.part_span(seats[code]).name, MERGER
        found.append(entry)
    return found


def _branch(rows: Rows, place: Place) -> str:
    code = rows.unit(f"nhcsxh-chi-nhanh@{place.home}", "vbsp_branch", "province")
    # The bank renames a branch when its province takes another name, not when its kind changes.
    for name, spans in groupby(place.spans, key=lambda span: span.name):
        held = list(spans)
        word, area = held[0].word, held[0].area
        rows.profiles.append(
            Profile(
                code,
                f"Chi nhánh Ngân hàng Chính sách xã hội {word} {name}",
                f"Chi nhánh NHCSXH {word}",
                f"NHCS{initials(name)}",
                name,
                _HEAD,
                area,
                held[0].starts_on,
                held[-1].ends_on,
            )
        )
    return code


def _joined_branch(rows: Rows, place: Place, part: str) -> str:
    code = rows.unit(f"nhcsxh-chi-nhanh@{part}", "vbsp_branch", "province", START, MERGER)
    span = place.part_span(part)
    full = f"{span.word} {span.name}"
    name = f"Chi nhánh Ngân hàng Chính sách xã hội {full}"
    symbol = f"NHCS{initials(span.name)}"
    short = f"Chi nhánh NHCSXH {full}"
    rows.profiles.append(Profile(code, name, short, symbol, span.name, _HEAD, part, START, MERGER))
    rows.heir(code, f"nhcsxh-chi-nhanh@{place.home}", MERGER)
    return code


def _office(rows: Rows, place: Place, office: OfficeEntry, branches: dict[str, str]) -> str:
    since: date = office.get("since", START)
    code = rows.unit(f"nhcsxh-pgd@{office['code']}", "transaction_office", "district", since)
    first = _district(office["districts"][0])
    home = branches[place.districts[first].province] if since < MERGER else branches[place.home]
    name = f"Phòng giao dịch Ngân hàng Chính sách xã hội {office['name']}"
    short = f"PGD NHCSXH {office['name']}"
    for parent, at, start, until in (
        (home, first, since, MERGER),
        (branches[place.home], "", MERGER, None),
    ):
        if start != until:
            rows.profiles.append(
                Profile(code, name, short, "NHCS", office["name"], parent, at, start, until)
            )
    return code


def _serve(rows: Rows, place: Place, serving: dict[str, str], branches: dict[str, str]) -> None:
    """Each commune of today is served by the office that served most of its communes of before."""
    votes: dict[str, Counter[str]] = {}
    told = not any(one.get("assumed") for one in offices(place))
    for commune in place.old_communes:
        office = serving[commune.above]
        before = office
        if rows.units[office].starts_on > START and not told:
            before = branches[place.districts[commune.above].province]
        if rows.units[before].starts_on == START:
            rows.served.append(Served(before, commune.code, START, MERGER))
        for heir in commune.into:
            votes.setdefault(heir, Counter())[office] += 1
    for code, district in place.districts.items():
        for heir in district.into:
            votes.setdefault(heir, Counter())[serving[code]] += 1
    given = {heir: count.most_common(1)[0][0] for heir, count in sorted(votes.items())}
    given |= place.own.get("ties", {})
    rows.served += [Served(office, heir, MERGER, None) for heir, office in given.items()]
