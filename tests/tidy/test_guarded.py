"""What people send in is parsed in a process of its own with bounds (documents/reading/guarded.py), never where pages are served."""

from __future__ import annotations

import ast
from pathlib import Path

from parsed import nodes_of

SRC = Path(__file__).resolve().parents[2] / "src/tdcs"
# Module → what parses a file there and then. Pasted cells are text that came with the form.
PARSERS = {
    "tdcs.documents.reading": {"read"},
    "tdcs.documents.reading.rows": {"read_rows", "read_sheets"},
    "tdcs.documents.reading.ocr": {"recognised"},
    "tdcs.documents.reading.picture": {"draw_page"},
    **{f"tdcs.documents.reading.{kind}": {"read"} for kind in ("docx", "pdf", "scan", "txt")},
}
# Libraries that parse; only these rooms open files by them, each bounded in its own way (parts, bytes that are unpacked).
LIBRARIES = {"python_calamine", "pypdfium2", "openpyxl"}
MAY_PARSE = {
    # Gives the reader of a plan its default for the command line; the site hands it the guarded one.
    "plans/reading/__init__.py": {"read"},
    # Run inside the guarded process; the heads of an .xls are read elsewhere too, then by the guarded reader.
    "imports/reading/opening.py": {"read_sheets"},
    "imports/reading/workbook.py": {"python_calamine"},
}


def _taken(file: Path) -> set[str]:
    """Parsers that a file imports."""
    found: set[str] = set()
    for node in nodes_of(file):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {alias.name for alias in node.names}
            found |= names & PARSERS.get(node.module, set())
            found |= {node.module.partition(".")[0]} & LIBRARIES
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names} & LIBRARIES
    return found


def test_no_room_parses_a_file_where_pages_are_served() -> None:
    files = [
        one for one in sorted(SRC.rglob("*.py")) if "documents" not in one.relative_to(SRC).parts
    ]
    taken = {str(one.relative_to(SRC)): found for one in files if (found := _taken(one))}
    assert taken == MAY_PARSE


def test_the_finder_sees_the_parsers() -> None:
    assert _taken(SRC / "documents/reading/guarded.py") >= {"read", "read_rows", "read_sheets"}
    assert _taken(SRC / "documents/reading/pdf.py") == {"pypdfium2"}
