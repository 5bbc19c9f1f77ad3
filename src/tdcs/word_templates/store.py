"""The files of templates, by content, in the home of the installation."""

from __future__ import annotations

import hashlib
from typing import Final

from tdcs.core.home import home
from tdcs.documents.accepting import Accepted
from tdcs.documents.stored import Folder

ENDING: Final = ".docx"


def folder() -> Folder:
    """Where they lie."""
    return Folder(home() / "word-templates")


def put(content: bytes) -> str:
    """Keeps a file; its digest."""
    digest = hashlib.sha256(content).hexdigest()
    folder().put(content, Accepted(ENDING, digest, len(content)))
    return digest


def get(digest: str, title: str) -> bytes:
    """A file as it was kept. Raises FileChanged."""
    return folder().get(digest, ENDING, title)
