"""Files beside the snapshots: written aside and renamed, so that whoever reads meets a whole one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl


def keep(frame: pl.DataFrame, path: Path, **how: Any) -> None:
    """Puts ``frame`` at ``path``, in place of what is there. ``how``: of Polars' write_parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    frame.write_parquet(temporary, **how)
    temporary.replace(path)
