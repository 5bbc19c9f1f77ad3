"""The Chromium of the browser tests: Debian's, without a desktop's windows where that package is there.

Opening a page in ``chromium-headless-shell`` takes a third of the processor time that the whole ``chromium`` takes; both are
built of the same source.
"""

from __future__ import annotations

import shutil
from typing import Final

CHROMIUM: Final = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing glides while a test waits for it.
    "--force-prefers-reduced-motion",
)
