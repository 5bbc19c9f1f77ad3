"""Legal bases as a document cites them: "Căn cứ Chỉ thị số 39-CT/TW ngày 30/10/2024 về nâng cao hiệu quả …"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from tdcs.documents import numbers
from tdcs.programmes.rules.lawbook import Document

# What the letters of a number say that the text is (NĐ 30/2020, annex III); the first that fits.
_KINDS: Final = (
    (re.compile(r"/QH\d+$"), ""),
    (re.compile(r"NQ"), "Nghị quyết"),
    (re.compile(r"NĐ"), "Nghị định"),
    (re.compile(r"QĐ"), "Quyết định"),
    (re.compile(r"TT"), "Thông tư"),
    (re.compile(r"CT"), "Chỉ thị"),
    (re.compile(r"KL"), "Kết luận"),
    (re.compile(r"KH(?!NV)"), "Kế hoạch"),
    (re.compile(r"HD"), "Hướng dẫn"),
    (re.compile(r"."), "Văn bản"),
)


def cited_lines(codes: Sequence[str], known: Mapping[str, Document]) -> list[str]:
    """A line for each text, in the order in which they were chosen; one that the library no longer holds is left out."""
    return [cited(known[code]) for code in codes if code in known]


def cited(one: Document) -> str:
    """The line of one text."""
    kind = next(words for pattern, words in _KINDS if pattern.search(one.number))
    title = one.title
    if not kind or title.startswith(kind):
        named, about = title.removeprefix(kind).strip() if kind else title, ""
    else:
        named, about = title, "về "
    if about:
        named = named[0].lower() + named[1:] if named[1:2].islower() else named
    day = f" ngày {numbers.date_short(one.issued_on)}" if one.issued_on else ""
    if not kind:
        return f"Căn cứ {named} số {one.number}{day}"
    return f"Căn cứ {kind} số {one.number}{day} {about}{named}".strip()
