"""Files as they came and rows as they were read, by content, in the home of the installation."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Final

import polars as pl

from tdcs.core.home import home
from tdcs.documents.accepting import Accepted
from tdcs.documents.stored import Folder

ROWS: Final = ".parquet"


def folder() -> Folder:
    """Where extracts lie."""
    return Folder(home() / "extracts")


def put(content: bytes, ending: str) -> str:
    """Keeps bytes; their digest."""
    digest = hashlib.sha256(content).hexdigest()
    folder().put(content, Accepted(ending, digest, len(content)))
    return digest


def get(digest: str, ending: str, title: str) -> bytes:
    """Bytes as they were kept. Raises FileChanged."""
    return folder().get(digest, ending, title)


def rows(digest: str, title: str, columns: list[str] | None = None) -> pl.DataFrame:
    """Rows as they were read; of ``columns`` those that the file had. Raises FileChanged."""
    content = io.BytesIO(get(digest, ROWS, title))
    if columns is not None:
        there = pl.read_parquet_schema(content)
        columns = [name for name in columns if name in there]
        content.seek(0)
    return pl.read_parquet(content, columns=columns)


def path(digest: str, ending: str) -> Path:
    """Where bytes lie."""
    return folder().path(digest, ending)
