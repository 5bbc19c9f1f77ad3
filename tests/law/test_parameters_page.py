"""docs/reference/parameters.md says what the law's data says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_parameters_is_current() -> None:
    spec = importlib.util.spec_from_file_location("parameters", ROOT / "tools/parameters.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, content in module.pages().items():
        kept = (ROOT / path).read_text(encoding="utf-8")
        assert kept == content, "run `make docs`"
