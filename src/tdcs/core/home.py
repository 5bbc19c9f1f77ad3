"""Where this installation keeps what is its own."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder of this installation: TDCS_HOME, or `var` in the working folder."""
    return Path(os.environ.get("TDCS_HOME", "var")).resolve()
