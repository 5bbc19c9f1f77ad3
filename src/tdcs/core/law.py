"""Where the law's data lies: YAML, CSV and forms shipped with the package."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import yaml

from tdcs.core.errors import NoProvince, UnknownProvince
from tdcs.core.home import home

PROVINCE_VARIABLE = "TDCS_PROVINCE"
_PROVINCES: Final = "provinces/"
# Beside the folders of provinces in the home: which of them this installation is.
CHOSEN: Final = f"{_PROVINCES}chosen"
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


P = ParamSpec("P")
R = TypeVar("R")
_FORGETTING: Final[list[Callable[[], object]]] = []
# Answers kept of one function; a day's, a programme's and a group's together stay far below.
_KEPT: Final = 200_000


@dataclass(frozen=True, eq=False, slots=True)
class _Draft:
    """Files of the law as a draft has them, and what was computed from it so far, by function."""

    files: Mapping[str, Any]
    answers: dict[Callable[..., Any], Callable[..., Any]] = field(default_factory=dict)

    def remembering(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with a memory of its own under this draft."""
        found = self.answers.get(function)
        if found is None:
            found = self.answers.setdefault(function, lru_cache(maxsize=_KEPT)(function))
        return found


# The draft of the running task alone: another request of the same process stays under the law in force.
_TRIED: Final[ContextVar[_Draft | None]] = ContextVar("tried", default=None)


@contextmanager
def tried(files: Mapping[str, Any]) -> Iterator[None]:
    """Inside the block every rule runs under a draft: ``files`` are the law's files that it changes, by their path.

    What was remembered of the law in force is neither read nor touched.
    """
    token = _TRIED.set(_Draft(files))
    try:
        yield
    finally:
        _TRIED.reset(token)


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """A function of the law's data alone, computed once for its arguments, until ``forget``; of a draft once more."""
    kept = lru_cache(maxsize=_KEPT)(function)
    _FORGETTING.append(kept.cache_clear)

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        draft = _TRIED.get()
        asked: Callable[..., R] = kept if draft is None else draft.remembering(function)
        return asked(*args, **kwargs)

    answer.cache_clear = kept.cache_clear  # type: ignore[attr-defined]
    return answer


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
    """The full path of a file of the law, such as ``organisations/catalogue.yaml``.

    A province's file that this installation wrote for itself comes before the one that ships.
    """
    if relative.startswith(_PROVINCES):
        own = home() / relative
        if own.is_file():
            return own
    return root() / relative


def load(relative: str) -> Any:
    """The parsed content of a YAML file of the law, or what the draft makes of it; callers must not change it."""
    draft = _TRIED.get()
    if draft is not None and relative in draft.files:
        return draft.files[relative]
    return _read(relative)


@lru_cache(maxsize=_KEPT)
def _read(relative: str) -> Any:
    with path(relative).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_LOADER)  # noqa: S506


def province() -> str:
    """The province of this installation, as its folder is called. Raises NoProvince, UnknownProvince."""
    found = chosen_province()
    if not found:
        raise NoProvince
    return found


def chosen_province() -> str:
    """The province that TDCS_PROVINCE names, else the one set up in this installation's home; "" before one is set up.

    Raises UnknownProvince.
    """
    named = os.environ.get(PROVINCE_VARIABLE, "").strip()
    if named:
        require_province(named)
        return named
    return _set_up(str(home()))


_FOUND: Final[dict[str, str]] = {}


def _set_up(home_folder: str) -> str:
    """The province chosen in a home, or the first with a file there; kept once there is one, looked for again until then."""
    if home_folder not in _FOUND:
        chosen = Path(home_folder, CHOSEN)
        found = sorted(Path(home_folder).glob(f"{_PROVINCES}*/province.yaml"))
        if chosen.is_file():
            _FOUND[home_folder] = chosen.read_text(encoding="utf-8").strip()
        elif found:
            _FOUND[home_folder] = found[0].parent.name
    return _FOUND.get(home_folder, "")


forgetting(_FOUND.clear)
forgetting(_read.cache_clear)


def of_province(file: str) -> list[Any]:
    """What the installation's province keeps in a file of its folder; nothing where it has none, or no province."""
    slug = chosen_province()
    relative = f"{_PROVINCES}{slug}/{file}"
    return list(load(relative)) if slug and path(relative).is_file() else []


def province_name(on: date, language: str = "vi") -> str:
    """The province with its kind on a day: "tỉnh Hòa An", from a day "thành phố Hòa An"; in English its name.

    Nothing before a province is set up.
    """
    slug = chosen_province()
    if not slug:
        return ""
    one = load(f"{_PROVINCES}{slug}/province.yaml")
    if language.startswith("en"):
        return str(one["name"])
    words = [row["word"] for row in one["kinds"] if row["from"] <= on]
    return f"{words[-1] if words else one['kinds'][0]['word']} {one['name']}"


def require_province(slug: str) -> None:
    """Raises UnknownProvince for a province that has no file."""
    if _ships(slug):
        return
    if not _SLUG.fullmatch(slug) or not path(f"{_PROVINCES}{slug}/province.yaml").is_file():
        raise UnknownProvince(province=slug)


@lru_cache(maxsize=_KEPT)
def _ships(slug: str) -> bool:
    """Whether a province's file is part of the program, and need not be looked for in the installation's home."""
    return (
        _SLUG.fullmatch(slug) is not None
        and (root() / f"{_PROVINCES}{slug}/province.yaml").is_file()
    )


forgetting(_ships.cache_clear)


@remembered
def provinces() -> tuple[str, ...]:
    """Every province that has a file, in order."""
    folders = (root(), home())
    found = {
        file.parent.name for one in folders for file in one.glob(f"{_PROVINCES}*/province.yaml")
    }
    return tuple(sorted(found))
