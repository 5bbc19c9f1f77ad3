"""The reference plan, damaged in many ways: the reader never fails and never invents a unit."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tdcs.core.errors import Refusal
from tdcs.core.text import fold
from tdcs.organisations import catalogue
from tdcs.plans.reading import read_plan
from tdcs.plans.reading.vocabulary import tokens_of

DAMAGES = ("drop", "join", "bare", "split", "swap", "shuffle", "cut")


def _bare(line: str) -> str:
    """The line without accents, as bad recognition gives it; case is kept."""
    letters = (c for c in unicodedata.normalize("NFD", line) if not unicodedata.combining(c))
    return "".join(letters).replace("đ", "d").replace("Đ", "D")


def _damage(text: str, kinds: list[str], seed: int) -> str:
    luck = random.Random(seed)
    lines = text.splitlines()
    for kind in kinds:
        at = luck.randrange(max(1, len(lines) - 1))
        if kind == "drop":
            del lines[at : at + luck.randint(1, 4)]
        elif kind == "join" and at + 1 < len(lines):
            lines[at] += " " + lines.pop(at + 1)
        elif kind == "bare":
            lines[at:] = [_bare(line) if luck.random() < 0.3 else line for line in lines[at:]]
        elif kind == "split":
            lines = [
                half
                for line in lines
                for half in (
                    (line[:40], line[40:]) if len(line) > 40 and luck.random() < 0.2 else (line,)
                )
            ]
        elif kind == "swap":
            table = str.maketrans({"l": "1", "i": "l"})
            lines = [line.translate(table) if luck.random() < 0.05 else line for line in lines]
        elif kind == "shuffle":
            part = lines[at : at + 8]
            luck.shuffle(part)
            lines[at : at + 8] = part
        elif kind == "cut":
            lines = lines[: luck.randint(len(lines) // 2, len(lines))]
        lines = lines or [""]
    return "\n".join(lines)


def _stands_in(name: str, text: str) -> bool:
    """Whether the name's words stand in the words it was read from, signs and spaces aside."""
    squash = lambda words: "".join(t.folded for t in tokens_of(words) if t.folded.isalnum())  # noqa: E731
    return squash(name) in squash(text)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(kinds=st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=6), seed=st.integers(0, 10**6))
def test_never_fails_and_never_invents(reference_plan: Path, kinds: list[str], seed: int) -> None:
    text = _damage(reference_plan.read_text(encoding="utf-8"), kinds, seed)
    try:
        reading = read_plan(text.encode())
    except Refusal:
        return
    body = fold(" ".join(text.split()))
    for task in reading.tasks:
        for unit in (*task.lead, *task.perform, *task.coordinate):
            assert fold(" ".join(unit.words.split())) in body
            if not unit.unit or unit.fuzzy:
                continue
            entry = catalogue.entries()[unit.unit]
            names = (entry.name, *entry.aliases, *entry.bare)
            heads = ("", "so ", "phong ", "hoi ", "ban ", "cong an ")
            said = [head + unit.words for head in heads]
            assert any(_stands_in(n, s) for n in names for s in said) or unit.area, (unit, names)


@pytest.mark.parametrize("seed", range(6))
def test_lost_accents_lose_no_task(reference_plan: Path, seed: int) -> None:
    text = _damage(reference_plan.read_text(encoding="utf-8"), ["bare"], seed)
    assert len(read_plan(text.encode()).tasks) == 24


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=3000))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        reading = read_plan(text.encode("utf-8", "ignore"))
    except Refusal:
        return
    assert reading.tasks
