"""Closed days in which tests begin; not for the processes that tests start (business.py)."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from business import Business, run_days
from django.test import override_settings
from grounds import GROUNDS, Ground
from lending_cast import Bank
from lending_grounds import BANK

from tdcs.closing import ports


def days_closed(last: date) -> Ground:
    """The days through ``last`` are closed, once for all tests that begin there; the value: the business and its folder."""

    def made(bank: Bank) -> tuple[Business, Path]:
        folder = Path(tempfile.mkdtemp(prefix="tdcs-closed-days-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        with (
            override_settings(HOME=folder),
            patch.object(ports.days_closed, "provider", lambda days: None),
        ):
            return run_days(bank, last), folder

    return Ground(made, date(2026, 11, 23), BANK)


def begun_in(home: Path, ground: Ground) -> Business:
    """The business of a ground of closed days, whose snapshots lie in ``home`` too."""
    business, folder = GROUNDS.value(ground)
    shutil.copytree(folder, home, dirs_exist_ok=True)
    found: Business = business
    return found
