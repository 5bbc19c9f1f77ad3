"""Take the pictures of the session's app in docs/pictures anew: `python tools/session_pictures.py`.

A province with one session of today is laid out in a folder of its own, as for the browser tests, and a team holds the
session with no network: its app cannot be shown by an address alone, as tools/pictures.py shows the other pages.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Final

sys.path += [str(Path(__file__).resolve().parents[1] / "tests" / room) for room in ("", "browser")]

from debian_chromium import ARGS, CHROMIUM
from pictures import keep
from serving import PEOPLE, prepare, serving
from session_cast import HOME, TODAY, Tablet

TABLET: Final = {"width": 768, "height": 800}
TELEPHONE: Final = {"width": 390, "height": 812}
# An office that takes transfers: each borrower's card then has the button for them.
_ACCOUNT: Final = """
from datetime import date
import django
django.setup()
from tdcs.transaction_points.models import TransactionSession, TransferAccount
office = TransactionSession.objects.get().office
TransferAccount.objects.create(office=office, bank_bin="999888", number="0123456789", starts_on=date(2024, 1, 1))
"""


def take() -> None:
    """A group's sheet on a tablet; a receipt and the count at the end on a telephone."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="tdcs-session-") as folder:
        home = Path(folder)
        # The database's own user starts its server below it.
        home.chmod(0o755)
        prepare(home, TODAY, PEOPLE, HOME, _ACCOUNT)
        with serving(home, TODAY) as site, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
            _hold(Tablet(chromium, site, **TABLET))
            chromium.close()


def _hold(tablet: Tablet) -> None:
    page: Any = tablet.page
    tablet.prepare()
    tablet.offline()
    page.reload()
    tablet.unlock()
    tablet.open_sheet()
    keep(page, "session-sheet-768")
    page.set_viewport_size(TELEPHONE)
    first = page.locator(".card").nth(0)
    first.get_by_label("Gốc,").fill("500000")
    first.get_by_label("Tiền gửi,").fill("100000")
    tablet.enter_sheet()
    page.locator(".row", has_text="QR").first.click()
    page.locator("dialog .qr").wait_for()
    keep(page, "session-receipt-390")
    tablet.press("Xong")
    tablet.count(tablet.cash())
    keep(page, "session-closing-390")


if __name__ == "__main__":
    take()
