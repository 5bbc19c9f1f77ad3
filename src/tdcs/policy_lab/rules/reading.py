"""A draft of the law as it is typed: one small YAML file, read without trusting it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeAlias

import yaml

from tdcs.core.basis import without_basis
from tdcs.policy_lab.errors import OverlayFaulty, OverlayNotRead, OverlayTooLarge
from tdcs.policy_lab.rules import faults
from tdcs.policy_lab.rules.faults import Fault

# A draft changes a handful of values; these bounds are far beyond and keep a hostile file from costing anything.
MOST_BYTES: Final = 65_536
MOST_CHANGES: Final = 100
MOST_DEEP: Final = 8
MOST_NODES: Final = 5_000
MOST_NAME, MOST_BASIS = 120, 300
MOST_YEAR: Final = 2100
# A mapping as YAML gives it: keys and values may be anything.
Content: TypeAlias = dict[object, object]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOP: Final = frozenset({"name", "basis", "changes"})
AMOUNTS: Final = ("ppm", "multiple", "value", "months", "kinds")
_OF_A_CHANGE: Final = frozenset(
    {"figure", "from", "to", "basis", "unit", "reach", "overdue", *AMOUNTS}
)


@dataclass(frozen=True, slots=True)
class Change:
    """One value of the law as the draft would have it, from a day on; ``key`` is how it is written: ppm, multiple, value,
    months or kinds."""

    figure: str
    key: str
    amount: int | tuple[str, ...]
    basis: str
    starts_on: date | None = None
    ends_on: date | None = None
    unit: str = ""
    reach: str = ""
    overdue: object = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """A draft: its name, the text it would be, and what it changes."""

    name: str
    basis: str
    changes: tuple[Change, ...] = field(default=())

    @property
    def touches_households(self) -> bool:
        """Whether it can change who qualifies: poverty lines, or the kinds of a programme."""
        return any(one.key == "kinds" or one.figure.startswith("lines.") for one in self.changes)

    @property
    def last_day(self) -> date | None:
        """The last day on which something of it begins; None where all of it holds at once."""
        return max((one.starts_on for one in self.changes if one.starts_on), default=None)


@without_basis("cách ghi một dự thảo, không văn bản nào quy định")
def read(text: bytes) -> Overlay:
    """The draft of a file. Raises OverlayTooLarge, OverlayNotRead, and OverlayFaulty with everything that is wrong."""
    if len(text) > MOST_BYTES:
        raise OverlayTooLarge(size=len(text), most=MOST_BYTES)
    content = _plain(text)
    if not isinstance(content, dict):
        raise OverlayNotRead(why="không phải các mục “name”, “basis”, “changes”")
    wrong = [faults.unknown_key("overlay", str(key)) for key in content if key not in _TOP]
    name = _words(content, "name", MOST_NAME, "overlay", wrong)
    basis = _words(content, "basis", MOST_BASIS, "overlay", wrong)
    rows = content.get("changes", [])
    if not isinstance(rows, list) or len(rows) > MOST_CHANGES:
        wrong.append(
            faults.wrong_kind(
                "changes",
                f"danh sách đến {MOST_CHANGES} thay đổi",
                f"a list of up to {MOST_CHANGES} changes",
            )
        )
        rows = []
    changes = [_change(row, at, wrong) for at, row in enumerate(rows, 1)]
    made = tuple(one for one in changes if one is not None)
    seen: set[tuple[str, date | None]] = set()
    for one in made:
        if (one.figure, one.starts_on) in seen:
            wrong.append(faults.twice(one.figure))
        seen.add((one.figure, one.starts_on))
    if wrong:
        raise OverlayFaulty(wrong)
    return Overlay(name, basis, made)


def _plain(text: bytes) -> object:
    """The content of one YAML document without aliases, of bounded depth and size. Raises OverlayNotRead."""
    try:
        words = text.decode("utf-8-sig")
        deep = 0
        for nodes, event in enumerate(yaml.parse(words, Loader=_LOADER)):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise OverlayNotRead(why="không dùng neo và bí danh của YAML (&, *)")
            if isinstance(event, yaml.CollectionStartEvent):
                deep += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                deep -= 1
            if deep > MOST_DEEP or nodes > MOST_NODES:
                raise OverlayNotRead(why="lồng quá sâu hoặc quá nhiều mục")
        node = yaml.compose(words, Loader=_LOADER)
        _require_keys_once(node)
        found: object = yaml.load(words, Loader=_LOADER)  # noqa: S506
        return found
    except UnicodeDecodeError as error:
        raise OverlayNotRead(why="không phải văn bản UTF-8") from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise OverlayNotRead(why=f"không phải YAML hợp lệ, dòng {line}") from error


def _require_keys_once(node: yaml.Node | None) -> None:
    """Of two equal keys YAML would silently keep the last. Raises OverlayNotRead."""
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise OverlayNotRead(
                    why=f"mục “{key}” ghi hai lần, dòng {node.start_mark.line + 1}"
                )
        for _, value in node.value:
            _require_keys_once(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _require_keys_once(value)


def _words(content: Content, key: str, most: int, where: str, wrong: list[Fault]) -> str:
    """A sentence under a key; what is wrong with it goes to ``wrong``."""
    found = content.get(key)
    said = " ".join(found.split()) if isinstance(found, str) else ""
    if not said:
        wrong.append(faults.no_basis(where) if key == "basis" else faults.missing(where, key))
    elif len(said) > most:
        wrong.append(
            faults.wrong_kind(f"{where}, {key}", f"đến {most} chữ", f"up to {most} letters")
        )
    return said


def _change(row: object, at: int, wrong: list[Fault]) -> Change | None:
    """One change; None where it names nothing."""
    where = f"changes[{at}]"
    if not isinstance(row, dict):
        wrong.append(faults.wrong_kind(where, "figure, from, basis, …"))
        return None
    figure = row.get("figure")
    if not isinstance(figure, str) or not figure:
        wrong.append(faults.missing(where, "figure"))
        return None
    wrong += [faults.unknown_key(figure, str(key)) for key in row if key not in _OF_A_CHANGE]
    basis = _words(row, "basis", MOST_BASIS, figure, wrong)
    starts_on, ends_on = _days(row, figure, wrong)
    amounts = [key for key in AMOUNTS if key in row]
    if len(amounts) != 1:
        wrong.append(
            faults.wrong_kind(
                figure,
                "đúng một trong ppm, multiple, value, months, kinds",
                "exactly one of ppm, multiple, value, months, kinds",
            )
        )
        return None
    return Change(
        figure,
        amounts[0],
        _amount(row[amounts[0]], amounts[0], figure, wrong),
        basis,
        starts_on,
        ends_on,
        unit=_text(row.get("unit")),
        reach=_text(row.get("reach")),
        overdue=row.get("overdue"),
    )


def _amount(found: object, key: str, where: str, wrong: list[Fault]) -> int | tuple[str, ...]:
    if key == "kinds":
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return tuple(found)
        wrong.append(
            faults.wrong_kind(
                where, "danh sách diện thụ hưởng (kinds)", "a list of kinds of eligibility (kinds)"
            )
        )
        return ()
    if isinstance(found, bool) or not isinstance(found, int):
        wrong.append(faults.wrong_kind(where, f"số nguyên ({key})", f"a whole number ({key})"))
        return 0
    return found


def _days(row: Content, where: str, wrong: list[Fault]) -> tuple[date | None, date | None]:
    starts_on, ends_on = _day(row.get("from")), _day(row.get("to"))
    odd = (starts_on is None) != (row.get("from") is None) or (ends_on is None) != (
        row.get("to") is None
    )
    if odd or (ends_on is not None and (starts_on is None or ends_on <= starts_on)):
        wrong.append(faults.wrong_days(where))
        return None, None
    return starts_on, ends_on


def _day(found: object) -> date | None:
    """A day, not a moment, of a year that a rule can count with."""
    day = isinstance(found, date) and not isinstance(found, datetime)
    return found if day and isinstance(found, date) and found.year <= MOST_YEAR else None


def _text(found: object) -> str:
    """A word; what is none, as it looks, so that it is refused beside what is wanted."""
    return "" if found is None else str(found)
