"""Which column of a kind an unknown header may be, by its words without accents; only proposed, never taken by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from tdcs.imports.rules.layouts import Layout, layouts

# Below this likeness nothing is proposed.
_LIKE: Final = 0.6
# What clerks write for the same thing.
_WORDS: Final = {
    "khach": "kh",
    "hang": "",
    "chuong": "ct",
    "trinh": "",
    "ngay": "ngay",
    "so": "",
    "tong": "",
    "ten": "ten",
    "ho": "ten",
    "va": "",
    "ku": "khe uoc",
    "hd": "khe uoc",
    "phong": "pgd",
    "giao": "",
    "dich": "",
    "don": "pgd",
    "vi": "",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A field for a column and how alike its name is, in hundredths; "" and 0 for none."""

    field: str
    like: int


def propose(layout: Layout, names: Sequence[str]) -> list[Proposal]:
    """A field for each column, no field twice: the most alike first."""
    known = layout.names()
    scored: list[tuple[float, int, str]] = []
    for place, name in enumerate(names):
        if not name:
            continue
        if name in known:
            scored.append((1.0, place, known[name]))
            continue
        best: dict[str, float] = {}
        for title, field in known.items():
            like = likeness(name, title)
            if like >= _LIKE:
                best[field] = max(like, best.get(field, 0.0))
        scored += [(like, place, field) for field, like in best.items()]
    found = [Proposal("", 0)] * len(names)
    taken: set[str] = set()
    for like, place, field in sorted(scored, key=lambda one: (-one[0], one[1])):
        if not found[place].field and field not in taken:
            found[place] = Proposal(field, round(like * 100))
            taken.add(field)
    return found


def likeness(one: str, other: str) -> float:
    """How alike two names are: the letters of their words, and the words whatever their order."""
    letters = SequenceMatcher(None, one, other).ratio()
    ours, theirs = (_plain(words) for words in (one, other))
    both = len(ours & theirs)
    words = 2 * both / (len(ours) + len(theirs)) if both else 0.0
    return max(letters, words * 0.95)


def _plain(words: str) -> frozenset[str]:
    return frozenset(
        part for word in words.split() for part in _WORDS.get(word, word).split() if part
    )


def kinds_like(names: Sequence[str]) -> list[str]:
    """Kinds by how many of a header's names are theirs or share words with theirs, the likeliest first."""
    words = [_plain(name) for name in names if name]

    def score(layout: Layout) -> float:
        known = layout.names()
        exact = sum(name in known for name in names if name)
        theirs = [_plain(title) for title in known]
        near = sum(any(len(one & other) >= 2 for other in theirs) for one in words)
        # Of kinds alike the one with fewer columns left over.
        return 3 * exact + near - len(layout.columns) / 100

    return [one.kind for one in sorted(layouts(), key=score, reverse=True) if not one.matrix]
