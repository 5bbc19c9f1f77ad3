"""Words of unit names: tokens, long forms brought to one, level and place words, fillers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from tdcs.core.text import fold
from tdcs.organisations.packaged import listed

TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+)*|[;,:/()+.\-–]", re.UNICODE)
# Names that documents write long or short, brought to one short token before matching.
SHORT: Final[tuple[tuple[str, str], ...]] = (
    ("uy ban nhan dan", "ubnd"),
    ("uy ban mat tran to quoc viet nam", "mttq"),
    ("uy ban mat tran to quoc", "mttq"),
    ("mat tran to quoc viet nam", "mttq"),
    ("mat tran to quoc", "mttq"),
    ("ubmttq viet nam", "mttq"),
    ("ubmttqvn", "mttq"),
    ("ubmttq", "mttq"),
    ("hoi dong nhan dan", "hdnd"),
    ("hoi dong quan tri", "hdqt"),
    ("ngan hang chinh sach xa hoi", "nhcsxh"),
    ("ngan hang csxh", "nhcsxh"),
    ("nhcs xh", "nhcsxh"),
    ("chinh tri xa hoi", "ctxh"),
    ("ct xh", "ctxh"),
    ("tiet kiem va vay von", "tkvv"),
    ("tiet kiem vay von", "tkvv"),
    ("tk&vv", "tkvv"),
    ("thanh nien cong san ho chi minh", "tncshcm"),
    ("tncs ho chi minh", "tncshcm"),
    ("tncs hcm", "tncshcm"),
    ("ban dai dien", "bdd"),
    ("lien hiep phu nu", "lhpn"),
    ("phat trien nong thon", "ptnt"),
)
LEVEL_WORDS: Final = {
    "tinh": "province", "huyen": "district", "xa": "commune", "phuong": "commune", "tw": "central",
}  # fmt: skip
PLACE_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("thanh pho", "district"),
    ("thi xa", "district"),
    ("thi tran", "commune"),
    ("tinh", "province"),
    ("huyen", "district"),
    ("quan", "district"),
    ("phuong", "commune"),
    ("dac khu", "commune"),
    ("xa", "commune"),
)
# Cities that stand under the centre, at any time.
CITIES: Final = frozenset(
    fold(named.name)
    for names in listed().names.values()
    for named in names
    if named.word == "thành phố"
)
JOINTS: Final = frozenset({",", ";", "va", "/", ":", "+", "-", "–", "."})
# Words that stand around names without naming anybody.
FILLERS: Final = frozenset(
    [
        "cac",
        "va",
        "cua",
        "cung",
        "voi",
        "la",
        "tai",
        "o",
        "tren",
        "dia",
        "ban",
        "dong",
        "gom",
        "nhu",
        "mot",
        "so",
        "theo",
        "do",
        "giao",
        "yeu",
        "cau",
        "de",
        "nghi",
        "thu",
        "truong",
        "lanh",
        "dao",
        "chu",
        "tich",
        "pho",
        "phan",
        "cong",
        "chu",
        "tri",
        "phoi",
        "hop",
        "thuc",
        "hien",
        "trang",
        "tin",
        "dien",
        "tu",
        "thong",
        "tin",
        "don",
        "vi",
        "to",
        "chuc",
        "co",
        "quan",
        "nganh",
        "chuc",
        "nang",
        "lien",
        "quan",
        "co",
        "khac",
        "moi",
        "nguoi",
        "dung",
        "dau",
        "dia",
        "phuong",
        "ban",
        "tren",
        "voi",
        "don",
        "thanh",
        "vien",
        "hoi",
        "dong",
        "quan",
        "tri",
        "cap",
        "giam",
        "doc",
        "truong",
        "nhan",
        "uy",
        "thac",
        "tinh",
        "huyen",
        "xa",
        "thanh",
        "pho",
        "viet",
        "nam",
        "thi",
        "phuong",
        "tran",
        "khoi",
        "nhung",
        "tung",
        "ca",
        "hai",
        "bo",
        "phan",
        "phu",
        "trach",
        "lai",
        "vv",
        "etc",
        "thuoc",
    ]
)
HEADS: Final = ("so", "phong", "hoi", "ban", "cong an")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign: folded, as written, and where it stands."""

    folded: str
    raw: str
    start: int
    end: int


def tokens_of(words: str) -> list[Token]:
    """The tokens of some words, long forms shortened."""
    raw = [Token(fold(m.group()), m.group(), m.start(), m.end()) for m in TOKEN.finditer(words)]
    return _shorten(raw)


def _shorten(tokens: list[Token]) -> list[Token]:
    """Replace long forms by one token each, hyphens inside them ignored."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        for parts, short in _short_forms().get(tokens[at].folded, ()):
            after = run(tokens, at, parts)
            if after:
                raw = tokens[at].raw
                out.append(Token(short, raw, tokens[at].start, tokens[after - 1].end))
                at = after
                break
        else:
            out.append(tokens[at])
            at += 1
    return out


@cache
def _short_forms() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    forms: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for long, short in SHORT:
        parts = tuple(long.split())
        forms.setdefault(parts[0], []).append((parts, short))
    for row in forms.values():
        row.sort(key=lambda pair: -len(pair[0]))
    return forms


def run(tokens: list[Token], at: int, parts: tuple[str, ...], *, signs: str = "-–,") -> int:
    """Index after ``parts`` when they stand at ``at`` (signs between them ignored), else 0."""
    for number, part in enumerate(parts):
        while number and at < len(tokens) and tokens[at].folded in signs:
            at += 1
        if at >= len(tokens) or tokens[at].folded != part:
            return 0
        at += 1
    return at
