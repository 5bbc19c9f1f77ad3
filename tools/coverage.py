"""Write law/coverage.csv and docs/reference/law-coverage.md: rules, their articles, the cases that try them.

A file of cases names the rules that it tries in its first lines: `# rules: loans.rules.accrual.accrue, …`. A test fails when a
page is not current.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
PAGE, FILE = "docs/reference/law-coverage.md", "law/coverage.csv"
TESTS = ROOT / "tests"
_RULES = re.compile(r"^# rules: (.+)$", re.MULTILINE)
_NONE = "none, figures alone"
_CASE_WORDS = {"case", "says"}


def case_files() -> list[Path]:
    """Every YAML file of cases."""
    return sorted(TESTS.rglob("*cases/*.yaml")) + sorted(TESTS.rglob("*_cases.yaml"))


def rules_of(file: Path) -> list[str]:
    """The rules that a file of cases says it tries, by their full names."""
    said = _RULES.findall(file.read_text(encoding="utf-8"))
    return [f"tdcs.{name.strip()}" for line in said if line != _NONE for name in line.split(",")]


def counted_cases() -> Counter[str]:
    """Rule → cases. Of a file in sections the section with the rule's name counts, where there is one."""
    counts: Counter[str] = Counter()
    for file in case_files():
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for rule in rules_of(file):
            section = rule.rpartition(".")[2]
            part = content[section] if isinstance(content, dict) and section in content else content
            counts[rule] += _cases(part)
    return counts


def _cases(content: Any) -> int:
    if isinstance(content, dict):
        own = bool(_CASE_WORDS & set(content))
        return own + sum(_cases(value) for value in content.values())
    return sum(_cases(value) for value in content) if isinstance(content, list) else 0


def test_modules(names: set[str]) -> Counter[str]:
    """Rule → modules of tests that take it in by name, or call it on its module."""
    counts: Counter[str] = Counter()
    for file in sorted(TESTS.rglob("test_*.py")):
        counts.update(_taken_in(ast.parse(file.read_text(encoding="utf-8"))) & names)
    return counts


def _taken_in(tree: ast.Module) -> set[str]:
    modules: dict[str, str] = {}
    named: set[tuple[str, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            named |= {(node.module, name.name) for name in node.names}
            modules |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            named.add((modules.get(node.value.id, ""), node.attr))
    return {_full_name(*one) for one in named if ".rules" in one[0]}


def _full_name(module: str, name: str) -> str:
    """Of a rule that is passed on by another module the name where it stands."""
    try:
        found = getattr(import_module(module), name, None)
    except ImportError:
        found = None
    return f"{getattr(found, '__module__', module)}.{getattr(found, '__qualname__', name)}"


def pages() -> dict[str, str]:
    """Path under the repository → content; the page is made of the counts as they are now."""
    from tdcs.cli import law_coverage

    law_coverage.load_rules()
    names = [name for name, _ in law_coverage.rules_with_basis()]
    names += [name for name, _ in law_coverage.rules_without_basis()]
    cases, modules = counted_cases(), test_modules(set(names))
    rows = [f"{name},{cases[name]},{modules[name]}" for name in sorted(names)]
    return {FILE: "\n".join(["rule,cases,modules", *rows]) + "\n", PAGE: _page(cases, modules)}


def _page(cases: Counter[str], modules: Counter[str]) -> str:
    from tdcs.cli.law_coverage import covered

    rows = list(covered())
    return "\n".join([*_head(), *_table(rows, cases, modules), *_others(rows)]) + "\n"


def _head() -> Iterator[str]:
    yield "# Rules and their law"
    yield ""
    yield "Made by `make docs` from the `@basis` above each rule. Cases: sentences in YAML that try it; modules: test files that call"
    yield "it by name. `tdcs law coverage` prints the same. The figures that rules read stand in [parameters](parameters.md), each with its own"
    yield "basis; that every one of them counts is held by `tests/law/test_every_figure_counts.py`."


def _table(rows: list[Any], cases: Counter[str], modules: Counter[str]) -> Iterator[str]:
    yield from ("", "| rule | basis | cases | modules |", "|---|---|---|---|")
    for row in rows:
        if row.bases:
            basis = "; ".join(row.bases)
            yield f"| `{row.short}` | {basis} | {cases[row.rule]} | {modules[row.rule]} |"


def _others(rows: list[Any]) -> Iterator[str]:
    yield from ("", "## Decided by no text", "", "| rule | why |", "|---|---|")
    for row in rows:
        if not row.bases:
            yield f"| `{row.short}` | {row.why} |"


if __name__ == "__main__":
    for path, content in pages().items():
        (ROOT / path).write_text(content, encoding="utf-8")
