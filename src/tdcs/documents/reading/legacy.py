"""Text of before Unicode: TCVN3 (ABC fonts) and VNI-Windows, as bytes or as the Latin letters they look like.

Each table is tried, and the one that yields the most Vietnamese words is taken; text already in Unicode stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

# TCVN 5712-3: the letter for each code, in the order of the codes.
_TCVN3_CODES: Final = (
    "\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xb5\xb6\xb7\xb8\xb9\xbb\xbc\xbd\xbe\xc6\xc7\xc8\xc9\xca\xcb"
    "\xcc\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee"
    "\xef\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe"
)
_TCVN3_LETTERS: Final = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3: Final = dict(zip(map(ord, _TCVN3_CODES), _TCVN3_LETTERS, strict=True))

# VNI-Windows: a letter and a mark behind it; ơ, ư, i, ỵ and đ have codes of their own.
_MARKS: Final = "ùøûõï"
_ROUND: Final = "âáàåãä"
_SHORT: Final = "êéèúüë"


def _vni() -> dict[str, str]:
    table: dict[str, str] = {}
    for base, plain in (
        ("a", "áàảãạ"),
        ("e", "éèẻẽẹ"),
        ("o", "óòỏõọ"),
        ("u", "úùủũụ"),
        ("y", "ýỳỷỹ"),
    ):
        table.update({base + mark: made for mark, made in zip(_MARKS, plain, strict=False)})
    for base, hatted in (("a", "âấầẩẫậ"), ("e", "êếềểễệ"), ("o", "ôốồổỗộ")):
        table.update({base + mark: made for mark, made in zip(_ROUND, hatted, strict=True)})
    table.update({"a" + mark: made for mark, made in zip(_SHORT, "ăắằẳẵặ", strict=True)})
    for code, horned in (("ô", "ơớờởỡợ"), ("ö", "ưứừửữự")):
        table[code] = horned[0]
        table.update({code + mark: made for mark, made in zip(_MARKS, horned[1:], strict=True)})
    table.update({"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"})
    return table


_VNI: Final = _vni()
_VNI_SIGNS = re.compile(
    "|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)), re.IGNORECASE
)
# Letters that only Vietnamese text in Unicode holds.
_UNICODE = re.compile(r"[\u1ea0-\u1ef9ăĂơƠưƯđĐ]")
# Rows of signs say nothing about letters.
_RULES = re.compile(r"[^\w\s]{9,}")
_LATIN = re.compile(r"[\xa1-\xff]")
_COMMON = re.compile(
    r"\b(?:nhân dân|ủy ban|kế hoạch|số|ngày|tháng|năm|của|và|các|nhiệm vụ|thực hiện|tỉnh|huyện|xã|đơn vị|chủ trì"
    r"|phối hợp|thời gian|tổ chức|báo cáo|sở|phòng|được|trước|đến|với)\b",
    re.IGNORECASE,
)


def modern(text: str) -> str:
    """The text in Unicode letters; unchanged when it already is, or when no table makes Vietnamese of it."""
    return converter(text)(text)


def converter(text: str) -> Callable[[str], str]:
    """How to bring a text to Unicode, by all of its letters: each of its parts may be too short to tell."""
    sample = _RULES.sub(" ", text[:200_000])
    if len(_LATIN.findall(sample)) < 8 or len(_UNICODE.findall(sample)) > 20:
        return str
    tables: tuple[Callable[[str], str], ...] = (str, from_tcvn3, from_vni)
    best = max(tables, key=lambda convert: common_words(convert(sample)))
    return best if common_words(best(sample)) >= 3 else str


def common_words(text: str) -> int:
    """How many of the commonest Vietnamese words of official papers stand in a text."""
    return len(_COMMON.findall(text[:200_000]))


def from_tcvn3(text: str) -> str:
    """Capital letters with accents have no codes: a line or a word of capitals gives its case to them."""
    lines = tcvn3_letters(text).split("\n")
    made = []
    for before, line in zip(["", *lines], lines, strict=False):
        fresh = not before.strip() or before.isupper() or before.rstrip().endswith((".", ";", ":"))
        lettered = re.match(r"[a-zđ]\)", line)
        made.append(line[:1].upper() + line[1:] if fresh and not lettered else line)
    return "\n".join(made).replace("ủy ban nhân dân", "Ủy ban nhân dân")


def tcvn3_letters(text: str) -> str:
    """The letters alone, for cells of a table: a line begins as it was written."""
    return "\n".join(_one_case(line) for line in text.translate(_TCVN3).split("\n"))


def _one_case(line: str) -> str:
    plain = [sign for sign in line if sign.isascii() and sign.isalpha()]
    if plain and all(sign.isupper() for sign in plain):
        return line.upper()
    return re.sub(r"\w+", _word_case, line)


def _word_case(found: re.Match[str]) -> str:
    word = found.group()
    plain = [sign for sign in word if sign.isascii() and sign.isalpha()]
    return word.upper() if len(plain) > 1 and all(sign.isupper() for sign in plain) else word


def from_vni(text: str) -> str:
    """Each letter with its mark becomes one letter; its case is that of the letter."""

    def letter(found: re.Match[str]) -> str:
        signs = found.group()
        made = _VNI[signs.lower()]
        return made.upper() if signs[0].isupper() else made

    return _VNI_SIGNS.sub(letter, text)
