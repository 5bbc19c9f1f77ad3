"""Views hold no queries: which rows a page shows is said once, in the room's queries."""

from __future__ import annotations

import ast
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src/tdcs"
VERBS = {"filter", "exclude", "aggregate", "annotate"}
# Filters of a frame of columns are arithmetic, not a question to the database.
FRAMES = {"pl", "nw"}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def queries_in(text: str) -> int:
    """Statements' lines that ask the database: a manager, or a filter or aggregate of rows."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            lines.add(node.end_lineno or node.lineno)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = [*node.args, *(word.value for word in node.keywords)]
            on_a_frame = any(_names(value) & FRAMES for value in given)
            if node.func.attr in VERBS and not on_a_frame:
                lines.add(node.func.end_lineno or node.func.lineno)
    return len(lines)


def test_views_hold_no_queries() -> None:
    found = {
        str(file.relative_to(SRC)): count
        for file in sorted(SRC.rglob("*.py"))
        if "views" in file.relative_to(SRC).parts or file.name.startswith("views")
        if (count := queries_in(file.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_the_finder_sees_managers_and_filters_but_not_frames() -> None:
    assert queries_in("row = Loan.objects.get(pk=pk)") == 1
    assert queries_in("rows = rows.filter(state=x).exclude(pk=1)\nother = 1") == 1
    assert queries_in("n = rows.aggregate(n=Sum('balance'))\nm = rows.annotate(x=F('y'))") == 2
    assert queries_in('rows = rows.filter(pl.col("task").is_not_null())') == 0
    assert queries_in("rows = loans_of(group)") == 0
