"""A bar chart as a picture (typst), for formats that hold no drawing of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from tdcs.documents.official.model import Bars, clean

HERE = Path(__file__).parent
FONTS = HERE.parent / "fonts"


def bars_data(block: Bars) -> list[list[Any]]:
    """(label, percent of a full bar, words) of each bar."""
    top = block.top or 1
    return [
        [clean(label), min(100, 100 * value // top), clean(words)]
        for label, value, words in block.bars
    ]


def bars_png(block: Bars) -> bytes:
    """The bars at 200 dots an inch, without the caption."""
    made = typst.compile(
        str(HERE / "bars.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="png",
        ppi=200.0,
        sys_inputs={"data": json.dumps(bars_data(block), ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
