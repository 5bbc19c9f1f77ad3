"""Which rows of a list can be taken into the registers, and why others cannot: FAULT_SCHEMA of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from tdcs.core.basis import without_basis
from tdcs.core.text import fold
from tdcs.imports.rules.rows import FAULT_SCHEMA, IDENTITY, ROW

# Of a household one of these holds at a time: a list that names another ends the one before.
CLASSES: Final = ("poor", "near_poor", "newly_escaped", "average_living")
_HOUSEHOLD: Final = "ho "
# Before the name of a place in that of its budget.
_BUDGET: Final = ("uy ban nhan dan ", "ubnd ", "ngan sach ", "von ngan sach ")
_PROVINCE: Final = "tinh"
_PROVINCIAL: Final = ("tinh ", "thanh pho ")
_WHOLE: Final = ("tinh", "thanh pho")
# field, code, whether it keeps the whole list from being taken, when. A row that does not is left out and named.
Check = tuple[str, str, bool, pl.Expr]


@without_basis("đọc danh sách của xã, không xét diện")
def classes_of(words: Sequence[str | None], names: Mapping[str, str]) -> list[str | None]:
    """The kind (CLASSES) that a clerk's words mean: "Hộ nghèo", "hộ nghèo ", "Nghèo" and "HN" are one. ``names``: kind → its
    name."""
    meant = {fold(name): code for code, name in names.items()}
    meant |= {name.removeprefix(_HOUSEHOLD): code for name, code in meant.items()}
    # One letter says too little.
    short = {"".join(word[0] for word in name.split()): code for name, code in meant.items()}
    meant = {name: code for name, code in short.items() if len(name) > 1} | meant
    return [meant.get(fold(one or "")) for one in words]


@without_basis("kiểm tra dữ liệu vào")
def faults_of_rows(rows: pl.DataFrame, checks: Sequence[Check]) -> pl.DataFrame:
    """FAULT_SCHEMA of every check that holds of a row."""
    found = [
        rows.filter(wrong).select(
            row=pl.col(ROW).cast(pl.Int64),
            field=pl.lit(field),
            code=pl.lit(code),
            value=pl.col(field).cast(pl.String).fill_null(""),
            blocks=pl.lit(value=blocks),
        )
        for field, code, blocks, wrong in checks
    ]
    return pl.concat(found) if found else pl.DataFrame(schema=FAULT_SCHEMA)


@without_basis("kiểm tra dữ liệu vào")
def poverty_checks(day: date) -> list[Check]:
    """What may be wrong with a row of a poverty list beside the register. In: area, kind, since, until_on, there,
    there_words, words, later (a spell begins after ``since``), same_day (another class begins on it)."""
    col = pl.col
    number = col("identity_number").fill_null("").str.strip_chars()
    other = col("there").is_not_null() & (col("there_words") != col("words"))
    wrong = (number != "") & ~number.str.contains(IDENTITY)
    return [
        ("commune_name", "commune_unknown", True, col("area").is_null()),
        ("poverty_class", "not_in_list", True, col("kind").is_null()),
        ("decision", "missing", True, col("decision").fill_null("").str.strip_chars() == ""),
        ("identity_number", "identity_wrong", True, wrong),
        ("identity_number", "twice_in_list", True, (number != "") & ~number.is_first_distinct()),
        ("head_name", "other_name", True, other),
        ("from_on", "after_the_day", True, col("from_on") > day),
        ("until_on", "ends_too_early", True, col("until_on") <= col("since")),
        ("identity_number", "identity_missing", False, number == ""),
        ("from_on", "later_class", False, col("later")),
        ("from_on", "class_same_day", False, col("same_day")),
    ]


@without_basis("đọc danh sách của chi nhánh")
def investors_of(
    names: Sequence[str | None], levels: Sequence[str | None], committees: Mapping[int, str]
) -> list[int | None]:
    """The people's committee whose budget a row means: "Ngân sách xã La Ngà", "UBND xã La Ngà"; none where several may be.

    ``committees``: unit → its name. A level of the province means its own, which alone is not of a ward, commune or zone.
    """
    bare = {unit: _bare(name) for unit, name in committees.items()}
    meant: dict[str, list[int]] = {}
    for unit, name in bare.items():
        meant.setdefault(name, []).append(unit)
        if name.startswith(_PROVINCIAL):
            meant.setdefault(_PROVINCE, []).append(unit)
    found = []
    for said, level in zip(names, levels, strict=True):
        asked = _PROVINCE if fold(level or "").endswith(_WHOLE) else _bare(said or "")
        units = meant.get(asked, [])
        found.append(units[0] if len(units) == 1 else None)
    return found


def _bare(name: str) -> str:
    words = fold(name)
    return next((words.removeprefix(one) for one in _BUDGET if words.startswith(one)), words)


@without_basis("kiểm tra dữ liệu vào")
def source_checks() -> list[Check]:
    """What may be wrong with a row of the list of sources beside the register. In: unit (whose budget it is)."""
    return [("investor_name", "investor_unknown", False, pl.col("unit").is_null())]


@without_basis("kiểm tra dữ liệu vào")
def officer_checks(office: int) -> list[Check]:
    """What may be wrong with a row of the list of officers beside the register. In: area, keeper (the office that serves the
    commune), officer, hamlet_name, several (the list names another officer of the hamlet), later (an officer begins after the
    list's day), same_day (another began on it)."""
    col = pl.col
    return [
        ("commune_name", "commune_unknown", True, col("area").is_null()),
        ("commune_name", "commune_of_other", True, col("keeper") != office),
        ("hamlet_name", "missing", True, col("hamlet_name") == ""),
        ("officer", "missing", True, col("officer") == ""),
        ("officer", "two_officers", True, col("several")),
        ("hamlet_name", "later_officer", False, col("later")),
        ("hamlet_name", "officer_same_day", False, col("same_day")),
    ]


@without_basis("kiểm tra dữ liệu vào")
def unit_checks(office: int) -> list[Check]:
    """Where a row of the list of units says otherwise than the register. In: area, keeper (the office that serves it), point,
    session_day, held_day and held_area (of its point here), first_of_commune, first_of_point."""
    col = pl.col
    first, new = col("first_of_commune"), col("held_day").is_null()
    of_point = col("first_of_point") & (col("point") != "")
    day = col("session_day").is_between(1, 31)
    other_day = ~new & of_point & day & (col("held_day") != col("session_day"))
    elsewhere = ~new & of_point & (col("held_area") != col("area"))
    without = new & of_point & ~day.fill_null(value=False)
    return [
        ("commune_name", "commune_not_here", False, first & col("area").is_null()),
        ("commune_name", "commune_kept_by_other", False, first & (col("keeper") != office)),
        ("session_day", "point_other_day", False, other_day),
        ("commune_name", "point_elsewhere", False, elsewhere),
        ("session_day", "point_without_day", False, without),
    ]


@without_basis("kiểm tra dữ liệu vào")
def member_checks(day: date) -> list[Check]:
    """What may be wrong with a row of a list of members beside the register. In: person, group_id, joined_on.

    Report 31 of the same import may bring whom the register does not know yet."""
    col = pl.col
    return [
        ("joined_on", "after_the_day", True, col("joined_on") > day),
        ("customer", "customer_unknown", False, col("person").is_null()),
        ("group", "group_unknown", False, col("group_id").is_null()),
    ]
