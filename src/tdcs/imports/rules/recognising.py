"""What a sheet is: its kind, header row and columns from its first rows; never by position, never by accents."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tdcs.core.text import fold
from tdcs.imports.rules.layouts import Layout, key_of, layout_of, layouts

SCANNED: Final = 40
# Days as file names and titles write them: dd-mm-yyyy, dd/mm/yyyy, yyyy-mm-dd, ddmmyyyy, "ngày dd tháng mm năm yyyy".
_DAYS: Final = (
    (re.compile(r"(?<!\d)(\d{1,2})[-/._](\d{1,2})[-/._](20\d{2})(?!\d)"), (3, 2, 1)),
    (re.compile(r"(?<!\d)(20\d{2})[-/._](\d{1,2})[-/._](\d{1,2})(?!\d)"), (1, 2, 3)),
    (re.compile(r"(?<!\d)(\d{2})(\d{2})(20\d{2})(?!\d)"), (3, 2, 1)),
    (re.compile(r"ngay (\d{1,2}) thang (\d{1,2}) nam (20\d{2})"), (3, 2, 1)),
)
# Hours beside a day, and what stands before a day of printing, at the end of a span, between its ends, at its beginning.
_CLOCK: Final = re.compile(r"\d{1,2}[:h]\d{2}(:\d{2})?")
_PRINTED: Final = re.compile(
    r"(?<![a-z])(?<!san )(in|xuat|ket xuat|lap|tao|printed|exported)"
    r"( +(bieu|bao cao|so lieu|du lieu|file|tep|vao|luc|hoi|ngay|on|at))*[^a-z0-9]*$"
)
_TO_WORDS: Final = r"(den|toi)( het)?( ngay)?[^a-z0-9]*"
_UNTIL: Final = re.compile(rf"(?<![a-z]){_TO_WORDS}$")
_ONLY_UNTIL: Final = re.compile(rf"[^a-z0-9]*({_TO_WORDS})?")
_DASH: Final = re.compile(r" *[-\u2013] +| +[-\u2013] *")
_FROM: Final = re.compile(r"(?<![a-z])tu( ngay)?[^a-z0-9]*$")
# A sheet with units side by side: its words stand in one of the first columns, its units as codes above.
_WORDS_WITHIN: Final = 3
_FEWEST_LINES: Final = 4
# A code of four digits that begins with 202 to 204 is a year.
_YEAR: Final = r"(?!20[2-4]\d)"
_UNIT: Final = re.compile(rf"(?:00|{_YEAR})(\d{{4}})(?:\.0)?")
# In full a code may stand anywhere in a name, without its zeros at the beginning only.
_OFFICE: Final = re.compile(rf"(?<!\d)00(\d{{4}})(?!\d)|^{_YEAR}(\d{{4}})(?=[_\- ])")


# Fingerprint of a header → (kind, name of a column as ``named`` gives it → field), as people said it.
Remembered = Mapping[str, tuple[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of a sheet stands. ``row``: its last, from 0; ``columns``: place of a column → its field; ``unknown``:
    names that no column of the kind has; ``title``: the words above; ``letters``: the table of letters.TABLES of its text."""

    layout: Layout
    row: int
    columns: Mapping[int, str]
    unknown: tuple[str, ...]
    title: str
    fingerprint: str
    letters: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields of the kind that the sheet lacks."""
        there = set(self.columns.values())
        return tuple(one.field for one in self.layout.columns if one.field not in there)


def header_of(rows: Sequence[Sequence[str]], remembered: Remembered | None = None) -> Header | None:
    """The header among the first rows of a sheet: the one that people said how to read, else of the kind that names most of its
    columns; None when it is no extract."""
    from tdcs.imports.rules.letters import TABLES, letters_of

    letters = letters_of(" ".join(" ".join(row) for row in rows[:SCANNED]))
    if letters:
        rows = [[TABLES[letters](cell) for cell in row] for row in rows]
    found: list[Header] = []
    for at in range(min(len(rows), SCANNED)):
        # A row of figures is no header, unless people said that it is one.
        likely = _is_wordy(rows[at])
        for deep in (1, 2) if likely or remembered else ():
            cells = joined(rows, at, deep)
            names = named(cells)
            mark = fingerprint_of(names)
            title = " ".join(" ".join(filter(None, above)) for above in rows[:at])
            if remembered and mark in remembered:
                kind, fields = remembered[mark]
                said = {place: fields[name] for place, name in enumerate(names) if name in fields}
                return _header(layout_of(kind), at + deep - 1, said, (cells, title, mark, letters))
            folded = fold(title) if likely else ""
            for layout in layouts() if cells and likely else ():
                places = _matched(layout, names, folded, deep)
                if places:
                    told = (cells, title, mark, letters)
                    found.append(_header(layout, at + deep - 1, places, told))
    found += [
        one for layout in layouts() if layout.matrix for one in _across(layout, rows, letters)
    ]
    # A form that its title names is that form, whatever else could be read of its row of marks.
    return max(found, key=lambda one: (bool(one.layout.says), len(one.columns)), default=None)


def _is_wordy(row: Sequence[str]) -> bool:
    """Whether most cells are words, or marks of columns such as (3)."""
    there = [cell for cell in row if cell]
    return sum(not cell[0].isdigit() for cell in there) * 2 >= len(there) > 1


def _header(
    layout: Layout, row: int, places: Mapping[int, str], told: tuple[Sequence[str], str, str, str]
) -> Header:
    cells, title, mark, letters = told
    unknown = tuple(
        cell for place, cell in enumerate(cells) if key_of(cell) and place not in places
    )
    return Header(layout, row, places, unknown, title, mark, letters)


def line_name(words: str) -> str:
    """The words of a line as they are compared, without its number."""
    return key_of(words).lstrip("0123456789 ")


def _across(layout: Layout, rows: Sequence[Sequence[str]], letters: str) -> Iterator[Header]:
    """Of a sheet whose lines are the columns of a kind: the places of its words, its units and their total."""
    known = layout.names()
    for place in range(_WORDS_WITHIN):
        lines = [
            at
            for at, row in enumerate(rows[:SCANNED])
            if place < len(row) and line_name(row[place]) in known
        ]
        if len(lines) < _FEWEST_LINES:
            continue
        above = rows[: lines[0]]
        units: dict[int, str] = {}
        for row in above:
            codes = {at: one[1] for at, cell in enumerate(row) if (one := _UNIT.fullmatch(cell))}
            units = codes if len(codes) > len(units) else units
        columns = {at: f"unit:00{code}" for at, code in units.items()} or {place + 1: "unit:"}
        columns |= {
            at: "total" for row in above for at, cell in enumerate(row) if key_of(cell) == "cong"
        }
        title = " ".join(" ".join(filter(None, row)) for row in above)
        yield Header(layout, lines[0] - 1, {**columns, place: "words"}, (), title, "", letters)


def joined(rows: Sequence[Sequence[str]], at: int, deep: int) -> list[str]:
    """The cells of a header of one row; of two where the upper is a title over several columns: "SỐ HỘ" over "CÒN NỢ" is
    "SỐ HỘ CÒN NỢ". Empty where there is no second row."""
    upper = list(rows[at])
    if deep == 1:
        return upper
    if at + 1 >= len(rows):
        return []
    lower = list(rows[at + 1])
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    found, over = [], ""
    for above, below in zip(upper, lower, strict=True):
        over = (above if below else "") if above else over
        found.append(f"{above or over} {below}".strip() if below else above)
    return found


def named(cells: Sequence[str]) -> list[str]:
    """The name of each column as it is compared; of a name that comes again the later ones are numbered."""
    seen: Counter[str] = Counter()
    found = []
    for cell in cells:
        name = key_of(cell)
        seen[name] += 1
        found.append(f"{name} #{seen[name]}" if name and seen[name] > 1 else name)
    return found


def fingerprint_of(names: Sequence[str]) -> str:
    """A header whatever the order of its columns."""
    return hashlib.sha256("\n".join(sorted(filter(None, names))).encode()).hexdigest()[:32]


def _matched(layout: Layout, names: Sequence[str], title: str, deep: int) -> dict[int, str] | None:
    if deep > layout.header_rows or layout.matrix:
        return None
    if layout.says and not any(said in title for said in layout.says):
        return None
    known = layout.names()
    if any(name in names for name in layout.never):
        return None
    found: dict[int, str] = {}
    for place, name in enumerate(names):
        field = known.get(name)
        if field is not None and field not in found.values():
            found[place] = field
    return found if set(layout.needs) <= set(found.values()) else None


def days_in(words: str) -> list[date]:
    """Every day that words name, in their order, each once."""
    return list(dict.fromkeys(day for _, _, day in _places_of_days(fold(words))))


def _places_of_days(folded: str) -> list[tuple[int, int, date]]:
    """(begin, end, day) of each day, in their order."""
    found: list[tuple[int, int, date]] = []
    for pattern, places in _DAYS:
        for one in pattern.finditer(folded):
            year, month, day = (int(one[place]) for place in places)
            try:
                found.append((one.start(), one.end(), date(year, month, day)))
            except ValueError:
                continue
    return sorted(found)


@dataclass(frozen=True, slots=True)
class SaidDays:
    """Days that words name, by what they are: ``plain``; ``until``: ends of a span, or how far a list looks; ``printed``: of
    printing and export. Beginnings of a span are none of them."""

    plain: tuple[date, ...] = ()
    until: tuple[date, ...] = ()
    printed: tuple[date, ...] = ()


def said_days(words: str) -> SaidDays:
    """The days of a title or a name: "Từ 01/10/2026 đến 31/10/2026. Ngày in: 02/11/2026" says 31/10 and was printed on 02/11."""
    folded = fold(words)
    kinds: list[tuple[str, date]] = []
    last = 0
    for begin, end, day in _places_of_days(folded):
        before = _CLOCK.sub(" ", folded[last:begin].replace("_", " "))
        if _PRINTED.search(before):
            kinds.append(("printed", day))
        elif _UNTIL.search(before) or (_DASH.fullmatch(before) and kinds and kinds[-1][1] < day):
            if kinds and (kinds[-1][0] == "from" or _ONLY_UNTIL.fullmatch(before)):
                kinds.pop()
            kinds.append(("until", day))
        else:
            kinds.append(("from" if _FROM.search(before) else "plain", day))
        last = end
    by = {kind: tuple(day for one, day in kinds if one == kind) for kind, _ in kinds}
    # A span without an end says a day as any other words do.
    plain = tuple(day for kind, day in kinds if kind in ("plain", "from"))
    return SaidDays(plain, by.get("until", ()), by.get("printed", ()))


def day_said(layout: Layout, title: str, name: str) -> tuple[date | None, str]:
    """(day of the figures, "title" or "name") by the words above a table, else by its file's name; None where neither says
    it. The day of printing is not it, and the last day of a list of what falls due is how far the list looks."""
    above, called = said_days(title), said_days(name)
    if layout.horizon:
        above, called = replace(above, until=()), replace(called, until=())
    if found := above.until or above.plain:
        return found[-1], "title"
    # Of two days in a name the later is that of the export; one alone, whatever it says it is, is all there is.
    if found := called.until or called.plain or called.printed:
        return min(found), "name"
    return None, ""


def export_day_after(name: str, day: date) -> date | None:
    """The day of export that a file's name says beside its day of figures: the file may hold movements after closing."""
    said = said_days(name)
    later = [one for one in (*said.plain, *said.printed) if one > day]
    return max(later, default=None)


def office_in(name: str) -> str:
    """The office's code in a file's name, "" when it has none; "4820_…" is 004820, the year of a day is no office."""
    found = _OFFICE.search(_without_days(name))
    return f"00{found[1] or found[2]}" if found else ""


def _without_days(name: str) -> str:
    for begin, end, _ in reversed(_places_of_days(name)):
        name = f"{name[:begin]} {name[end:]}"
    return name
