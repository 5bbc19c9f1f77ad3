"""Sentences and signs of NĐ 30/2020/NĐ-CP, annex I: what is written, not how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tdcs.core.text import nfc
from tdcs.documents import numbers
from tdcs.documents.official.model import OfficialDocument

NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
END_MARK: Final = "./."

# The letters of list points: Vietnamese order, without ă â ê ô ơ ư (and no f j w z).
LETTERS: Final = "abcdđeghiklmnopqrstuvxy"

# What XML 1.0 does not allow, lone surrogates included, and signs that turn the reading direction.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
    "\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_BREAKS: Final = re.compile(r"[ \t]*(?:\r\n|[\r\n\x85\u2028\u2029])+[ \t]*")
_ENDINGS: Final = " .;,/"


def clean(words: str) -> str:
    """Composed letters without unprintable signs; line breaks become "\\n", tabs spaces."""
    return _BREAKS.sub("\n", _UNPRINTABLE.sub("", nfc(words)).replace("\t", " "))


def one_line(words: str) -> str:
    return clean(words).replace("\n", " ").strip()


def capitals(words: str) -> str:
    return one_line(words).upper()


def roman(number: int) -> str:
    out = ""
    for value, sign in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        count, number = divmod(number, value)
        out += sign * count
    return out


def letter(number: int) -> str:
    """1 → a … 5 → đ … 23 → y, then aa, ab."""
    turn, place = divmod(number - 1, len(LETTERS))
    return (LETTERS[turn - 1] if turn else "") + LETTERS[place]


def number_line(document: OfficialDocument) -> str:
    """ "Số: 05/BC-NHCS"; without a number, room to write one."""
    blank = document.number is None or not str(document.number).strip()
    number = numbers.GAP if blank else numbers.padded(one_line(str(document.number)))
    symbol = one_line(document.symbol).lstrip("/")
    return f"Số: {number}/{symbol}" if symbol else f"Số: {number}"


def place_line(document: OfficialDocument) -> str:
    words = numbers.date_words(document.issued_on, document.year)
    place = one_line(document.place)
    return f"{place}, {words}" if place else words.capitalize()


def subject_of_letter(document: OfficialDocument) -> str:
    subject = one_line(document.subject)
    return subject if subject.casefold().startswith("v/v") else f"V/v {subject}"


def bases(document: OfficialDocument) -> Iterator[str]:
    """Each legal basis on its line, ";" after each and "." after the last."""
    return _listed([one_line(basis) for basis in document.legal_bases], last=".")


def recipients(document: OfficialDocument) -> list[str]:
    """ "- Như trên;" … "- Lưu: VT, KHNV."."""
    filing = one_line(document.filing).removeprefix("Lưu:").strip(_ENDINGS)
    lines = [one_line(name).lstrip("- ") for name in document.recipients]
    lines = [line for line in lines if line]
    if filing:
        lines.append(f"Lưu: {filing}")
    return [f"- {line}" for line in _listed(lines, last=".")]


def addressee_lines(document: OfficialDocument) -> list[str]:
    """One addressee on the line of "Kính gửi:"; several below it, each with "-"."""
    names = [one_line(name).lstrip("- ").rstrip(_ENDINGS) for name in document.addressees]
    names = [name for name in names if name]
    if len(names) == 1:
        return [f"Kính gửi: {names[0]}"]
    return ["Kính gửi:", *(f"- {line}" for line in _listed(names, last="."))] if names else []


def annex_reference(document: OfficialDocument) -> str:
    """ "(Kèm theo Báo cáo số 05/BC-NHCS ngày … của …)" under an annex's title."""
    kind = one_line(document.type_name or "Công văn").capitalize()
    number = number_line(document).removeprefix("Số: ")
    when = numbers.date_words(document.issued_on, document.year)
    return f"(Kèm theo {kind} số {number} {when} của {one_line(document.issuer)})"


def title_of_file(document: OfficialDocument) -> str:
    kind = one_line(document.type_name or "").capitalize()
    return f"{kind}: {one_line(document.subject)}" if kind else subject_of_letter(document)


def ended(words: str) -> str:
    """The last sentence of a document with its end mark."""
    return words.rstrip(_ENDINGS + "\n") + END_MARK


def _listed(lines: Sequence[str], last: str) -> Iterator[str]:
    lines = [bare for line in lines if (bare := line.rstrip(_ENDINGS))]
    for position, line in enumerate(lines, 1):
        yield line + (last if position == len(lines) else ";")
