"""Write docs/reference/sheets.md from law/sheets.yaml: `python tools/sheets.py`. A test fails when it is not current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
PAGE = "docs/reference/sheets.md"
_READERS = {
    "cases": "who reads single loans, of the own scope",
    "figures": "who reads indicators",
    "capital": "who sees capital",
}


def pages() -> dict[str, str]:
    """Path under the repository → content."""
    return {PAGE: "\n".join(_lines()) + "\n"}


def _lines() -> Iterator[str]:
    from tdcs.sheets.rules.definitions import sheets

    yield "# Standard sheets"
    yield ""
    yield "Made by `make docs` from `law/sheets.yaml`; how to take one: [how-to/take-a-sheet.md](../how-to/take-a-sheet.md)."
    yield ""
    yield "| code | sheet | what | who | file |"
    yield "|---|---|---|---|---|"
    for one in sheets().values():
        yield f"| `{one.code}` | {one.title} ({one.english}) | {one.about_en} | {_READERS[one.reader]} | .{one.file} |"
    for one in sheets().values():
        if one.tabs:
            yield ""
            yield f"## {one.title}"
            yield ""
            yield "| tab | columns | a page each |"
            yield "|---|---|---|"
            for tab in one.tabs:
                columns = ", ".join(column.title for column in tab.columns)
                yield f"| {tab.title} | {columns} | {'yes' if tab.part else ''} |"
            yield ""
            yield f"Signed by: {', '.join(one.signers)}."


if __name__ == "__main__":
    for path, content in pages().items():
        (ROOT / path).write_text(content, encoding="utf-8")
        print(path)
