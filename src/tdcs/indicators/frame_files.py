"""Files beside the snapshots: written aside and renamed, so that whoever reads meets a whole one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tdcs.core.files import replacing


def write_frame(frame: pl.DataFrame, path: Path, **how: Any) -> None:
    """Puts ``frame`` at ``path``, in place of what is there. ``how``: of Polars' write_parquet."""
    with replacing(path) as aside:
        frame.write_parquet(aside, **how)
