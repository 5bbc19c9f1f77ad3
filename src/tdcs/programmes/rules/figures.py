"""Every figure of the law's files by a name of its own, and which of them no computation uses (law/not_encoded.yaml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from tdcs.core import law

FILES: Final = (
    "programmes",
    "loans",
    "oversight",
    "entrustment",
    "poverty_lines",
    "eligibility",
    "frame",
)
# Words that say what kind of number it is, not which one.
_AMOUNTS: Final = ("ppm", "multiple", "value", "months")
_LEFT_OUT: Final = ("target_groups", "rows")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number or flag: ``file`` and ``path`` say where it is written, ``since`` from which day, ``until`` before which.

    Names: "overdue_percent@2026-01-10", "GQVL.special.rate@2015-09-01", "rating.session.steps.0.1@2013-03-05".
    """

    name: str
    file: str
    path: tuple[str | int, ...]
    value: int
    since: date | None
    until: date | None
    row: Mapping[str, object]

    @property
    def series(self) -> str:
        """The name without its day."""
        return self.name.partition("@")[0]


def figures() -> Iterator[Figure]:
    """Every figure under law/parameters and of the provinces' own law."""
    for name in FILES:
        file = f"parameters/{name}.yaml"
        yield from _figures(file, law.load(file), (), (), {})
    for province in law.provinces():
        file = f"provinces/{province}/programmes.yaml"
        if law.path(file).is_file():
            yield from _figures(file, law.load(file), (), (province,), {})


def not_encoded(figure: Figure) -> str | None:
    """The key of law/not_encoded.yaml that names the figure, None where it is computed with."""
    held: Mapping[str, str] = law.load("not_encoded.yaml")
    return next((key for key in held if covers(key, figure)), None)


def covers(key: str, figure: Figure) -> bool:
    """A key is a figure's name, with or without its day, the beginning of one ("rating.overdue"), or a pattern ("*.monthly")."""
    named = (figure.name, figure.series)
    return any(fnmatchcase(name, key) or name.startswith(f"{key}.") for name in named)


def _figures(
    file: str,
    content: object,
    path: tuple[str | int, ...],
    words: tuple[str, ...],
    row: Mapping[str, object],
) -> Iterator[Figure]:
    if isinstance(content, int):
        since, until = _day(row, "from", "starts_on"), _day(row, "to", "ends_on")
        name = ".".join(words) + (f"@{since}" if since else "")
        yield Figure(name, file, path, content, since, until, row)
    elif isinstance(content, Mapping):
        dated = "from" in content or "starts_on" in content
        row = content if dated else row
        for key, value in content.items():
            said = () if key in _LEFT_OUT or (dated and key in _AMOUNTS) else (str(key),)
            yield from _figures(file, value, (*path, key), (*words, *said), row)
    elif isinstance(content, list):
        for at, value in enumerate(content):
            yield from _figures(file, value, (*path, at), (*words, *_name_of(value, at)), row)


def _name_of(entry: object, at: int) -> tuple[str, ...]:
    """What an entry of a list is called: by its code, by what it sets, by its day alone, or by its place."""
    if not isinstance(entry, Mapping):
        return (str(at),)
    if "programmes" in entry:
        limit = (entry["limit"],) if "limit" in entry else ()
        return ("+".join(entry["programmes"]), entry["figure"], *limit)
    return tuple(entry[key] for key in ("code", "standard") if key in entry)


def _day(row: Mapping[str, object], *names: str) -> date | None:
    """The day that stands under one of the names."""
    return next((day for name in names if isinstance(day := row.get(name), date)), None)
