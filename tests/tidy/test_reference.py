"""Generated pages say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _pages() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools/reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.pages())


@pytest.mark.parametrize(
    "name", ["GLOSSARY.md", "docs/reference/permissions.md", "docs/reference/states.md"]
)
def test_the_page_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == _pages()[name], "run `make docs`"


def test_every_command_stands_in_the_docs() -> None:
    from tdcs.cli.main import COMMANDS

    text = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`tdcs {name}" not in text] == []
