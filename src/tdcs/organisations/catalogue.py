"""The catalogue of unit types and classes (law/organisations/catalogue.yaml); needs no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tdcs.core import law
from tdcs.organisations.packaged import listed


@dataclass(frozen=True, slots=True)
class Entry:
    """A type of unit, or a class that selects types or kinds.

    ``levels``: where it exists. ``fixed_level``: level words beside it do not filter. ``open_class``: means
    nobody by itself, a person chooses. ``represented_by``: the type that answers for units without accounts.
    """

    code: str
    name: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    fixed_level: bool = False
    is_class: bool = False
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    open_class: bool = False
    represented_by: str = ""
    bare: tuple[str, ...] = field(default=())


@law.remembered
def entries() -> dict[str, Entry]:
    """Every entry by its code, in the order of the file."""
    return {row["code"]: _entry(row) for row in law.load("organisations/catalogue.yaml")}


def _entry(row: dict[str, Any]) -> Entry:
    selects = row.get("selects") or {}
    return Entry(
        code=row["code"],
        name=row["name"],
        kind=row.get("kind", ""),
        aliases=tuple(name for alias in row.get("aliases", ()) for name in _spelled(alias)),
        levels=tuple(row.get("levels") or selects.get("levels", ())),
        fixed_level=bool(row.get("fixed_level")),
        is_class="selects" in row or bool(row.get("open")),
        kinds=tuple(selects.get("kinds", ())),
        types=tuple(selects.get("types", ())),
        open_class=bool(row.get("open")),
        represented_by=row.get("represented_by", ""),
        bare=tuple(row.get("bare", ())),
    )


def _spelled(alias: str) -> Iterable[str]:
    """An alias as documents write it: one with {province} once for every province, "Báo Cao Bằng" …"""
    if "{province}" not in alias:
        return (alias,)
    names = {named.name for names in listed().names.values() for named in names}
    return (alias.format(province=name) for name in sorted(names))
