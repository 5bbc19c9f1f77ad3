"""States are named by their members: a mistyped literal finds nothing and nobody notices."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import TypeGuard

from parsed import nodes_of

from tdcs.loans.rules.states import StateCode
from tdcs.loans.states import ENDED_STATES, OPEN_STATES, LoanState

SRC = Path(__file__).resolve().parents[2] / "src/tdcs"
# Words of a filter or of a sentence that no model's state can have: they are no members of anything.
NO_STATE = {"all", "none", "late", "waiting", "now"}
# A condition in Meta cannot see the class it stands in; rows of a review have their own turn.
ALLOWED = {
    "programmes/models.py": {"refused"},
    "scheme/models.py": {"issued"},
    "households/views/reviews.py": {"draft", "submitted"},
    # The word of the bank's core for a settled loan.
    "imports/rules/auditing.py": {"CLOSE"},
    # Not a state of a report: one that is not handed in after its day.
    "reporting/queries/reports.py": {"overdue"},
}


def _literals(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return {word for item in node.elts for word in _literals(item)}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        # A sentence is text for a reader; a state is one word.
        return {node.value} if node.value and " " not in node.value else set()
    return set()


def _is_state(node: ast.expr) -> bool:
    """``row.state``, ``state``, ``row["state"]``, ``col("state")``."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value == "state"
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = name or getattr(node.func, "id", "")
        return name == "col" and any("state" in _literals(given) for given in node.args)
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "state"


def _assigned(node: ast.Assign) -> set[str]:
    """What a state is set to, alone or among others."""
    found: set[str] = set()
    for target in node.targets:
        if _is_state(target):
            found |= _literals(node.value)
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(target.elts, node.value.elts, strict=True)
            found |= {word for left, right in pairs if _is_state(left) for word in _literals(right)}
    return found


def _asks_of_a_column(node: ast.AST) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr == "is_in" and _is_state(node.func.value)


def literal_states(nodes: Iterable[ast.AST]) -> set[str]:
    """Literals that a state is compared with, set to, or filtered by."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.keyword) and (node.arg or "").removesuffix("__in").endswith(
            "state"
        ):
            found |= _literals(node.value)
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(_is_state, sides)):
                found |= {word for side in sides for word in _literals(side)}
        elif isinstance(node, ast.Assign):
            found |= _assigned(node)
        elif _asks_of_a_column(node):
            found |= {word for given in node.args for word in _literals(given)}
    return found - NO_STATE


def test_states_are_not_written_as_literals() -> None:
    found = {
        str(file.relative_to(SRC)): words
        for file in sorted(SRC.rglob("*.py"))
        if "migrations" not in file.parts
        if (words := literal_states(nodes_of(file)))
    }
    assert found == ALLOWED


def _in_words(text: str) -> set[str]:
    return literal_states(ast.walk(ast.parse(text)))


def test_the_finder_sees_each_form() -> None:
    assert _in_words('rows.filter(state="settled")') == {"settled"}
    assert _in_words('rows.exclude(loan__state__in=("settled", "frozen"))') == {
        "settled",
        "frozen",
    }
    assert _in_words('if row.state not in ("open", "done"): pass') == {"open", "done"}
    assert _in_words('row.state = "open"') == {"open"}
    assert _in_words('row.day, row.state = on, "open"') == {"open"}
    assert _in_words('rows.filter(pl.col("state") == "open")') == {"open"}
    assert _in_words('pl.col("state").is_in(["open", "done"])') == {"open", "done"}
    assert _in_words('n = sum(line["state"] == "open" for line in lines)') == {"open"}
    assert _in_words("rows.filter(state=LoanState.SETTLED)") == set()
    assert _in_words('rows.filter(state__in=OPEN, name="settled")') == set()


def test_a_loan_has_the_states_of_the_rules_and_each_owes_or_has_ended() -> None:
    assert LoanState.values == [code.value for code in StateCode]
    assert {*OPEN_STATES, *ENDED_STATES} == set(LoanState)
    assert not set(OPEN_STATES) & set(ENDED_STATES)
