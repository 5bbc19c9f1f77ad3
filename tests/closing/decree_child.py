"""A process of its own that carries a decree out; it may be told to kill itself at the n-th stage.

    python decree_child.py carry [STAGE]

The database and the home come from the environment, as in production.
"""

from __future__ import annotations

import json
import os
import signal
import sys

from tdcs.cli import setup

setup.django()

from decree_book import ACT, DECREE  # noqa: E402

from tdcs.closing.queries import decrees as foreseen  # noqa: E402
from tdcs.closing.services.decrees import carry_out  # noqa: E402
from tdcs.core import clock  # noqa: E402

# Pieces of two loans, so that a kill can come between them.
foreseen.PIECE = 2  # type: ignore[misc]


def carry(stage: int | None) -> None:
    """The carrying out; before the ``stage``-th thing it tells the process is gone."""
    told = 0

    def tell(words: str) -> None:
        nonlocal told
        told += 1
        if told == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    with clock.fixed_today(ACT):
        answer = carry_out(document=DECREE, by=None, on=ACT, step=tell)
    kept = {k: answer.result[k] for k in ("loans", "brought", "credits", "credit", "days")}
    print(told, json.dumps(kept, sort_keys=True).replace(" ", ""), flush=True)


if __name__ == "__main__":
    carry(int(sys.argv[2]) if len(sys.argv) > 2 else None)
