"""Rules, queries and services say what they take and give: ``Any`` stays at the edges, where YAML or Django speak."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tdcs"
LAYERS = {"rules", "queries", "services"}
# So many ``Any`` in a thousand lines are too many; a room below so many lines is counted with the others only.
TOO_MANY = 3
BIG_ROOM = 1_000
_IMPORTS = re.compile(r"^from typing import (?:\([^)]*\)|.*)$", re.MULTILINE)


def _files() -> list[Path]:
    return [
        file
        for file in sorted(SOURCE.rglob("*.py"))
        if LAYERS & {file.stem, *file.relative_to(SOURCE).parts[:-1]}
    ]


def count_any(source: str) -> int:
    """How often ``Any`` is written, but for its import."""
    return len(re.findall(r"\bAny\b", _IMPORTS.sub("", source)))


def too_many(lines: Mapping[str, int], found: Mapping[str, int]) -> dict[str, str]:
    """The rooms, and "all", in which ``Any`` stands too often, with how often in a thousand lines."""
    sums = {
        "all": (sum(lines.values()), sum(found.values())),
        **{room: (n, found[room]) for room, n in lines.items() if n >= BIG_ROOM},
    }
    return {
        name: f"{1000 * many / n:.1f}"
        for name, (n, many) in sums.items()
        if 1000 * many >= TOO_MANY * n
    }


def _worst(files: Iterable[Path]) -> list[tuple[str, int]]:
    counted = Counter(
        {
            file.relative_to(SOURCE).as_posix(): count_any(file.read_text(encoding="utf-8"))
            for file in files
        }
    )
    return counted.most_common(5)


def test_rules_queries_and_services_are_typed() -> None:
    lines: dict[str, int] = defaultdict(int)
    found: dict[str, int] = defaultdict(int)
    for file in _files():
        source = file.read_text(encoding="utf-8")
        room = file.relative_to(SOURCE).parts[0]
        lines[room] += source.count("\n")
        found[room] += count_any(source)
    assert len(lines) > 10
    assert too_many(lines, found) == {}, _worst(_files())


def test_an_import_is_not_counted_and_a_comment_is() -> None:
    source = "from typing import Any, Final\n\nx: dict[str, Any]  # Any of them\n"
    assert count_any(source) == 2
    assert count_any("from typing import (\n    Any,\n    Final,\n)\n") == 0


def test_three_in_a_thousand_lines_are_too_many() -> None:
    assert too_many({"loans": 1_000}, {"loans": 3}) == {"all": "3.0", "loans": "3.0"}
    assert too_many({"loans": 1_000}, {"loans": 2}) == {}
    assert too_many({"loans": 9_000, "capital": 900}, {"loans": 0, "capital": 29}) == {}
    assert too_many({"loans": 9_000, "capital": 1_000}, {"loans": 0, "capital": 3}) == {
        "capital": "3.0"
    }
