"""Three weeks of bà Hoa's group of which the last eight days are closed: enough to compare two of them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from business import FIRST, Business, run_days
from django.test import override_settings
from grounds import GROUNDS, Ground
from lending_cast import Bank
from lending_grounds import BANK

from tdcs.closing import ports

# The last closed day: a loan is frozen, one was paid back whole.
DAY = FIRST + timedelta(days=21)
EARLIER = DAY - timedelta(days=7)


def _made(bank: Bank) -> tuple[Business, Path]:
    folder = Path(tempfile.mkdtemp(prefix="tdcs-sheets-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with (
        override_settings(HOME=folder),
        patch.object(ports.days_closed, "provider", lambda days: None),
    ):
        return run_days(bank, DAY, first=EARLIER), folder


CLOSED = Ground(_made, date(2026, 11, 23), BANK)


def begun_in(home: Path) -> Business:
    """The business, whose snapshots lie in ``home``."""
    business, folder = GROUNDS.value(CLOSED)
    shutil.copytree(folder, home, dirs_exist_ok=True)
    found: Business = business
    return found
