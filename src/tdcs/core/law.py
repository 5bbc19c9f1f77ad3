"""Where the law's data lies: YAML, CSV and forms shipped with the package."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


P = ParamSpec("P")
R = TypeVar("R")
_FORGETTING: Final[list[Callable[[], None]]] = []
# Answers kept of one function; a day's, a programme's and a group's together stay far below.
_KEPT: Final = 200_000


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """A function of the law's data alone, computed once for its arguments, until ``forget``."""
    kept = lru_cache(maxsize=_KEPT)(function)
    _FORGETTING.append(kept.cache_clear)
    return kept  # type: ignore[return-value]


def forget() -> None:
    """What was computed from the law's files is computed anew: the files were changed (tests of the law do)."""
    for clear in _FORGETTING:
        clear()


@cache
def root() -> Path:
    """The folder of the law: inside an installed package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_law"
    return installed if installed.is_dir() else package.parents[1] / "law"


def path(relative: str) -> Path:
    """The full path of a file of the law, such as ``organisations/catalogue.yaml``."""
    return root() / relative


@remembered
def load(relative: str) -> Any:
    """The parsed content of a YAML file of the law; callers must not change it."""
    with path(relative).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_LOADER)
