"""`tdcs law coverage`: each rule of lending, the article above it, and the cases that try it. Needs no database."""

from __future__ import annotations

import csv
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

import click

import tdcs
from tdcs.core import law
from tdcs.core.basis import rules_with_basis, rules_without_basis
from tdcs.programmes.rules.lawbook import cite_basis

FILE: Final = "coverage.csv"


@dataclass(frozen=True, slots=True)
class Covered:
    """A rule: ``bases`` as they are cited, or ``why`` no text decides; ``cases`` in YAML and ``modules`` of tests that try it."""

    rule: str
    bases: tuple[str, ...]
    why: str
    cases: int
    modules: int

    @property
    def short(self) -> str:
        """Without the project's name."""
        return self.rule.removeprefix("tdcs.")


def load_rules() -> None:
    """Every module of every room's rules is imported: a basis is known once its rule is."""
    for file in sorted(Path(tdcs.__file__).parent.glob("*/rules*")):
        if file.stem != "rules":
            continue
        place = f"tdcs.{file.parent.name}.rules"
        package = import_module(place)
        for found in pkgutil.iter_modules(getattr(package, "__path__", ()), f"{place}."):
            import_module(found.name)


def covered() -> Iterator[Covered]:
    """Every rule in order: those with a basis, then those that say why they have none."""
    load_rules()
    counts = _counts()
    for rule, bases in rules_with_basis():
        cited = tuple(dict.fromkeys(cite_basis(one) for one in bases))
        yield Covered(rule, cited, "", *counts.get(rule, (0, 0)))
    for rule, why in rules_without_basis():
        yield Covered(rule, (), why, *counts.get(rule, (0, 0)))


def _counts() -> dict[str, tuple[int, int]]:
    """Cases and modules of tests by rule, as `make docs` counted them: a user's machine has no tests."""
    with law.path(FILE).open(encoding="utf-8", newline="") as file:
        return {
            row["rule"]: (int(row["cases"]), int(row["modules"])) for row in csv.DictReader(file)
        }


@click.command("coverage")
@click.option("--json", "as_json", is_flag=True)
def coverage(as_json: bool) -> None:
    """Rule, article, test cases; rules that no text decides say why."""
    rows = list(covered())
    if as_json:
        told = [
            {
                "rule": row.rule,
                "bases": list(row.bases),
                "why_none": row.why,
                "cases": row.cases,
                "test_modules": row.modules,
            }
            for row in rows
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    width = max(len(row.short) for row in rows)
    for row in rows:
        text = "; ".join(row.bases) or f"– {row.why}"
        click.echo(f"{row.short:{width}}  {row.cases:4} tình huống  {text}")
