"""A draft laid over the law's files: each value judged against the one it takes the place of, then written beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias, cast

from tdcs.core import law
from tdcs.core.basis import without_basis
from tdcs.core.dated import LAW_TEXT, NEW, REACHES
from tdcs.households.standards import RURAL, URBAN
from tdcs.policy_lab.errors import OverlayFaulty
from tdcs.policy_lab.rules import catalogue, faults
from tdcs.policy_lab.rules.catalogue import LINES, LOANS, PROGRAMMES, Entry
from tdcs.policy_lab.rules.faults import Fault
from tdcs.policy_lab.rules.reading import Change, Overlay
from tdcs.programmes.rules.law_rows import Book
from tdcs.programmes.rules.lawbook import findings, read_book

# A dated row of the law's files, or a poverty line.
Row: TypeAlias = dict[str, object]
# The draft among the law's texts.
DRAFT: Final = "DU-THAO"
_TEXTS: Final = "documents/policy.yaml"


@dataclass(frozen=True, slots=True)
class Laid:
    """``files``: the law's files that the draft changes, by their path; ``before``: each value as it stood on its day."""

    files: dict[str, object]
    before: dict[str, Entry]


@without_basis("ghi dự thảo vào luật, không văn bản nào quy định")
def laid_over(overlay: Overlay, day: date) -> Laid:
    """The law with the draft in it; what has no day of its own holds from ``day`` on. Raises OverlayFaulty."""
    wrong: list[Fault] = []
    files: dict[str, object] = {}
    before: dict[str, Entry] = {}
    ends: dict[str, date | None] = {}
    names = catalogue.known_names()
    held = {one: catalogue.changeable(one) for one in {c.starts_on or day for c in overlay.changes}}
    for one in sorted(overlay.changes, key=lambda change: (change.starts_on or day, change.figure)):
        starts_on = one.starts_on or day
        entry = held[starts_on].get(one.figure)
        found = [_absent(one, starts_on, names)] if entry is None else list(_faults(one, entry))
        wrong += found
        if entry is None or found:
            continue
        before.setdefault(one.figure, entry)
        content = files.setdefault(entry.file, deepcopy(law.load(entry.file)))
        held_to = _write(content, one, entry, starts_on, overlay)
        if one.ends_on and held_to and one.ends_on > held_to:
            wrong.append(faults.wrong_days(one.figure))
        if not entry.bounds.signed:
            ends[one.figure] = one.ends_on or held_to
    at = max(day, overlay.last_day or day)
    wrong += [faults.ended(name, end, at) for name, end in ends.items() if end and end <= at]
    if files:
        files[_TEXTS] = [*law.load(_TEXTS), _text(overlay)]
    if not wrong:
        wrong = _contradictions(files)
    if wrong:
        raise OverlayFaulty(wrong)
    return Laid(files, before)


def _absent(one: Change, day: date, names: frozenset[str]) -> Fault:
    """Why a value cannot be changed: there is none, none on that day, or none that matters here."""
    if catalogue.bounds_of(one.figure) is None and one.figure in names:
        return faults.not_tried(one.figure)
    if one.figure in names:
        return faults.not_in_force(one.figure, day)
    return faults.unknown_value(one.figure)


def _faults(one: Change, entry: Entry) -> list[Fault]:
    """What is wrong with a value beside the one it takes the place of."""
    name, bounds = one.figure, entry.bounds
    if one.key not in bounds.keys:
        return [faults.wrong_kind(name, " / ".join(bounds.keys))]
    found: list[Fault] = []
    if isinstance(one.amount, tuple):
        known = catalogue.known_kinds()
        found += [faults.unknown_kind(name, kind) for kind in one.amount if kind not in known]
        if not one.amount and name.endswith(".kinds"):
            found.append(faults.wrong_kind(name, "ít nhất một diện thụ hưởng", "at least one kind"))
    else:
        least, most = catalogue.limits_of(bounds, one.key)
        if not least <= one.amount <= most:
            found.append(faults.impossible(name, one.amount, least, most))
    unit = "%" if one.key == "multiple" else entry.unit
    if one.unit and one.unit != unit:
        found.append(faults.wrong_unit(name, one.unit, unit))
    if one.reach and (one.reach not in REACHES or not bounds.reaches):
        if bounds.reaches:
            found.append(faults.wrong_kind(f"{name}, reach", " / ".join(REACHES)))
        else:
            found.append(faults.unknown_key(name, "reach"))
    if one.overdue is not None and (not isinstance(one.overdue, bool) or not bounds.reaches):
        found.append(faults.wrong_kind(f"{name}, overdue", "true / false"))
    return found


