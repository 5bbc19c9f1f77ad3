"""The law's files changed for a test: what was computed from them is forgotten before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from unittest.mock import patch

from tdcs.core import law

# Changes the content of one file in place.
Change = Callable[[Any], None]


@contextmanager
def changed_law(**changes: Change) -> Iterator[None]:
    """``changed_law(loans=...)``: files of law/parameters by their name, each with what to change in it."""
    with changed_files({f"parameters/{name}.yaml": change for name, change in changes.items()}):
        yield


@contextmanager
def changed_files(changes: dict[str, Change]) -> Iterator[None]:
    """Files of the law by their path in it; what a change returns is not asked for."""
    real = law.load
    written = {path: deepcopy(real(path)) for path in changes}
    for path, change in changes.items():
        change(written[path])

    def load(relative: str) -> Any:
        return written[relative] if relative in written else real(relative)

    with patch.object(law, "load", load):
        law.forget()
        try:
            yield
        finally:
            law.forget()


def every(name: str, value: int) -> Change:
    """Sets a shared figure on all of its days."""

    def change(rows: Any) -> None:
        for row in rows[name]:
            row["value"] = value

    return change
