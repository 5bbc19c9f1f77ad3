"""No province stands in the code: which one an installation is, and what it has of its own, is data."""

from __future__ import annotations

import re
from pathlib import Path

from tdcs.core.text import fold

SRC = Path(__file__).resolve().parents[2] / "src" / "tdcs"
# The province of the demonstration and the one joined into it, with or without accents, as words or as a folder.
_NAMED = re.compile(r"\b(?:dong[ _-]?nai|binh[ _-]?phuoc)\b")


def _named(text: str) -> list[int]:
    return [at for at, line in enumerate(text.splitlines(), 1) if _NAMED.search(fold(line))]


def test_no_file_of_code_names_the_province_of_the_demonstration() -> None:
    found = {
        file.relative_to(SRC).as_posix(): lines
        for file in sorted(SRC.rglob("*.py"))
        if (lines := _named(file.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_every_way_of_writing_it_is_seen() -> None:
    text = "tỉnh Đồng Nai\nDONG_NAI\ndong-nai\nBình Phước\nđồng hồ\nnam dong"
    assert _named(text) == [1, 2, 3, 4]
