"""The lending cast on real units, and readers of the files that forms become."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))

from forms_grounds import LED
from grounds import GROUNDS, stands_on
from lending_cast import Bank

from tdcs.cli import setup
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=date(2026, 11, 23))
        setup.load_lending()


@pytest.fixture
@stands_on(LED)
def bank(db: None) -> Bank:
    """The office of Định Quán and bà Hoa's group, whose leader is bà Hoa."""
    found: Bank = GROUNDS.value(LED)
    return found


@pytest.fixture
def word() -> Callable[[bytes], Any]:
    """Opens a .docx."""
    return lambda content: docx.Document(io.BytesIO(content))


@pytest.fixture
def words_of(word: Any) -> Callable[[bytes], str]:
    """All words of a .docx, tables included, in order."""

    def read(content: bytes) -> str:
        body = word(content).element.body
        kinds = {f"{{{body.nsmap['w']}}}{name}": name for name in ("p", "t")}
        out = []
        for node in body.iter():
            name = kinds.get(node.tag)
            out.append("\n" if name == "p" else (node.text or "") if name == "t" else "")
        return "".join(out)

    return read


@pytest.fixture
def pdf_words() -> Callable[[bytes], str]:
    """All words of a PDF, page after page, line breaks as spaces."""

    def read(content: bytes) -> str:
        file = pypdfium2.PdfDocument(content)
        pages = []
        for page in file:
            text = page.get_textpage()
            pages.append(" ".join(text.get_text_bounded().split()))
            text.close()
            page.close()
        file.close()
        return "\n".join(pages)

    return read
