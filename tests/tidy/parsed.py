"""The sources as Python's parser sees them: each file is parsed once for all tests of this folder in a process.

Nobody changes what is given. It takes some hundred megabytes and ends after the folder's last test (conftest.py).
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree_of(file: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    """All nodes of a file's tree, as ``ast.walk`` gives them."""
    return tuple(ast.walk(tree_of(file)))


def forget() -> None:
    """Nothing is kept."""
    nodes_of.cache_clear()
    tree_of.cache_clear()
