"""Where the law's data lies: YAML, CSV and forms shipped with the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def root() -> Path:
    """The folder of the law: inside an installed package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_law"
    return installed if installed.is_dir() else package.parents[1] / "law"


def path(relative: str) -> Path:
    """The full path of a file of the law, such as ``organisations/catalogue.yaml``."""
    return root() / relative


@cache
def load(relative: str) -> Any:
    """The parsed content of a YAML file of the law; callers must not change it."""
    with path(relative).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_LOADER)
