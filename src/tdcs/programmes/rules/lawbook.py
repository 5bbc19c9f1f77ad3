"""The law's files as they stand: every dated value with where it lies, every legal text, and what is wrong with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from tdcs.core import law
from tdcs.core.basis import Basis
from tdcs.core.dated import (
    BOTH,
    CERTAINTIES,
    REACHES,
    RUNNING,
    UNVERIFIED,
    DatedRow,
    Parameter,
    Value,
    read_value,
)
from tdcs.programmes.rules.figures import covers, figures
from tdcs.programmes.rules.law_rows import (
    AmountName,
    Book,
    FigureName,
    FiguresRow,
    KindRow,
    LineRow,
    TextRow,
)
from tdcs.programmes.rules.overlays import LOCAL, RULES, entries

SHARED_FILES: Final = ("loans", "oversight")
_REQUIRED: Final = ("document", "article", "source", "certainty", "from")
_AMOUNTS: Final[tuple[AmountName, ...]] = ("ppm", "multiple", "value", "months")
_FIGURES: Final[tuple[FigureName, ...]] = (
    "rate",
    "maximum",
    "term",
    "monthly",
    "regime",
    "overdue_rate",
)
_LINKS: Final[tuple[Literal["amends", "replaces"], ...]] = ("amends", "replaces")
# A code such as S16, P, U or T3 points to a file that does not ship.
_CODE: Final = re.compile(r"^[A-Z]{1,2}\d*$")


@dataclass(frozen=True, slots=True)
class Document:
    """A legal text: ``label`` is its number, or its title where it has none."""

    code: str
    number: str
    title: str
    issued_on: date | None
    in_force_on: date | None
    last_checked: str
    certainty: str
    source: str
    ends_on: date | None = None

    @property
    def label(self) -> str:
        return self.number or self.title


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about the law's data; ``error`` when it must be put right."""

    kind: str
    where: str
    words: str
    error: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One dated value as written, and where it lies."""

    where: str
    series: str
    content: DatedRow


@law.remembered
def documents() -> Mapping[str, Document]:
    """Every legal text that ships, by code."""
    return {
        row["code"]: Document(
            row["code"],
            row["number"],
            row["title"],
            row["issued_on"],
            row["in_force_on"],
            row["last_checked"],
            row["certainty"],
            row["source"],
            row.get("ends_on"),
        )
        for row in _texts()
    }


def cite(value: Value) -> str:
    """A value's basis as screens print it: "Điều 1, 12/QĐ-HĐQT"."""
    return cite_basis(Basis(value.document, value.article))


def cite_basis(basis: Basis) -> str:
    """A rule's basis as ``cite`` prints a value's."""
    found = documents().get(basis.document)
    return ", ".join(filter(None, (basis.article, found.label if found else basis.document)))


def read_book() -> Book:
    """The law's files by name; documents is a list, cited holds every word that may name a text."""
    shared: dict[str, list[DatedRow]] = {}
    for name in SHARED_FILES:
        shared |= law.load(f"parameters/{name}.yaml")
    return {
        "documents": _texts(),
        "programmes": law.load("parameters/programmes.yaml"),
        "shared": shared,
        "entrustment": law.load("parameters/entrustment.yaml"),
        "kinds": law.load("parameters/eligibility.yaml")["kinds"],
        "lines": law.load("parameters/poverty_lines.yaml")["lines"],
        "provinces": {name: entries(name) for name in law.provinces()},
        "not_encoded": law.load("not_encoded.yaml"),
        "cited": _cited(),
    }


def _texts() -> list[TextRow]:
    folder = law.path("documents")
    return [
        row for file in sorted(folder.glob("*.yaml")) for row in law.load(f"documents/{file.name}")
    ]


def _cited() -> set[str]:
    """Every word of the law's other files: what is not among them is cited by nobody."""
    words: set[str] = set()
    for file in law.root().rglob("*.yaml"):
        relative = file.relative_to(law.root()).as_posix()
        if not relative.startswith("documents/"):
            words |= set(_strings(law.load(relative)))
    for file in law.root().rglob("*.csv"):
        for line in file.read_text(encoding="utf-8").splitlines():
            words |= set(line.replace('"', "").split(","))
    return words


