"""Where most stories of lending begin."""

from __future__ import annotations

from datetime import date

from grounds import Ground
from lending_cast import make_bank

BANK = Ground(make_bank, date(2026, 11, 23))
