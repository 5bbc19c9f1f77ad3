"""A scan read by Tesseract, where Debian's package and its Vietnamese data are installed."""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

from tdcs.documents import errors
from tdcs.documents.reading.model import ReadDocument
from tdcs.documents.reading.picture import draw_page
from tdcs.documents.reading.txt import read_txt

_SECONDS: Final = 60
_LONGEST: Final = 100


def program() -> str:
    """The path of Tesseract when its Vietnamese data are there too, else ""."""
    found = shutil.which("tesseract")
    if found is None:
        return ""
    listed = subprocess.run([found, "--list-langs"], capture_output=True, text=True, check=False)
    return found if "vie" in listed.stdout.split() else ""


def recognised(content: bytes) -> ReadDocument:
    """The text of a scanned PDF. Raises RecognitionMissing, TooManyPages, and what drawing its pages raises."""
    tesseract = program()
    if not tesseract:
        raise errors.RecognitionMissing
    pages: list[str] = []
    while True:
        if len(pages) >= _LONGEST:
            raise errors.TooManyPages(pages=_LONGEST + 1, limit=_LONGEST)
        try:
            drawn = draw_page(content, len(pages) + 1)
        except errors.PageMissing:
            break
        ended = subprocess.run(
            [tesseract, "stdin", "stdout", "-l", "vie", "--psm", "4"],
            input=drawn,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
        pages.append(ended.stdout.decode("utf-8", errors="replace").replace("\f", ""))
    return read_txt("\f".join(pages).encode())
