"""Write docs/reference/parameters.md from the law's data: `python tools/parameters.py`. A test fails when it is not current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
PAGE = "docs/reference/parameters.md"
_HEAD = (
    "| figure | value | from | to | basis | source | certainty |",
    "|---|---|---|---|---|---|---|",
)


def pages() -> dict[str, str]:
    """Path under the repository → content."""
    return {PAGE: "\n".join(_lines()) + "\n"}


def _lines() -> Iterator[str]:
    from tdcs.programmes.rules import programmes
    from tdcs.programmes.rules.shared import all_shared
    from tdcs.programmes.rules.showing import figure_row, series, shared_label

    yield "# Parameters"
    yield ""
    yield "Made by `make docs` from `law/parameters`. `to` is the first day on which the value no longer holds."
    yield "Certainty: `law text` was read, `public page` says it, `practice` of the bank, `unverified`. `tdcs law check` prints the shares."
    for code, one in programmes().items():
        yield from ("", f"## {code}: {one.name}", "", *_HEAD)
        for label, group, parameter in series(one):
            shown = f"{label} ({one.groups[group][0]})" if group else label
            for value in parameter.values:
                yield _row(figure_row(shown, group, value))
    yield from ("", "## Shared by all programmes", "", *_HEAD)
    for name, parameter in all_shared().items():
        for value in parameter.values:
            yield _row(figure_row(f"{shared_label(name)} `{name}`", "", value))


def _row(row: dict[str, object]) -> str:
    cells = (
        row["label"],
        row["words"],
        row["from"],
        row["to"] or "",
        row["basis"],
        row["source"],
        row["certainty"],
    )
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


if __name__ == "__main__":
    for path, content in pages().items():
        (ROOT / path).write_text(content, encoding="utf-8")