def _write(
    content: object, one: Change, entry: Entry, starts_on: date, overlay: Overlay
) -> date | None:
    """Puts the value into the file, in place of the row that holds on its day; to when that one held, None for open."""
    if isinstance(one.amount, tuple):
        cast(Row, _inside(content, entry.path[:-1]))[str(entry.path[-1])] = list(one.amount)
        return None
    if entry.file == LINES:
        return _write_line(content, one, entry, starts_on)
    rows = cast(list[Row], _inside(content, entry.path[:-2]))
    at = next(n for n, row in enumerate(rows) if _in_force(row, starts_on, "from", "to"))
    old = rows[at]
    made: Row = {
        "from": starts_on, "to": one.ends_on or old.get("to"), one.key: one.amount,
        "document": DRAFT, "article": "", "no_article": one.basis,
        "certainty": LAW_TEXT, "source": overlay.name,
    }  # fmt: skip
    made |= {"unit": old["unit"]} if "unit" in old else {}
    if entry.bounds.reaches:
        made["reach"] = one.reach or NEW
        made |= {} if one.overdue is None else {"overdue": one.overdue}
    rows[at : at + 1] = _around(old, made, ("from", "to"))
    return cast(date | None, old.get("to"))


def _write_line(content: object, one: Change, entry: Entry, starts_on: date) -> date | None:
    """A poverty line is several values under one row: the others go on as they are."""
    lines = cast(list[Row], _inside(content, entry.path[:1]))
    like = lines[int(entry.path[1])]
    at = next(
        n
        for n, row in enumerate(lines)
        if all(row.get(name) == like.get(name) for name in ("standard", "province"))
        and _in_force(row, starts_on, "starts_on", "ends_on")
    )
    old = lines[at]
    made: Row = deepcopy(old) | {
        "starts_on": starts_on,
        "ends_on": one.ends_on or old["ends_on"],
        "basis": {"document": DRAFT, "article": ""},
        "no_article": one.basis,
    }
    cast(Row, _inside(made, entry.path[2:-1]))[str(entry.path[-1])] = one.amount
    lines[at : at + 1] = _around(old, made, ("starts_on", "ends_on"))
    return cast(date | None, old["ends_on"])


def _inside(content: object, path: Sequence[str | int]) -> object:
    """What lies in a file at the end of a path."""
    for step in path:
        content = cast(dict[str | int, object], content)[step]
    return content


def _in_force(row: Row, day: date, begins: str, ends: str) -> bool:
    since, until = cast(date, row[begins]), cast(date | None, row.get(ends))
    return since <= day and (until is None or day < until)


def _around(old: Row, made: Row, names: tuple[str, str]) -> list[Row]:
    """The old row up to the new one, the new one, and the old one again after it where it ends before."""
    begins, ends = names
    rows = [{**old, ends: made[begins]}] if old[begins] != made[begins] else []
    rows.append(made)
    if made[ends] is not None and made[ends] != old.get(ends):
        # What the draft changed for loans that run it gives back to them too.
        back = {"reach": made["reach"]} if "reach" in made else {}
        rows.append({**old, begins: made[ends], **back})
    return rows


def _text(overlay: Overlay) -> Row:
    """The draft as a text of the law, so that whatever cites it finds its name."""
    return {
        "code": DRAFT, "number": "", "title": f"Dự thảo: {overlay.basis}", "issued_on": None,
        "in_force_on": None, "last_checked": "", "certainty": LAW_TEXT, "source": overlay.name,
    }  # fmt: skip


@law.remembered
def _known() -> tuple[Book, frozenset[tuple[str, str]]]:
    """The law in force and what its own check finds in it."""
    book = read_book()
    return book, frozenset((one.where, one.words) for one in findings(book) if one.error)


def _contradictions(files: Mapping[str, object]) -> list[Fault]:
    """What the law's own check finds in the law as drafted and not in the law in force, and lines that cross."""
    if not files:
        return []
    book, known = _known()
    drafted = cast(
        Book,
        {
            **book,
            "documents": [*book["documents"], cast(list[Row], files[_TEXTS])[-1]],
            "programmes": files.get(PROGRAMMES, book["programmes"]),
            "shared": {**book["shared"], **cast(Row, files.get(LOANS, {}))},
        },
    )
    # The draft's own text is cited by its rows alone, and nobody checked it.
    found = [
        faults.contradicts(one.where, one.words)
        for one in findings(drafted)
        if one.error and one.where != DRAFT and (one.where, one.words) not in known
    ]
    if LINES in files:
        found += _crossed(cast(list[Row], _inside(files[LINES], ["lines"])))
    return found


def _crossed(lines: Sequence[Row]) -> Iterator[Fault]:
    """Lines under which the average household would be poorer than the poor."""
    for row in lines:
        for place in (RURAL, URBAN):
            values = cast(dict[str, int | None], row[place])
            poor, average = values["poor"], values["average"]
            if poor is not None and average is not None and average < poor:
                where = f"lines.{row['standard']}.{place}"
                words = f"chuẩn mức sống trung bình {average} thấp hơn chuẩn nghèo {poor}"
                yield faults.contradicts(where, words)
