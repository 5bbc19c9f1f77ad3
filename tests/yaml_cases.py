"""Cases in YAML, read by the quick reader: every process that collects tests reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_cases(file: Path) -> Any:
    """What stands in the file."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
