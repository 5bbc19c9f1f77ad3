"""A function takes at most six things and decides little: what belongs together travels in a record of its own."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from parsed import nodes_of

REPO = Path(__file__).resolve().parents[2]
MOST = 6


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    named = (*given.posonlyargs, *given.args, *given.kwonlyargs)
    return [one.arg for one in named if one.arg not in ("self", "cls")]


def test_no_function_takes_more_than_six_parameters() -> None:
    wide = [
        f"{file.relative_to(REPO)}:{node.lineno} {node.name} {len(names)}"
        for file in sorted((REPO / "src/tdcs").rglob("*.py"))
        if "migrations" not in file.parts
        for node in nodes_of(file)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if len(names := _parameters(node)) > MOST
    ]
    assert wide == []


def test_what_counts_as_a_parameter() -> None:
    """Positional, ordinary and keyword-only ones; not the object itself."""
    source = "class A:\n    def f(self, a, /, b, *rest, c, d=1, **more): ..."
    [function] = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    assert _parameters(function) == ["a", "b", "c", "d"]


def test_the_checker_refuses_a_complexity_above_fifteen() -> None:
    """Counted by ruff as part of `make check`; nothing is exempt."""
    lint = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"][
        "lint"
    ]
    assert "C90" in lint["select"]
    assert lint["mccabe"]["max-complexity"] == 15
    exempt = [rule for rules in lint["per-file-ignores"].values() for rule in rules]
    assert not [rule for rule in (*lint["ignore"], *exempt) if rule.startswith("C9")]
