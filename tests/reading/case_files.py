"""The documents of ``documents/`` as files: plain text, .docx, PDF with ruled, bare or centred tables, old encodings.

A line is a paragraph; a tab parts two columns (letterhead, signature). Between ``[[table]]`` and ``[[end]]`` a line is
a row, "|" parts cells, "<" joins the cell on the left, "^" the one above.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import typst
from word_files import Rows, plain, word_file, word_pdf

from tdcs.documents import fonts_folder
from tdcs.documents.reading import legacy

CASES = Path(__file__).parent / "documents"


def blocks(name: str) -> Iterator[str | Rows]:
    """Lines and tables of one case."""
    rows: Rows | None = None
    for line in (CASES / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if line == "[[table]]":
            rows = []
        elif line == "[[end]]":
            assert rows is not None, "a table was opened"
            yield rows
            rows = None
        elif rows is not None:
            rows.append([cell.strip() for cell in line.split("|")])
        else:
            yield line


def file_of(name: str, form: str) -> bytes:
    """``form``: txt, nfd, lookalike, tcvn3, vni, docx, "pdf ruled", "pdf bare", "pdf centred", "pdf tight", "pdf word"."""
    if form in ("docx", "pdf word"):
        made = word_file(list(blocks(name)))
        return made if form == "docx" else word_pdf(made)
    if form.startswith("pdf"):
        return _pdf(name, form.removeprefix("pdf "))
    text = _text(name)
    if form == "nfd":
        text = unicodedata.normalize("NFD", text)
    elif form == "lookalike":
        text = text.replace("Đ", "\u00d0").replace("đ", "\u00f0")
    elif form == "tcvn3":
        return _tcvn3(text)
    elif form == "vni":
        return _vni(text)
    return text.encode()


def _text(name: str) -> str:
    """Tables laid out with spaces, two columns of a line far apart."""
    made: list[str] = []
    for block in blocks(name):
        if isinstance(block, str):
            left, tab, right = plain(block).partition("\t")
            made.append(f"{left:<44}{right}" if tab else plain(block))
            continue
        widths = [max(map(len, column)) + 2 for column in zip(*block, strict=True)]
        made.extend(
            "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in block
        )
    return "\n".join(made)


def _tcvn3(text: str) -> bytes:
    back = dict(zip(legacy._TCVN3_LETTERS, legacy._TCVN3_CODES, strict=True))
    return "".join(
        back.get(sign) or back.get(sign.lower()) or sign for sign in text
    ).encode("latin-1", errors="replace")  # fmt: skip


def _vni(text: str) -> bytes:
    back = {made: signs for signs, made in legacy._VNI.items()}
    back |= {made.upper(): signs.upper() for made, signs in back.items()}
    made = "".join(back.get(sign, sign) for sign in text)
    return made.replace("–", "-").encode("latin-1", errors="replace")


def _pdf(name: str, look: str) -> bytes:
    parts = [
        '#set page(paper: "a4", margin: 2cm)\n#set text(font: "Be Vietnam Pro", size: 10pt, hyphenate: false)\n#set smartquote(enabled: false)\n'
    ]
    for block in blocks(name):
        if isinstance(block, list):
            parts.append(_typst_table(block, look))
        elif "\t" in block:
            cells = ", ".join(f"align(center)[{_escaped(one)}]" for one in block.split("\t"))
            parts.append(f"#grid(columns: (1fr, 1fr), {cells})\n")
        else:
            parts.append(f"#par[{_escaped(block)}]\n")
    return typst.compile("".join(parts).encode(), font_paths=[str(fonts_folder())])


def _typst_table(rows: Rows, look: str) -> str:
    width = max(map(len, rows))
    shape = "auto, " + ", ".join(["1fr"] * (width - 1)) if width > 2 else "1fr, 1fr"
    stroke = "0.5pt" if look == "ruled" else "none"
    align = "left" if look in ("ruled", "bare") else "center + horizon"
    inset = "(x: 3pt, y: 3.3pt)" if look == "tight" else "5pt"
    cells = []
    for at, row in enumerate(rows):
        padded = row + ["<"] * (width - len(row))
        for column, words in enumerate(padded):
            if words in ("<", "^"):
                continue
            across = next((n for n in range(column + 1, width) if padded[n] != "<"), width) - column
            down = 1
            while (
                at + down < len(rows)
                and column < len(rows[at + down])
                and rows[at + down][column] == "^"
            ):
                down += 1
            cells.append(f"table.cell(colspan: {across}, rowspan: {down})[{_escaped(words)}]")
    return f"#table(columns: ({shape}), stroke: {stroke}, align: {align}, inset: {inset}, {', '.join(cells)})\n"


def _escaped(words: str) -> str:
    return re.sub(r"([\\#\[\]*_`<>@$=+\-/~.])", r"\\\1", words)
