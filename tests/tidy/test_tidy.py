"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from parsed import nodes_of

REPO = Path(__file__).resolve().parents[2]


def _tracked() -> list[Path]:
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [REPO / line for line in out.splitlines() if (REPO / line).is_file()]


FILES = _tracked()
PYTHON = [
    f
    for f in FILES
    if f.suffix == ".py" and "migrations" not in f.parts and f.is_relative_to(REPO / "src")
]
TEMPLATES = [f for f in FILES if f.suffix == ".html" and "templates" in f.parts]


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def test_files_stay_within_their_bounds() -> None:
    too_long = {
        str(f.relative_to(REPO)): n
        for f in FILES
        if f.suffix == ".py" and "migrations" not in f.parts
        if (n := _lines(f)) > (700 if "tests" in f.parts else 500)
    }
    too_long |= {str(f.relative_to(REPO)): n for f in TEMPLATES if (n := _lines(f)) > 200}
    assert too_long == {}


def test_functions_stay_within_seventy_lines() -> None:
    too_long = []
    for file in PYTHON:
        for node in nodes_of(file):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 70:
                    too_long.append(f"{file.relative_to(REPO)}:{node.lineno} {node.name} {length}")
    assert too_long == []


def test_no_file_is_named_for_nothing_in_particular() -> None:
    vague = {"utils", "helpers", "common", "manager", "misc"}
    assert [str(f.relative_to(REPO)) for f in FILES if f.stem in vague] == []


def test_today_is_asked_of_the_clock_only() -> None:
    pattern = re.compile(r"date\.today\(|datetime\.now\(|timezone\.now\b|\butcnow\(|time\.time\(")
    asking = [
        str(f.relative_to(REPO))
        for f in PYTHON
        if f.name != "clock.py" and pattern.search(f.read_text(encoding="utf-8"))
    ]
    assert asking == []


def test_no_float_field_holds_anything() -> None:
    models = [f for f in PYTHON if "models" in f.parts or f.name == "models.py"]
    assert models
    assert [str(f) for f in models if "FloatField" in f.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "room", sorted(p.name for p in (REPO / "src/tdcs").iterdir() if p.is_dir())
)
def test_each_room_has_its_card(room: str) -> None:
    if room in ("__pycache__", "locale"):
        return
    doc = ast.get_docstring(ast.parse((REPO / "src/tdcs" / room / "__init__.py").read_text()))
    assert doc, room
    assert room == "project" or ("Owns:" in doc and "Not:" in doc), room


def test_nothing_names_this_machine_or_a_registry() -> None:
    pattern = re.compile(r"/work/|pypi\.org|files\.pythonhosted|registry\.npmjs|index-url")
    allowed = {REPO / "tests/tidy/test_tidy.py", REPO / "Makefile"}
    suffixes = {".py", ".md", ".txt", ".in", ".toml", ".json", ".yaml", ".yml", ".mjs", ".js", ""}
    naming = [
        str(f.relative_to(REPO))
        for f in FILES
        if f not in allowed and f.suffix in suffixes and f.stat().st_size < 2_000_000
        if pattern.search(f.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert naming == []


def test_pages_and_stylesheets_read_without_scrolling_sideways() -> None:
    """Lines of at most 120 characters; what came minified from elsewhere says so in its name."""
    written = [
        f
        for f in FILES
        if f.is_relative_to(REPO / "src") and f.suffix in (".html", ".css", ".js")
        if ".min." not in f.name
    ]
    assert {f.suffix for f in written} == {".html", ".css", ".js"}
    wide = [
        f"{file.relative_to(REPO)}:{number}"
        for file in written
        if file.suffix != ".js"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert wide == []


def test_one_declaration_stands_on_a_line() -> None:
    sheets = [f for f in FILES if f.suffix == ".css" and f.is_relative_to(REPO / "src")]
    assert sheets
    crowded = [
        f"{file.relative_to(REPO)}:{number}"
        for file in sheets
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r";\s*[\w-]+\s*:|\}\s*\S", re.sub(r"url\([^)]*\)|/\*.*?\*/", "", line))
    ]
    assert crowded == []
