"""What the tests of a folder share and no other test may meet: it ends after the last test of the folder in a process.

A fixture for a file would make it again for each file; one for the session would stay beside the tests of other folders.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest


class UntilLeft:
    """One thing that is made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ends = ExitStack()
        self.made: Any = None

    def get(self, make: Callable[[], AbstractContextManager[Any]]) -> Any:
        """The thing, made when it is not there."""
        if self.made is None:
            self.made = self.ends.enter_context(make())
        return self.made

    def end(self) -> None:
        """It is no more."""
        self.made = None
        self.ends.close()

    def after(self, following: pytest.Item | None) -> None:
        """After a test and its fixtures: ends when the next test is none of the folder's."""
        if following is None or self.folder not in following.path.parents:
            self.end()
