"""Where this installation keeps what is its own."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


def home() -> Path:
    """The folder of this installation: TDCS_HOME, or `var` in the working folder."""
    return _resolved(Path.cwd(), os.environ.get("TDCS_HOME", "var"))


# Asked hundreds of times for a page; finding the real place of a folder asks the file system for each part of its path.
@lru_cache(maxsize=16)
def _resolved(here: Path, named: str) -> Path:
    return (here / named).resolve()
