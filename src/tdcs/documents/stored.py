"""Files named by their content: the same bytes lie once, and bytes that changed on disk are never handed out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tdcs.core.files import atomic_write
from tdcs.documents.accepting import Accepted
from tdcs.documents.errors import FileChanged

# What may be wrong with a kept file.
GONE: Final = "không còn trên đĩa"
OTHER: Final = "đã khác lúc nhận"


def received(read: Callable[[], bytes], sha256: str, title: str) -> bytes:
    """The bytes that ``read`` gives. Raises FileChanged when they are gone or are not those that were received."""
    try:
        content = read()
    except OSError as error:
        raise FileChanged(title=title, why=GONE) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileChanged(title=title, why=OTHER)
    return content


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of kept files."""

    root: Path

    def path(self, sha256: str, ending: str) -> Path:
        """Where a file lies."""
        return self.root / sha256[:2] / f"{sha256}{ending}"

    def put(self, content: bytes, what: Accepted) -> bool:
        """Keeps the bytes; whether they had to be written. A copy that changed on disk is written anew.

        Written aside, synced and renamed: whoever reads meets a complete file, also after a kill.
        """
        path = self.path(what.sha256, what.ending)
        if self._digest(path) == what.sha256:
            return False
        atomic_write(path, content, sync=True)
        return True

    def get(self, sha256: str, ending: str, title: str) -> bytes:
        """The bytes as they were kept. Raises FileChanged when they are gone or others."""
        return received(self.path(sha256, ending).read_bytes, sha256, title)

    def fault(self, sha256: str, ending: str) -> str:
        """What is wrong with a kept file; empty when it is as it was kept."""
        digest = self._digest(self.path(sha256, ending))
        if digest is None:
            return GONE
        return "" if digest == sha256 else OTHER

    @staticmethod
    def _digest(path: Path) -> str | None:
        try:
            with path.open("rb") as there:
                return hashlib.file_digest(there, "sha256").hexdigest()
        except OSError:
            return None
