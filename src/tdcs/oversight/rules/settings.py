"""What law/inspections.yaml and law/checklists say: bodies, duties, sizes of samples, checklists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NotRequired, TypedDict

from tdcs.core import law
from tdcs.core.basis import without_basis
from tdcs.core.dated import row_on

_FILE: Final = "inspections.yaml"


class Body(TypedDict):
    """A kind of inspecting body; ``of``: the column of the book that says to which of its units a loan belongs."""

    code: str
    of: str
    bound: bool
    kinds: list[str]
    vi: str
    en: str


class DutyRow(TypedDict):
    """A coverage duty; ``share`` and ``difficult`` name figures of law/parameters."""

    code: str
    unit: str
    form: str
    share: str
    difficult: NotRequired[str]
    vi: str
    en: str


class Risk(TypedDict):
    """A kind of risk and its percent of a sample."""

    code: str
    percent: int
    vi: str
    en: str


class Result(TypedDict):
    """A result code of public reconciliation."""

    code: str
    vi: str
    en: str


_Households = TypedDict("_Households", {"from": date, "steps": list[tuple[int | None, int]]})
_Rhythm = TypedDict("_Rhythm", {"from": date, "whole_every_years": int, "other_percent": int})


class _Data(TypedDict):
    bodies: list[Body]
    duties: list[DutyRow]
    never_inactive: list[str]
    difficult_kind: str
    households: list[_Households]
    risk: list[Risk]
    large_from: int
    most_of_a_sample: int
    elsewhere_metres: int
    reconciliation: list[_Rhythm]
    results: list[Result]


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a checklist; the answer ``bad`` ("yes" or "no") makes a finding of this severity."""

    code: str
    vi: str
    en: str
    bad: str
    severity: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A form as questions. ``of``: loan, group or session; ``households``: by which list the group's households are asked."""

    code: str
    number: str
    vi: str
    en: str
    of: str
    items: tuple[Item, ...]
    households: str = ""
    amounts: bool = False

    def item(self, code: str) -> Item | None:
        """The question of a code."""
        return next((one for one in self.items if one.code == code), None)


def _data() -> _Data:
    found: _Data = law.load(_FILE)
    return found


def bodies() -> list[Body]:
    """The kinds of bodies that inspect."""
    return list(_data()["bodies"])


def body_of_kind(kind: str) -> Body | None:
    """The kind of body that an organisation's kind belongs to; None for a unit that inspects nobody."""
    return next((one for one in bodies() if kind in one["kinds"]), None)


def duties() -> list[DutyRow]:
    """The coverage duties."""
    return list(_data()["duties"])


def never_inactive() -> list[str]:
    """Programmes whose loans are silent by their nature."""
    return list(_data()["never_inactive"])


def difficult_kind() -> str:
    """The standard of a household that makes its commune a difficult area."""
    return str(_data()["difficult_kind"])


@without_basis("cỡ mẫu do cán bộ phòng giao dịch đang áp dụng, chưa có văn bản công khai")
def households_to_visit(members: int, day: date) -> int:
    """So many households of a group of so many members are visited. 20 members: 6; 21: 7."""
    steps = row_on(_data()["households"], day, f"law/{_FILE}: households")["steps"]
    wanted = next(count for most, count in steps if most is None or members <= most)
    return min(members, int(wanted))


def risks() -> list[Risk]:
    """Kinds of risk in the order in which a loan belongs to the first that fits."""
    return list(_data()["risk"])


def large_from() -> int:
    """The balance from which a loan is large."""
    return int(_data()["large_from"])


def most_of_a_sample() -> int:
    """So many loans a sample has at most."""
    return int(_data()["most_of_a_sample"])


def elsewhere_metres() -> int:
    """Farther than this, a place is elsewhere."""
    return int(_data()["elsewhere_metres"])


def _rhythm(year: int) -> _Rhythm:
    day = date(year, 1, 1)
    return row_on(_data()["reconciliation"], day, f"law/{_FILE}: reconciliation")


@without_basis("nhịp đối chiếu theo thực hành, chưa có văn bản công khai")
def reconciled_percent(year: int, last_whole: int | None) -> int:
    """Percent of the loans that a year's campaign covers: all when the last whole one is too long ago, or never was."""
    rhythm = _rhythm(year)
    if last_whole is None or year - last_whole >= rhythm["whole_every_years"]:
        return 100
    return int(rhythm["other_percent"])


def results() -> list[Result]:
    """Result codes of reconciliation."""
    return list(_data()["results"])


@law.remembered
def checklists() -> dict[str, Checklist]:
    """Every checklist by the name of its file."""
    return {
        file.stem: _checklist(file.stem) for file in sorted(law.path("checklists").glob("*.yaml"))
    }


def _checklist(code: str) -> Checklist:
    data = law.load(f"checklists/{code}.yaml")
    items = tuple(
        Item(row["code"], row["vi"], row["en"], row["bad"], row["severity"])
        for row in data["items"]
    )
    return Checklist(
        code=code,
        number=data["number"],
        vi=data["name"]["vi"],
        en=data["name"]["en"],
        of=data["of"],
        items=items,
        households=data.get("households", ""),
        amounts=bool(data.get("amounts", False)),
    )
