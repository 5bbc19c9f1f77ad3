"""typst with our templates and our fonts: no network, no fonts of the machine, no code from data."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

_HERE: Final = Path(__file__).parent
TEMPLATES: Final = _HERE / "templates"
FONTS: Final = _HERE.parent / "fonts"
PICTURE_DPI: Final = 200


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def typeset(template: str, data: Any, **wanted: Any) -> Any:
    """Compile a template with ``data``, which reaches it as JSON and so can only ever be values.

    The root is the folder of templates: nothing else of the disk can be read.
    """
    words = json.dumps(data, ensure_ascii=False, default=_plain)
    return typst.Compiler(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": words},
    ).compile(**wanted)


def _plain(node: Any) -> dict[str, Any]:
    """A node of the sheet with its class's name, by which the templates tell nodes apart."""
    return {"kind": type(node).__name__.lower(), **vars(node)}


def pictures(drawings: list[Any]) -> list[bytes]:
    """Each drawing as a PNG of 200 dots an inch."""
    if not drawings:
        return []
    made = typeset("charts.typ", drawings, format="png", ppi=PICTURE_DPI)
    return made if isinstance(made, list) else [made]
