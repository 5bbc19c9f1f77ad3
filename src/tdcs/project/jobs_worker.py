"""Starts the worker of background jobs on this installation's database; `tdcs serve` runs it (`python -m`), without Django."""

from __future__ import annotations

import os
import sys

from tdcs.jobs.worker import lead
from tdcs.project import embedded


def main() -> None:
    """Work until told to stop, or until the process of the given number is no longer the parent."""
    url = embedded.address()
    # What this process starts finds the database running, and need not look after it.
    os.environ["DATABASE_URL"] = url
    lead(embedded.parameters(url), int(sys.argv[1]) if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    main()
