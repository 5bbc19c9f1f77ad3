"""Each rule has its article, the articles are texts that ship, and the page of coverage is current."""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from tdcs.cli.law_coverage import covered, load_rules
from tdcs.cli.main import main
from tdcs.core import law
from tdcs.core.basis import Basis, bases_of, basis, rules_with_basis, rules_without_basis
from tdcs.loans.rules.refusals import refusal
from tdcs.programmes.rules.lawbook import cite_basis, documents

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("loans", "closing", "programmes", "entrustment", "group_results", "households")
# Named in docs/rules and no rules: they read the law's files and decide nothing.
READERS = {"documents", "terms_table"}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage_tool", ROOT / "tools/coverage.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_basis_is_a_text_that_ships() -> None:
    load_rules()
    found = [(rule, one) for rule, bases in rules_with_basis() for one in bases]
    assert len(found) > 40
    assert [pair for pair in found if pair[1].document not in documents()] == []


def test_a_rule_has_a_basis_or_a_reason_and_not_both() -> None:
    load_rules()
    with_basis = {rule for rule, _ in rules_with_basis()}
    without = dict(rules_without_basis())
    assert not with_basis & set(without)
    assert all(len(why) > 10 for why in without.values())


def test_a_dangling_basis_is_seen() -> None:
    """The first test above proves something."""

    @basis("QD-0000-0000", "Điều 1")
    def rule() -> None: ...

    (one,) = bases_of(rule)
    assert one == Basis("QD-0000-0000", "Điều 1")
    assert one.document not in documents()
    assert cite_basis(one) == "Điều 1, QD-0000-0000"
    # Not a rule of the law: taken out again for the tests that follow.
    from tdcs.core import basis as registry

    del registry._RULES[registry.name_of(rule)]


def public_functions() -> dict[str, set[str]]:
    """Name → full names of the public functions of the rules."""
    load_rules()
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        package = import_module(f"tdcs.{room}.rules")
        modules = [package, *(m for _, m in inspect.getmembers(package, inspect.ismodule))]
        for module in modules:
            for name, function in inspect.getmembers(module, callable):
                if getattr(function, "__module__", "").startswith(
                    package.__name__
                ) and not inspect.isclass(function):
                    found.setdefault(name, set()).add(
                        f"{function.__module__}.{function.__qualname__}"
                    )
    return found


def test_every_rule_that_the_pages_name_has_a_basis_or_says_why_not() -> None:
    known = {rule for rule, _ in rules_with_basis()} | {rule for rule, _ in rules_without_basis()}
    functions = public_functions()
    named: set[str] = set()
    for page in (ROOT / "docs/rules").glob("*.md"):
        words = re.findall(
            r"`(?:[\w/]+[./])*(\w+)(?:\([^`]*\))?`", page.read_text(encoding="utf-8")
        )
        named |= {word for word in words if word in functions}
    assert len(named) > 10, named
    bare = {name for name in named - READERS if not functions[name] & known}
    assert bare == set()


def test_every_file_of_cases_names_the_rules_it_tries(tool: ModuleType) -> None:
    load_rules()
    known = {rule for rule, _ in rules_with_basis()} | {rule for rule, _ in rules_without_basis()}
    files = tool.case_files()
    assert len(files) >= 22
    for file in files:
        assert "\n# rules: " in file.read_text(encoding="utf-8"), file
        assert set(tool.rules_of(file)) <= known, file


def test_the_page_and_the_counts_are_current(tool: ModuleType) -> None:
    for path, content in tool.pages().items():
        assert (ROOT / path).read_text(encoding="utf-8") == content, f"{path}: run `make docs`"


def told(*words: str) -> Any:
    result = CliRunner().invoke(main, ["law", "coverage", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_prints_rule_article_and_cases() -> None:
    rows = {row["rule"]: row for row in json.loads(told("--json"))}
    assert len(rows) == len(list(covered())) > 30
    held = rows["tdcs.loans.rules.sessions.held_on"]
    assert held["bases"] == ["Điều 148.5, 91/2015/QH13"]
    assert held["cases"] == 10
    voided = rows["tdcs.loans.rules.events.voided"]
    assert (voided["bases"], voided["cases"] > 0) == ([], True)
    assert voided["why_none"].startswith("đảo bút toán")
    lines = told().splitlines()
    assert len(lines) == len(rows)
    assert any("Điều 148.5" in line and "10 tình huống" in line for line in lines)


def test_a_refusal_prints_the_basis_of_its_rule_and_the_figures_of_its_day() -> None:
    from datetime import date

    frozen = refusal("freeze_too_long", asked_on=date(2026, 3, 5))
    assert frozen["basis"] == "Điều 1, 08/2021/QĐ-TTg"
    assert "3 năm (thiệt hại 40 đến dưới 80%) hoặc 5 năm (80 đến 100%)" in frozen["message"]
    extended = refusal("extension_too_long", asked_on=date(2026, 3, 5))
    assert extended["basis"] == "50/2010/QĐ-TTg; 62/QĐ-HĐQT"
    assert "12 tháng với vay ngắn hạn, một nửa thời hạn vay" in extended["message"]
    assert "half of the term" in extended["message_en"]


def test_every_code_of_the_refusals_has_words() -> None:
    for code in law.load("parameters/loan-refusals.yaml"):
        assert refusal(code)["message"], code
