"""A form as data: its number and title, and the blocks that stand below one another. Templates hold ``{path|filter}``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tdcs.documents.columns import Kind

Paper = Literal["portrait", "landscape"]
Header = Literal["nation", "issuer"]
Role = Literal["field", "text", "heading", "addressee", "basis", "note", "centre", "unit"]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """Words with holes; a hole without a value becomes dots, up to the line's end when nothing follows it."""

    role: Role
    template: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Two to four lines side by side; ``shares`` of the width."""

    templates: tuple[str, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """A label and boxes; those whose key is the value, or among the values, are ticked."""

    label: str
    value: str
    choices: tuple[tuple[str, str], ...]
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a table; ``total``: its figures are summed in the last row."""

    title: str
    key: str
    kind: Kind = "text"
    total: bool = False
    group: str = ""
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of the context's rows; at least ``least`` rows are drawn, the rest blank to write in."""

    rows: str
    columns: tuple[FormColumn, ...]
    total: str = ""
    least: int = 0
    empty: str = "Không có số liệu."


@dataclass(frozen=True, slots=True)
class Signer:
    """``before``: place and day above the title; ``under``: "(Ký, ghi rõ họ tên)"."""

    title: str
    under: str = "(Ký, ghi rõ họ tên)"
    name: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """One to four signers side by side, never divided over two pages."""

    signers: tuple[Signer, ...]


Block = PrintedLine | Beside | Checks | Listing | Signatures


@dataclass(frozen=True, slots=True)
class Entry:
    """A block, shown only when the value of ``when`` is there and not false."""

    block: Block
    when: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """``confirmed``: whether the layout was checked against the issued text; ``subjects``: what it is filled from."""

    number: str
    title: str
    subtitle: str
    basis: str
    confirmed: bool
    subjects: tuple[str, ...]
    paper: Paper
    header: Header
    parent: str
    issuer: str
    reference: str
    place: str
    size: float
    blocks: tuple[Entry, ...]
