"""What law/warnings.yaml says of a day: from which figures on something is warned of, and in which words."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Final, NotRequired, TypedDict

from tdcs.core import law
from tdcs.core.basis import without_basis
from tdcs.core.dated import row_on
from tdcs.core.errors import NoParametersOnDay

_FILE: Final = "warnings.yaml"
HOUSEHOLD, GROUP, COMMUNE = "household", "group", "commune"

# A row of the file; ``from`` is a word of the language.
Threshold = TypedDict(
    "Threshold",
    {
        "kind": str,
        "place": str,
        "from": date,
        "levels": list[int],
        "beyond": NotRequired[int],
        "history": NotRequired[int],
        "unknown": NotRequired[int],
        "exempt": NotRequired[list[str]],
        "loans": NotRequired[int],
        "recent": NotRequired[int],
        "before": NotRequired[int],
        "below": NotRequired[int],
        "of": NotRequired[int],
        "share": NotRequired[int],
        "ahead": NotRequired[int],
        "times": NotRequired[int],
        "days": NotRequired[int],
        "silent": NotRequired[int],
        "least": NotRequired[int],
        "certainty": str,
        "source": str,
    },
)


class Text(TypedDict):
    """The same in both languages."""

    vi: str
    en: str


class Words(Text):
    """How a kind is named, said and followed; ``figure``: months, share or count."""

    name: Text
    figure: str
    next: Text


@law.remembered
@without_basis("ngưỡng cảnh báo do hệ thống đặt ra, văn bản chỉ nêu món 3 tháng không giao dịch")
def thresholds(day: date) -> dict[tuple[str, str], Threshold]:
    """(kind, place) → the row that holds on a day. Raises NoParametersOnDay for a kind without one."""
    rows: list[Threshold] = law.load(_FILE)["kinds"]
    found: dict[tuple[str, str], Threshold] = {}
    for row in sorted(rows, key=lambda row: row["from"]):
        if row["from"] <= day:
            found[row["kind"], row["place"]] = row
    if missing := {(row["kind"], row["place"]) for row in rows} - set(found):
        raise NoParametersOnDay(name=f"law/{_FILE}: {min(missing)[0]}", day=f"{day:%d/%m/%Y}")
    return found


def threshold(day: date, kind: str, place: str) -> Threshold:
    """The row of one kind and place on a day."""
    return thresholds(day)[kind, place]


def law_hash(day: date) -> str:
    """A digest of every threshold of a day: which figures a warning rests on."""
    rows = [thresholds(day)[key] for key in sorted(thresholds(day))]
    return hashlib.sha256(json.dumps(rows, default=str, sort_keys=True).encode()).hexdigest()


def months_read(day: date) -> int:
    """So many whole months the rules look back at most: the year before the newest ones, for seasons."""
    rows = thresholds(day).values()
    return 12 + max(row.get("recent", row.get("of", 0)) for row in rows)


def words() -> dict[str, Words]:
    """Kind → its words."""
    found: dict[str, Words] = law.load(_FILE)["words"]
    return found


def kind_names(language: str) -> dict[str, str]:
    """Kind → its name in a language."""
    return {kind: one["name"]["en" if language == "en" else "vi"] for kind, one in words().items()}


class Lists(TypedDict):
    """How far lists of problem loans look."""

    no_contact_days: int
    freeze_ahead_months: int


@law.remembered
def lists(day: date) -> Lists:
    """What holds of the lists on a day. Raises NoParametersOnDay."""
    rows: list[Lists] = law.load(_FILE)["lists"]
    return row_on(rows, day, f"law/{_FILE}: lists")