def _strings(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from _strings(value)


def rows(book: Book) -> Iterator[Row]:
    """Every dated value of the book."""
    for code, programme in book["programmes"].items():
        yield from _programme_rows(code, programme)
        for group, own in (programme.get("target_groups") or {}).items():
            yield from _programme_rows(f"{code}/{group}", own)
    for name, values in book["shared"].items():
        for value in values:
            yield Row(f"{name} {value.get('from')}", name, value)
    for province, held in book["provinces"].items():
        for entry in held:
            series = f"{province} {'+'.join(entry['programmes'])} {entry.get('limit') or entry['figure']}"
            for value in entry["rows"]:
                yield Row(f"{series} {value.get('from')}", series, value)
    # A rating or a split is more than one number; what is checked here is its period and its basis.
    for name, values in book["entrustment"].items():
        for value in values:
            yield Row(f"{name} {value.get('from')}", name, {**value, "value": 0})


def _programme_rows(where: str, row: FiguresRow) -> Iterator[Row]:
    for figure in _FIGURES:
        for value in row.get(figure, ()):
            yield Row(f"{where} {figure} {value.get('from')}", f"{where} {figure}", value)
    for name, values in (row.get("limits") or {}).items():
        for value in values:
            yield Row(f"{where} {name} {value.get('from')}", f"{where} {name}", value)


def findings(book: Book) -> list[Finding]:
    """What is wrong or unconfirmed: errors first."""
    known = {row["code"]: row for row in book["documents"]}
    series: dict[str, list[Row]] = {}
    found: list[Finding] = []
    for row in rows(book):
        faults = list(_row_faults(row, known))
        found += faults
        if not any(fault.kind == "no_basis" for fault in faults):
            series.setdefault(row.series, []).append(row)
    for name, held in series.items():
        found += [
            Finding("time", name, words, error=True) for words in _parameter(name, held).faults()
        ]
    found += _multiple_faults(book)
    found += _overlay_faults(book)
    found += _not_encoded_faults(book)
    found += _entry_faults(book, known)
    found += _document_faults(book, known)
    return sorted(found, key=lambda one: (not one.error, one.kind))


def _row_faults(row: Row, known: Mapping[str, TextRow]) -> Iterator[Finding]:
    content = row.content
    missing = [name for name in _REQUIRED if content.get(name) is None]
    if not content.get("document") and "document" not in missing:
        missing.append("document")
    if not any(name in content for name in _AMOUNTS):
        missing.append("value")
    if missing:
        yield Finding("no_basis", row.where, f"thiếu {', '.join(missing)}", error=True)
        return
    text = known.get(content["document"])
    if text is None:
        words = f"căn cứ {content['document']} không có trong law/documents"
        yield Finding("dangling", row.where, words, error=True)
    elif text["in_force_on"] and content["from"] < text["in_force_on"]:
        words = f"bắt đầu trước ngày hiệu lực {text['in_force_on']} của {text['number'] or text['title']}"
        yield Finding("before_text", row.where, words, error=False)
    yield from _certainty_faults(row.where, content, content["article"])


def _certainty_faults(
    where: str, content: Mapping[str, object], article: str | None
) -> Iterator[Finding]:
    """The word of certainty, the name of the source, the article or why there is none."""
    if content.get("certainty") not in CERTAINTIES:
        words = f"độ chắc chắn “{content.get('certainty')}” không phải là {', '.join(CERTAINTIES)}"
        yield Finding("bad_word", where, words, error=True)
    if content.get("reach", REACHES[0]) not in REACHES:
        words = f"phạm vi “{content['reach']}” không phải là {', '.join(REACHES)}"
        yield Finding("bad_word", where, words, error=True)
    source = str(content.get("source") or "")
    if not source or _CODE.match(source):
        yield Finding("no_source", where, f"nguồn “{source}” không phải là tên gọi", error=True)
    if article is not None and not article and not content.get("no_article"):
        words = "không nêu điều khoản mà cũng không nói vì sao"
        yield Finding("no_article", where, words, error=True)
    if content.get("certainty") == UNVERIFIED:
        yield Finding("unverified", where, f"nguồn: {source}", error=False)


def shares(book: Book) -> dict[str, int]:
    """How many dated values stand under each word of certainty."""
    counted = Counter(row.content.get("certainty") for row in rows(book))
    return {word: counted[word] for word in CERTAINTIES}


def _parameter(name: str, held: list[Row]) -> Parameter:
    def amount(content: DatedRow) -> int:
        return int(next(content[key] for key in _AMOUNTS if key in content))

    return Parameter(name, [read_value(row.content, amount(row.content), "") for row in held])


def _multiple_faults(book: Book) -> Iterator[Finding]:
    """A percent of the poor-household rate must come out whole: it is never rounded."""
    poor = book["programmes"].get("HN")
    base = poor.get("rate", []) if poor is not None else []
    for row in rows(book):
        content = row.content
        percent, starts, ends = content.get("multiple"), content.get("from"), content.get("to")
        if percent is None or starts is None:
            continue
        for value in base:
            # A base that reaches running loans is multiplied by every contract signed before it, ended or not.
            reaches = value.get("reach") in (RUNNING, BOTH)
            ended = ends is not None and value["from"] >= ends and not reaches
            until = value.get("to")
            apart = ended or (until is not None and until <= starts)
            if not apart and value["ppm"] * percent % 100:
                words = f"{percent}% của {value['ppm']} phần triệu không tròn số"
                yield Finding("not_whole", row.where, words, error=True)


def _overlay_faults(book: Book) -> Iterator[Finding]:
    """What a province sets names programmes and target groups that there are, a rule and a tier that there are."""
    for province, held in book["provinces"].items():
        for entry in held:
            for whom in entry["programmes"]:
                code, _, group = whom.partition("/")
                known = book["programmes"].get(code)
                if known is None or (group and group not in (known.get("target_groups") or {})):
                    words = f"{province}: không có chương trình hoặc nhóm {whom}"
                    yield Finding("dangling", province, words, error=True)
            if entry["rule"] not in RULES or entry["tier"] != LOCAL:
                words = f"{entry['tier']}, {entry['rule']}: không phải nguồn vốn, quy tắc đã biết"
                yield Finding("bad_word", province, words, error=True)


def _not_encoded_faults(book: Book) -> Iterator[Finding]:
    """A figure that no computation uses yet is a figure there is, with its reason."""
    known = list(figures())
    for name, reason in book["not_encoded"].items():
        if not any(covers(name, figure) for figure in known):
            yield Finding("dangling", name, "not_encoded: không có con số này", error=True)
        if not reason:
            yield Finding("no_reason", name, "not_encoded: thiếu lý do", error=True)


def _entry_faults(book: Book, known: Mapping[str, TextRow]) -> Iterator[Finding]:
    """Kinds of eligibility and poverty lines: their basis, and kinds that a programme names in vain."""
    entries: list[tuple[str, KindRow | LineRow]] = [
        (f"eligibility {code}", row) for code, row in book["kinds"].items()
    ]
    entries += [
        (f"poverty_line {row['standard']} {row['starts_on']}", row) for row in book["lines"]
    ]
    for where, row in entries:
        document = (row.get("basis") or {}).get("document")
        if not document:
            yield Finding("no_basis", where, "thiếu căn cứ", error=True)
        elif document not in known:
            words = f"căn cứ {document} không có trong law/documents"
            yield Finding("dangling", where, words, error=True)
        yield from _certainty_faults(where, row, (row.get("basis") or {}).get("article", ""))
    for code, programme in book["programmes"].items():
        named = (
            *programme["kinds"],
            *programme.get("also", ()),
            *programme.get("not_kinds", ()),
        )
        for kind in named:
            if kind not in book["kinds"]:
                words = f"đối tượng {kind} không có trong eligibility.yaml"
                yield Finding("dangling", code, words, error=True)


def _document_faults(book: Book, known: Mapping[str, TextRow]) -> Iterator[Finding]:
    used = set(book["cited"])
    used |= {row.content.get("document", "") for row in rows(book)}
    for text in book["documents"]:
        for link in _LINKS:
            other = text.get(link)
            if other:
                used.add(other)
                if other not in known:
                    words = f"{link}: {other} không có trong law/documents"
                    yield Finding("dangling", text["code"], words, error=True)
    for code, text in known.items():
        if not text.get("last_checked"):
            yield Finding("no_basis", code, "thiếu last_checked", error=True)
        if code not in used:
            yield Finding("uncited", code, f"không nơi nào dẫn {text['number']}", error=True)
        yield from _certainty_faults(code, text, None)
