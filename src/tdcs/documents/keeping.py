"""Files named by their content: the same bytes lie once, and bytes that changed on disk are never handed out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tdcs.core.files import atomic_write
from tdcs.documents.accepting import Accepted
from tdcs.documents.errors import FileChanged


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
        path = self.path(sha256, ending)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FileChanged(title=title, why="không còn trên đĩa") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FileChanged(title=title, why="đã khác lúc nhận")
        return content

    def fault(self, sha256: str, ending: str) -> str:
        """What is wrong with a kept file; empty when it is as it was kept."""
        digest = self._digest(self.path(sha256, ending))
        if digest is None:
            return "không còn trên đĩa"
        return "" if digest == sha256 else "đã khác lúc nhận"

    @staticmethod
    def _digest(path: Path) -> str | None:
        try:
            with path.open("rb") as there:
                return hashlib.file_digest(there, "sha256").hexdigest()
        except OSError:
            return None
