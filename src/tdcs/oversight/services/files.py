"""Photos of inspections and proofs of findings: the bytes lie under their digest."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from tdcs.documents.accepting import Accepted, accept
from tdcs.documents.stored import Folder

# What a telephone or a scanner gives.
PHOTOS = frozenset({".jpg", ".png", ".webp"})
PROOFS = frozenset({".pdf", ".jpg", ".png", ".webp"})


def folder() -> Folder:
    """Where the files of oversight lie."""
    return Folder(Path(settings.MEDIA_ROOT) / "oversight")


def keep(content: bytes, kinds: frozenset[str]) -> Accepted:
    """Keeps the bytes. Raises FileRefused when empty, too large, or not one of the kinds."""
    what = accept(content, kinds)
    folder().put(content, what)
    return what
