"""A draft typed into the table of the law's values: each field filled in is a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from tdcs.core import amounts
from tdcs.core.text import squash
from tdcs.core.typed import parse_day
from tdcs.policy_lab.rules.catalogue import PPM_UNIT, Entry, known_kinds

_PER_PERCENT: Final = 10_000
_PREFIX: Final = "v:"


@dataclass(frozen=True, slots=True)
class Typed:
    """A row of the table: the value in force and what was typed beside it."""

    entry: Entry
    field: str
    words: str
    unit: str


def typed_rows(entries: Mapping[str, Entry], given: Mapping[str, str]) -> list[Typed]:
    """Every changeable value with what was typed for it."""
    return [
        Typed(entry, _PREFIX + name, given.get(_PREFIX + name, ""), unit_of(entry))
        for name, entry in entries.items()
    ]


def unit_of(entry: Entry) -> str:
    """In what a value is typed: rates in percent a year."""
    if entry.key == "kinds":
        return _("mã diện, cách nhau bằng dấu phẩy")
    if entry.key == "multiple":
        return _("phần trăm lãi suất hộ nghèo")
    return _("phần trăm một năm") if entry.unit == PPM_UNIT else entry.unit


def overlay_of(entries: Mapping[str, Entry], given: Mapping[str, str]) -> bytes:
    """The draft that the form describes, as a file; what cannot be read as a number goes in as it was typed, and is refused
    there beside all that is wrong."""
    starts_on = parse_day(given.get("from", ""))
    basis = squash(given.get("basis", ""))
    changes: list[dict[str, Any]] = []
    for name, entry in entries.items():
        words = given.get(_PREFIX + name, "").strip()
        if words:
            changes.append(_change(entry, words, given.get("reach", ""), basis, starts_on))
    content = {"name": squash(given.get("name", "")), "basis": basis, "changes": changes}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()


def _change(
    entry: Entry, words: str, reach: str, basis: str, starts_on: date | None
) -> dict[str, Any]:
    made: dict[str, Any] = {"figure": entry.figure}
    if starts_on is not None and entry.key != "kinds":
        made["from"] = starts_on
    made[entry.key] = _amount(entry, words)
    if reach and entry.bounds.reaches:
        made["reach"] = reach
    return {**made, "basis": basis}


def _amount(entry: Entry, words: str) -> Any:
    if entry.key == "kinds":
        names = [one.strip() for one in words.split(",")]
        return [one for one in names if one] if set(names) - {"-"} else []
    try:
        found = amounts.figure(words.rstrip("%").strip())
    except amounts.NotAnAmount:
        return words
    if entry.unit == PPM_UNIT and entry.key == "ppm":
        found *= Decimal(_PER_PERCENT)
    return int(found) if found == found.to_integral_value() else words


def given_of(content: Mapping[str, Any]) -> dict[str, str]:
    """What the form shows of a kept draft, to begin another from it."""
    found = {"name": str(content.get("name", "")), "basis": str(content.get("basis", ""))}
    for row in content.get("changes", ()):
        value = next(
            (row[key] for key in ("ppm", "multiple", "value", "months") if key in row), None
        )
        if "kinds" in row:
            found[_PREFIX + row["figure"]] = ", ".join(row["kinds"])
        elif "ppm" in row:
            share = Decimal(int(row["ppm"])) / _PER_PERCENT
            found[_PREFIX + row["figure"]] = f"{share.normalize():f}".replace(".", ",")
        else:
            found[_PREFIX + row["figure"]] = str(value)
        if isinstance(row.get("from"), date):
            found["from"] = row["from"].isoformat()
        found["reach"] = row.get("reach", found.get("reach", ""))
    return found


def kind_codes() -> list[str]:
    """Kinds of eligibility, for the field's help."""
    return sorted(known_kinds())
