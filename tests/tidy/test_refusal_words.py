"""A refusal says the same in both languages, under a code of its own in its room."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from tdcs.core.errors import Refusal

SRC = Path(__file__).resolve().parents[2] / "src"


def _all() -> list[type[Refusal]]:
    """Every refusal of the project; those that only gather others have no words of their own."""
    for file in sorted((SRC / "tdcs").rglob("*.py")):
        if "(Refusal)" in file.read_text(encoding="utf-8"):
            importlib.import_module(".".join(file.relative_to(SRC).with_suffix("").parts))
    found: list[type[Refusal]] = []
    waiting = list(Refusal.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("tdcs.") and "vi" in vars(one):
            found.append(one)
    return sorted(set(found), key=lambda one: (one.__module__, one.__name__))


REFUSALS = _all()


def _fields(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("one", REFUSALS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_both_languages_say_the_same_fields(one: type[Refusal]) -> None:
    assert one.vi and one.en != Refusal.en
    assert _fields(one.vi) == _fields(one.en)
    said = _fields(one.next_step_vi)
    # English may name a place by another field than Vietnamese does.
    assert {name.removesuffix("_en") for name in _fields(one.next_step_en)} <= said
    assert one.vi.endswith((".", "?", "!", "}"))


def test_a_code_means_one_refusal_of_a_room() -> None:
    assert len(REFUSALS) > 150
    shared = Counter((one.__module__.split(".")[1], one.code) for one in REFUSALS)
    assert {code: n for code, n in shared.items() if n > 1} == {}
