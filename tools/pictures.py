"""Take docs/pictures anew from a demonstration that is being served: `python tools/pictures.py ADDRESS [NAME…]`.

The session's app is shown by tools/session_pictures.py. Needs what the browser tests need (`make test` installs it) and Debian's chromium. WebP, so that a picture stays small.
"""

from __future__ import annotations

import base64
import re
import shutil
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
# What a picture may weigh, for the repository's sake: a test holds it.
MOST_BYTES: Final = 150_000
_QUALITY: Final = (82, 70, 55, 40)

# Picture → account of the demonstration, address, the link to follow from there ("" for none), width, height.
PICTURES: Final[dict[str, tuple[str, str, str, int, int]]] = {
    "dashboard-1440": ("demo-lanhdao", "/chi-tieu/", "", 1440, 1000),
    "dashboard-390": ("demo-lanhdao", "/chi-tieu/", "", 390, 844),
    "progress-1440": ("demo-kehoach", "/tien-do/", "", 1440, 900),
    "matrix-1440": ("demo-kehoach", "/ke-hoach/ma-tran/", "", 1440, 900),
    "consolidated-1440": (
        "demo-kehoach",
        "/ke-hoach/tong-hop/?year=2025",
        r"/tong-hop/2025/$",
        1440,
        900,
    ),
    "inbox-390": ("demo-langa", "/ke-hoach/viec/", "", 390, 844),
    "loan-1440": ("demo-tindung", "/vay/khoan-vay/", r"/vay/khoan-vay/\d+/$", 1440, 1000),
    "loan-390": ("demo-tindung", "/vay/khoan-vay/", r"/vay/khoan-vay/\d+/$", 390, 844),
    "household-1440": ("demo-tindung", "/ho/", r"/ho/\d+/$", 1440, 900),
    "sheet-1440": ("demo-giaodich", "/vay/thu-no/", r"/thu-no/to/\d+/", 1440, 900),
    "ledger-1440": ("demo-ketoan", "/so-cai/can-doi/", "", 1440, 900),
    "decree-1440": ("demo-giamdoc", "/so-ngay/quyet-dinh/", r"/quyet-dinh/[^/]+/$", 1440, 900),
}


def take(address: str, names: list[str]) -> None:
    """These pictures, each with its account."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in names:
            person, path, link, width, height = PICTURES[name]
            context = chromium.new_context(
                viewport={"width": width, "height": height}, locale="vi-VN"
            )
            page = context.new_page()
            page.goto(f"{address}/tai-khoan/login/")
            page.click(f"button[value={person}]")
            _open(page, f"{address}{path}")
            if link:
                _open(page, f"{address}{_first(page, link)}")
            page.wait_for_load_state("networkidle")
            keep(page, name)
            context.close()
        chromium.close()


def keep(page: Any, name: str) -> None:
    """What the window shows as a picture of that name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    content = _picture(page)
    (FOLDER / f"{name}.webp").write_bytes(content)
    print(f"{name}.webp {len(content):,} bytes, {urlsplit(page.url).path}")


def _open(page: Any, address: str) -> None:
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{address}: {answer and answer.status}")


def _first(page: Any, link: str) -> str:
    """The first link of the page's own part (not the rail) whose address fits."""
    found = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    return next(one for one in found if re.search(link, one.partition("?")[0]))


def _picture(page: Any) -> bytes:
    """What the window shows, as small as it has to be."""
    session = page.context.new_cdp_session(page)
    for quality in _QUALITY:
        shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        content = base64.b64decode(shot["data"])
        if len(content) <= MOST_BYTES:
            return content
    raise SystemExit(f"{page.url}: {len(content):,} bytes")


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), sys.argv[2:] or list(PICTURES))
