"""Nothing is written twice: no run of more than fifteen lines stands again, neither to the letter nor with other names.

Lines are compared by shape: every name, string and number is replaced by a mark. Blank lines, comments, docstrings, imports
and lone punctuation do not count, nor do declarations: migrations, models' and forms' fields, lists of addresses, tables of data.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
MOST = 15
# A line of a file: its number and its shape.
Shaped = tuple[int, str]
_TOKEN = re.compile(
    r"""(?P<value>[rbfuRBFU]{0,2}(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\d[\w.]*)
    |(?P<comment>\#[^\n]*)|(?P<name>[^\W\d]\w*)|(?P<line>\n)|(?P<sign>[^\s\w])""",
    re.DOTALL | re.VERBOSE,
)


def _declarations(tree: ast.Module) -> set[int]:
    """Lines that declare: imports, docstrings, values of modules and classes, signatures."""
    lines: set[int] = set()

    def leave(node: ast.stmt | ast.expr) -> None:
        lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))

    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            leave(node)
        elif isinstance(node, ast.Module | ast.ClassDef):
            for one in node.body:
                if isinstance(one, ast.Assign | ast.AnnAssign | ast.AugAssign):
                    leave(one)
    return lines


def python_lines(text: str) -> list[Shaped]:
    """The lines of a module that count, as shapes."""
    left_out = _declarations(ast.parse(text))
    shapes: dict[int, list[str]] = defaultdict(list)
    number = 1
    for token in _TOKEN.finditer(text):
        kind, said = token.lastgroup, token.group()
        if kind in ("value", "name", "sign") and number not in left_out:
            plain = kind == "sign" or keyword.iskeyword(said)
            shapes[number].append(said if plain else kind[0])
        if kind in ("value", "line"):
            number += said.count("\n")
    return [(number, " ".join(shape)) for number, shape in sorted(shapes.items()) if _says(shape)]


def _says(shape: list[str]) -> bool:
    """Whether a line is more than punctuation."""
    return any(part[0].isalpha() for part in shape)


_VALUE = re.compile(r'"[^"]*"|\'[^\']*\'')
_WORD = re.compile(r"[^\W\d_][\w.-]*|\d+")


def template_lines(text: str) -> list[Shaped]:
    """The lines of a template that count: elements and template tags by name, all else as a mark."""
    shaped = []
    for number, line in enumerate(text.splitlines(), 1):
        kept = re.findall(r"</?[a-z][\w-]*|{%\s*\w+", line)
        if kept:
            rest = _WORD.sub("n", _VALUE.sub("v", re.sub(r"</?[a-z][\w-]*|{%\s*\w+", "", line)))
            shaped.append((number, " ".join(kept) + " " + "".join(rest.split())))
    return shaped


def repeated(files: dict[str, list[Shaped]]) -> Iterator[str]:
    """Each run of more than MOST lines that stands twice, by its two places, the longest of each pair of files."""
    numbers: dict[str, int] = {}
    coded = {
        name: [numbers.setdefault(shape, len(numbers)) for _, shape in lines]
        for name, lines in files.items()
    }
    places: dict[tuple[int, ...], list[tuple[str, int]]] = defaultdict(list)
    for name, codes in coded.items():
        for at in range(len(codes) - MOST):
            places[tuple(codes[at : at + MOST + 1])].append((name, at))
    seen: set[tuple[str, str]] = set()
    for window, found in places.items():
        # A table written in code (the same line again and again) is data.
        if len(set(window)) <= MOST // 3:
            continue
        for (first, at), (second, other) in pairwise(found):
            if (first == second and other - at <= MOST) or (first, second) in seen:
                continue
            seen.add((first, second))
            yield f"{first}:{files[first][at][0]} ~ {second}:{files[second][other][0]}"


def _sources(ending: str) -> list[Path]:
    return [
        file
        for file in sorted((REPO / "src/tdcs").rglob(f"*{ending}"))
        if not {"migrations", "node_modules"} & set(file.parts)
    ]


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def test_no_code_is_written_twice() -> None:
    # Addresses are a list.
    files = [file for file in _sources(".py") if "urls" not in (*file.parts, file.stem)]
    assert list(repeated({str(f.relative_to(REPO)): python_lines(_read(f)) for f in files})) == []


def test_no_page_is_written_twice() -> None:
    files = _sources(".html")
    assert list(repeated({str(f.relative_to(REPO)): template_lines(_read(f)) for f in files})) == []


_WRITTEN = "def f(a):\n" + "".join(
    f"    {name} = g(a, {name!r})\n    if a: h({name})\n" for name in "bcdefghij"
)
_AGAIN = re.sub(r"\b([b-j])\b", r"other_\1", _WRITTEN)


def test_a_run_with_other_names_is_found_and_a_short_one_is_not() -> None:
    head = "\n".join(_WRITTEN.splitlines()[: MOST + 1])
    short = "\n".join(_WRITTEN.splitlines()[:MOST])
    lines = {"one.py": python_lines("x = 1\n" + head), "two.py": python_lines(_AGAIN)}
    # Two shapes only would be a table; this test's run is told apart by its own numbers.
    coloured = {
        name: [(n, f"{shape}{at}") for at, (n, shape) in enumerate(rows)]
        for name, rows in lines.items()
    }
    assert list(repeated(coloured)) == ["one.py:2 ~ two.py:1"]
    coloured["one.py"] = coloured["one.py"][: len(python_lines(short))]
    assert list(repeated(coloured)) == []


def test_a_page_with_other_words_is_found() -> None:
    page = "\n".join(f"<p class='a{n}'>{{% if x %}}{'<b>' * n}word</p>" for n in range(MOST + 1))
    other = page.replace("word", "another").replace("'a", "'other-")
    lines = {"one.html": template_lines(page), "two.html": template_lines(other)}
    assert list(repeated(lines)) == ["one.html:1 ~ two.html:1"]


def test_declarations_do_not_count() -> None:
    fields = "class A:\n" + "".join(f"    field_{n} = Field({n})\n" for n in range(30))
    assert [shape for _, shape in python_lines(fields)] == ["class n :"]
