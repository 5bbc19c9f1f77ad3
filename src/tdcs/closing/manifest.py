"""What belongs to a snapshot: the page that names its files and their digests."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from tdcs.closing.errors import SnapshotDamaged


@dataclass(frozen=True, slots=True)
class Manifest:
    """A finished day.

    ``previous``: the digest of yesterday's manifest, "" for the first. ``digest``: of this one, over all its other
    fields. ``totals``: SUMS over everything. ``files``: SHA-256 by name. ``offices``: which offices' rows a file holds.
    """

    day: date
    previous: str
    law_hash: str
    book: str
    rows: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    offices: dict[str, list[int]] = field(default_factory=dict)
    digest: str = ""

    @property
    def folder(self) -> str:
        """The name of the folder of its files."""
        return f"{self.day}.{self.digest[:16]}"

    @property
    def sums(self) -> list[str]:
        """The names of the files of sums, by office."""
        return sorted(name for name in self.files if name.startswith("sums"))

    def sealed(self) -> Manifest:
        """With its digest."""
        content = json.dumps(self._content(), sort_keys=True, ensure_ascii=False)
        return replace(self, digest=hashlib.sha256(content.encode()).hexdigest())

    def as_json(self) -> str:
        return json.dumps(
            {"digest": self.digest, **self._content()}, indent=1, sort_keys=True, ensure_ascii=False
        )

    def _content(self) -> dict[str, Any]:
        names = ("previous", "law_hash", "book", "rows", "totals", "files", "offices")
        return {"day": self.day.isoformat(), **{name: getattr(self, name) for name in names}}


def read_manifest(path: Path, day: date) -> Manifest:
    """The manifest of a day. Raises SnapshotDamaged when it is not the one that was written."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        found = Manifest(**{**given, "day": date.fromisoformat(given["day"])})
    except (ValueError, TypeError, KeyError) as error:
        raise SnapshotDamaged(file=path.name, day=day, detail="không đọc được") from error
    if found.day != day or found.sealed().digest != found.digest:
        raise SnapshotDamaged(file=path.name, day=day, detail="nội dung đã bị sửa")
    return found
