"""10,000 results made before law became data of the engine (11/2026), on days before 1/12/2025: the same to the byte.

Left out: where the figures come from (`sources`, a refusal's `basis`). Where a result is not the same, the referee says
why: with some corrections taken back it gives the old result, with all of them in force the new one. No engine is asked.
"""

from __future__ import annotations

import gzip
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import referee
from referee import FIELDS, SOMETIMES, Refused, refer

from tdcs.loans.rules.project import project_lines

BEFORE = Path(__file__).parent / "before"
# decree: social housing at 5.4% from 10/10/2025, running contracts too. holiday: a session on a public holiday counts on
# the next working day. nothing: no instalment of 0. maximum: buying a house has no absolute one.
REASONS = ("decree", "holiday", "nothing", "maximum")


def lines(name: str) -> list[bytes]:
    return gzip.decompress((BEFORE / f"{name}.jsonl.gz").read_bytes()).splitlines()


def as_kept(result: dict[str, Any]) -> str:
    """A result as the file holds it."""
    kept = {name: value for name, value in result.items() if name != "sources"}
    if "error" in kept:
        kept["error"] = {name: words for name, words in kept["error"].items() if name != "basis"}
    return json.dumps(kept, separators=(",", ":"), ensure_ascii=False)


@contextmanager
def undone(reasons: tuple[str, ...]) -> Iterator[None]:
    """The referee without some corrections."""
    referee.UNDONE.update(reasons)
    referee.decisive_day.cache_clear()
    try:
        yield
    finally:
        referee.UNDONE.clear()
        referee.decisive_day.cache_clear()


def figures(result: dict[str, Any]) -> dict[str, Any]:
    """What the referee says too: all figures, or the code of a refusal."""
    if "error" in result:
        return {"refused": result["error"]["code"]}
    return {name: result.get(name) for name in (*FIELDS, *SOMETIMES)}


def by_referee(case: dict[str, Any]) -> dict[str, Any]:
    try:
        return figures(refer(case))
    except Refused as refusal:
        return {"refused": refusal.code}


def reasons_of(case: dict[str, Any], old: dict[str, Any]) -> tuple[str, ...] | None:
    """The fewest corrections without which the referee gives the old result; None where none explain it."""
    for count in range(1, len(REASONS) + 1):
        for reasons in itertools.combinations(REASONS, count):
            with undone(reasons):
                if by_referee(case) == old:
                    return reasons
    return None


def test_results_are_as_before_but_for_the_corrections() -> None:
    given, before = lines("loans"), [line.decode() for line in lines("results")]
    assert len(given) == len(before) == 10_000
    now = project_lines(given)
    differing = [at for at in range(len(given)) if as_kept(now[at]) != before[at]]
    counts: Counter[str] = Counter()
    unexplained = []
    for at in differing:
        case = json.loads(given[at])
        assert max(case["as_of"], case["disbursed_on"]) < "2025-12-01"
        reasons = reasons_of(case, figures(json.loads(before[at])))
        if reasons is None or by_referee(case) != figures(now[at]):
            unexplained.append((at, reasons))
            continue
        counts.update(reasons)
    print(f"{len(differing)} of {len(given)} results differ:", dict(counts))
    assert not unexplained, (len(unexplained), unexplained[:3], given[unexplained[0][0]])
    assert set(counts) == set(REASONS), counts
    assert len(differing) < 1000


def test_the_corrections_are_in_force_again() -> None:
    """What one test takes back is no other test's rule."""
    assert not referee.UNDONE
    with undone(("holiday",)):
        assert "holiday" in referee.UNDONE
    assert not referee.UNDONE
