"""Where the law's data lies: YAML, CSV and forms shipped with the package."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import yaml

from tdcs.core.errors import UnknownProvince

PROVINCE_VARIABLE = "TDCS_PROVINCE"
_DEFAULT_PROVINCE = "dong-nai"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


P = ParamSpec("P")
R = TypeVar("R")
_FORGETTING: Final[list[Callable[[], object]]] = []
# Answers kept of one function; a day's, a programme's and a group's together stay far below.
_KEPT: Final = 200_000


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """A function of the law's data alone, computed once for its arguments, until ``forget``."""
    kept = lru_cache(maxsize=_KEPT)(function)
    _FORGETTING.append(kept.cache_clear)
    return kept  # type: ignore[return-value]


def forgetting(clear: Callable[[], object]) -> None:
    """What keeps its answers in another way is cleared by ``forget`` too."""
    _FORGETTING.append(clear)


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
        return yaml.load(file, Loader=_LOADER)  # noqa: S506


def province() -> str:
    """The province of this installation: the folder of law/provinces that TDCS_PROVINCE names. Raises UnknownProvince."""
    named = os.environ.get(PROVINCE_VARIABLE, "").strip() or _DEFAULT_PROVINCE
    require_province(named)
    return named


def of_province(file: str) -> list[Any]:
    """What the installation's province keeps in a file of its folder; nothing where it has none."""
    relative = f"provinces/{province()}/{file}"
    return list(load(relative)) if path(relative).is_file() else []


def province_name(on: date, language: str = "vi") -> str:
    """The province with its kind on a day: "tỉnh Đồng Nai", from 30/4/2026 "thành phố Đồng Nai"; in English its name."""
    one = load(f"provinces/{province()}/province.yaml")
    if language.startswith("en"):
        return str(one["name"])
    words = [row["word"] for row in one["kinds"] if row["from"] <= on]
    return f"{words[-1] if words else one['kinds'][0]['word']} {one['name']}"


def require_province(slug: str) -> None:
    """Raises UnknownProvince for a province that has no file."""
    if slug not in provinces():
        raise UnknownProvince(province=slug)


@remembered
def provinces() -> tuple[str, ...]:
    """Every province that has a file, in order."""
    return tuple(sorted(file.parent.name for file in path("provinces").glob("*/province.yaml")))
