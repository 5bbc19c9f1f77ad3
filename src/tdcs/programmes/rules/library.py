"""The legal library: which text is in force on a day, what changed it, which figures rest on it, and which texts words cite.

Nothing of a text is kept but number, day and subject: what our figures take from it stands beside each, with its certainty.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from tdcs.core import law
from tdcs.core.basis import rules_with_basis
from tdcs.core.dated import CERTAINTIES
from tdcs.programmes.rules.lawbook import Document, documents
from tdcs.programmes.rules.shared import all_shared
from tdcs.programmes.rules.showing import series, shared_label, words_of
from tdcs.programmes.rules.terms import programmes

INDICATORS: Final = ("outstanding", "quality", "turnover", "people")
_LINES: Final = {"national": "Chuẩn nghèo quốc gia", "local": "Chuẩn nghèo của tỉnh"}
_WHERE: Final = (("rural", "nông thôn"), ("urban", "thành thị"))


class Validity(StrEnum):
    """Whether a text holds on a day; unknown while its first day is not known."""

    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resting:
    """Something of ours that rests on a text: its name, what it says, the article, from a day to a day, how sure it is."""

    kind: str
    name: str
    words: str
    article: str
    starts_on: date | None
    ends_on: date | None
    certainty: str

    def holds_on(self, day: date) -> bool:
        """Whether it counts on a day."""
        begun = self.starts_on is None or self.starts_on <= day
        return begun and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class Cited:
    """A text named inside words: from where to where, and its code."""

    start: int
    end: int
    code: str


def ends_on(code: str) -> date | None:
    """The first day on which a text no longer holds: its own end, else the first day of what took its place."""
    one = documents()[code]
    if one.ends_on:
        return one.ends_on
    later = [other.in_force_on for other in replaced_by(code) if other.in_force_on]
    return min(later, default=None)


def validity(code: str, on: date) -> Validity:
    """Whether a text holds on a day."""
    one, end = documents()[code], ends_on(code)
    if end is not None and end <= on:
        return Validity.ENDED
    if one.in_force_on is None:
        return Validity.UNKNOWN
    return Validity.IN_FORCE if one.in_force_on <= on else Validity.UPCOMING


def amended_by(code: str) -> list[Document]:
    """The texts that change a text, the earliest first."""
    return _in_order(one for one in documents().values() if one.amends == code)


def replaced_by(code: str) -> list[Document]:
    """The texts that took the place of a text, the earliest first."""
    return _in_order(one for one in documents().values() if one.replaces == code)


def _in_order(found: Iterator[Document]) -> list[Document]:
    return sorted(found, key=lambda one: (one.issued_on or date.max, one.code))


@law.remembered
def resting() -> Mapping[str, tuple[Resting, ...]]:
    """What of ours rests on each text, by its code: figures of programmes and of all loans, kinds, poverty lines, indicators."""
    found: dict[str, list[Resting]] = defaultdict(list)
    for code, one in (*_figures(), *_people(), *_indicators()):
        found[code].append(one)
    return {code: tuple(rows) for code, rows in found.items()}


@law.remembered
def rules_on() -> Mapping[str, Mapping[str, int]]:
    """Code of a text → article → how many rules of computing carry it out (of the modules that are loaded)."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _name, bases in rules_with_basis():
        for one in bases:
            found[one.document][one.article] += 1
    return {code: dict(sorted(articles.items())) for code, articles in found.items()}


def _figures() -> Iterator[tuple[str, Resting]]:
    for one in programmes().values():
        for label, group, parameter in series(one):
            name = one.groups[group][0] if group else ""
            whom = f"{one.short}, {name}" if name else one.short
            for value in parameter.values:
                yield value.document, _value("figure", f"{label}: {whom}", value)
    for name, parameter in all_shared().items():
        for value in parameter.values:
            yield value.document, _value("figure", shared_label(name), value)
    for name, rows in law.load("parameters/entrustment.yaml").items():
        for row in rows:
            yield row["document"], Resting(
                "figure", shared_label(name), str(row.get("unit") or ""), row["article"], row["from"], row.get("to"),
                row["certainty"],
            )  # fmt: skip


def _value(kind: str, name: str, value: Any) -> Resting:
    return Resting(kind, name, words_of(value), value.article, value.starts_on, value.ends_on, value.certainty)  # fmt: skip


def _people() -> Iterator[tuple[str, Resting]]:
    for row in law.load("parameters/eligibility.yaml")["kinds"].values():
        yield _row("kind", row["name"], "", row)
    for row in law.load("parameters/poverty_lines.yaml")["lines"]:
        words = "; ".join(
            f"{where} {row[key]['poor']:,}".replace(",", ".") for key, where in _WHERE
        )
        yield _row("line", _LINES[row["standard"]], f"{words} đồng/người/tháng", row)


def _row(kind: str, name: str, words: str, row: Mapping[str, Any]) -> tuple[str, Resting]:
    basis = row["basis"]
    return basis["document"], Resting(
        kind, name, words, basis.get("article", ""), row.get("starts_on"), row.get("ends_on"),
        row.get("certainty", CERTAINTIES[-1]),
    )  # fmt: skip


def _indicators() -> Iterator[tuple[str, Resting]]:
    texts = documents()
    for file in INDICATORS:
        for row in law.load(f"indicators/{file}.yaml"):
            basis = row["basis"]
            sure = texts[basis["document"]].certainty
            yield (
                basis["document"],
                Resting(
                    "indicator", row["name"], row["formula"], basis["article"], None, None, sure
                ),
            )
            for one in row.get("targets", ()):
                yield one["document"], Resting(
                    "target", row["name"], "", one["article"], one["from"], one.get("to"), texts[one["document"]].certainty
                )  # fmt: skip


@law.remembered
def _names() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern of every way to cite a text (the longest first), and the code behind each."""
    codes: dict[str, str] = {}
    for one in documents().values():
        for name in (one.number, one.code, one.title if _is_named(one) else "", *one.names):
            if name:
                codes.setdefault(name, one.code)
    words = sorted(codes, key=len, reverse=True)
    inside = "|".join(map(re.escape, words))
    return re.compile(rf"(?<![\w/.-])(?:{inside})(?![\w/-])"), codes


def _is_named(one: Document) -> bool:
    """Whether people cite a text by its title: laws, and what has no number."""
    return not one.number or one.title.startswith(("Luật ", "Bộ luật "))


def cited_in(words: str) -> list[Cited]:
    """The texts that words name, in order: "Điều 1, 12/QĐ-HĐQT" names QD-12-2019-HDQT."""
    pattern, codes = _names()
    return [Cited(hit.start(), hit.end(), codes[hit[0]]) for hit in pattern.finditer(words)]
