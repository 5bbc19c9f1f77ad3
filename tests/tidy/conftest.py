"""What the tests of this folder parsed is kept for them alone."""

from __future__ import annotations

from pathlib import Path

import parsed
import pytest


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """After the folder's last test in a process its trees are no more."""
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        parsed.forget()
