"""Pages ask; what posts by hand or undoes is called from the request that a second person confirmed, and from nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from parsed import nodes_of

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tdcs"
# Module → its verbs that only a confirmed request may call, and the modules that carry such requests out.
VERBS = {
    "tdcs.ledger.services": {"enter", "reverse"},
    "tdcs.loans.services.changing": {"reverse_event"},
    "tdcs.loans.services.recovering": {"take_back"},
    "tdcs.entrustment.services.savings": {"reverse"},
    "tdcs.capital.services.undoing": {"reverse_receipt"},
}
CARRIERS = {
    "capital/services/undoing.py",
    "ledger/requesting.py",
    "loans/services/undoing.py",
    "entrustment/services/undoing.py",
    # An opening book that nothing was done in yet goes as a whole, as it came.
    "imports/services/cutting_over.py",
}


def _calls(path: Path) -> set[str]:
    """The guarded verbs that a file imports by name or calls on an imported module."""
    nodes = nodes_of(path)
    modules: dict[str, str] = {}
    found = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                if one.name in VERBS.get(node.module, ()):
                    found.add(f"{node.module}.{one.name}")
                modules[one.asname or one.name] = f"{node.module}.{one.name}"
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id, "")
            if node.attr in VERBS.get(module, ()):
                found.add(f"{module}.{node.attr}")
    return found


def test_only_confirmed_requests_post_by_hand_or_undo() -> None:
    wrong = {
        str(path.relative_to(SOURCE)): calls
        for path in SOURCE.rglob("*.py")
        if str(path.relative_to(SOURCE)) not in CARRIERS and (calls := _calls(path))
    }
    assert wrong == {}


@pytest.mark.parametrize("carrier", sorted(CARRIERS))
def test_the_carriers_are_seen_by_this_test(carrier: str) -> None:
    assert _calls(SOURCE / carrier)
