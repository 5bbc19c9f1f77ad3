"""Bodies of districts and communes on both sides of 1/7/2025."""

from __future__ import annotations

from typing import NamedTuple

from tdcs.organisations.packaged import MERGER, START, Commune, District
from tdcs.organisations.standard.place import BodyEntry, Place, full_name
from tdcs.organisations.standard.rows import REFORM, Heir, Profile, Rows

_POLICE = "cong-an"


class _Spot(NamedTuple):
    """A district or commune: its code, full name, name, what stands above it, its level, whether it is one of today."""

    code: str
    full: str
    name: str
    above: str
    level: str
    today: bool


def add(rows: Rows, place: Place) -> None:
    bodies = [b for b in place.standard["local"] if b["type"] not in place.own.get("without", ())]
    for district in place.districts.values():
        _district(rows, place, district, bodies)
    for commune in place.old_communes:
        spot = _spot(commune, commune.above, today=False)
        share = "whole" if len(commune.into) == 1 else "area"
        top = place.districts[commune.above].province
        for body in bodies:
            code = _body(rows, spot, body, place, top)
            for heir in commune.into:
                rows.heir(code, f"{body['type']}@{heir}", MERGER, share)
    for commune in place.lists.communes[place.province.code]:
        _today(rows, place, commune, bodies)


def _spot(commune: Commune, above: str, *, today: bool) -> _Spot:
    return _Spot(commune.code, full_name(commune), commune.name, above, "commune", today)


def _parent(body: BodyEntry, spot: _Spot) -> str:
    if body["type"] == "mttq":
        return f"ubnd@{spot.code}"
    if spot.today and body["kind"] == "mass_organisation":
        return f"mttq@{spot.code}"
    return f"{body['type']}@{spot.above}"


def _body(rows: Rows, spot: _Spot, body: BodyEntry, place: Place, top: str) -> str:
    police = body["type"] == _POLICE
    end = None if spot.today else REFORM if police and spot.level == "district" else MERGER
    start = MERGER if spot.today else START
    code = rows.unit(f"{body['type']}@{spot.code}", body["kind"], spot.level, start, end)
    name, short = body["name"].format(spot.full), body["short"].format(spot.full)
    parents = [(_parent(body, spot), start, end)]
    if police and spot.level == "commune" and not spot.today:
        # The district police ceased four months before the districts.
        parents = [(parents[0][0], start, REFORM), (f"{_POLICE}@{top}", REFORM, end)]
    for parent, since, until in parents:
        rows.profiles.append(
            Profile(code, name, short, body["symbol"], spot.name, parent, spot.code, since, until)
        )
    return code


def _district(rows: Rows, place: Place, one: District, bodies: list[BodyEntry]) -> None:
    spot = _Spot(one.code, full_name(one), one.name, one.province, "district", False)
    heirs = place.heirs_of(one)
    for body in bodies:
        code = _body(rows, spot, body, place, one.province)
        if body["type"] == _POLICE:
            rows.heir(code, f"{_POLICE}@{one.province}", REFORM)
            continue
        for heir in heirs:
            rows.heir(code, f"{body['type']}@{heir}", MERGER, "area")
    board = _board(rows, spot, one.province)
    for heir in heirs:
        row = Heir("", "", MERGER, "area", True, "", "chưa xác nhận ngày thành lập")
        rows.part_heir(board, f"ban-dai-dien@{heir}", row)
    for body in place.standard["divisions"]:
        _division(rows, spot, body, heirs)


def _board(rows: Rows, spot: _Spot, above: str) -> str:
    days = (MERGER, None) if spot.today else (START, MERGER)
    code = rows.unit(f"ban-dai-dien@{spot.code}", "board", spot.level, *days)
    name, short = (
        f"Ban đại diện Hội đồng quản trị NHCSXH {spot.full}",
        f"BĐD HĐQT NHCSXH {spot.full}",
    )
    parent = f"ban-dai-dien@{above}"
    rows.profiles.append(Profile(code, name, short, "BĐD", spot.name, parent, spot.code, *days))
    return code


def _division(rows: Rows, spot: _Spot, body: BodyEntry, heirs: list[str]) -> None:
    until = body["until"]
    code = rows.unit(f"{body['type']}@{spot.code}", "division", "district", START, until)
    earlier = body.get("before")
    change = earlier["until"] if earlier else START
    named = [(earlier["name"], START, change)] if earlier else []
    for words, since, last in (*named, (body["name"], change, until)):
        name = f"{words} {spot.full}"
        parent = f"ubnd@{spot.code}"
        rows.profiles.append(
            Profile(code, name, name, body["symbol"], spot.name, parent, spot.code, since, last)
        )
    if until != MERGER:
        rows.heir(code, f"{body['heir']}@{spot.code}", until)
        return
    for heir in heirs:
        rows.heir(code, f"{body['heir']}@{heir}", MERGER, "area")


def _today(rows: Rows, place: Place, commune: Commune, bodies: list[BodyEntry]) -> None:
    spot = _spot(commune, place.home, today=True)
    for body in bodies:
        _body(rows, spot, body, place, place.home)
    _board(rows, spot, place.home)
    for body in place.standard["commune_divisions"]:
        code = rows.unit(f"{body['type']}@{spot.code}", "division", "commune", MERGER)
        words = body["name"] if commune.word == "xã" else body.get("urban", body["name"])
        name = f"{words} {spot.full}"
        parent = f"ubnd@{spot.code}"
        rows.profiles.append(
            Profile(code, name, name, body["symbol"], spot.name, parent, spot.code, MERGER, None)
        )
