"""`tdcs bench mix`: the mix of `tdcs bench load` asked of one worker in this process: processor time and queries by kind.

Wall time on a shared machine says little; the processor time of the same requests in the same order can be compared.
"""

from __future__ import annotations

import gc
import io
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import click

from tdcs.cli.bench_load import EVERY_OFFICE, Site, filled, next_of, site_of

# Users whose requests are taken in turn.
USERS: Final = 300
_KEPT: Final = re.compile(r"\bkept\b")


@dataclass(slots=True)
class Spent:
    """Processor seconds and queries of the requests of one kind."""

    seconds: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Got:
    """An answer of the application, and what it cost."""

    status: int
    page: str
    cookie: str
    kept: bool
    seconds: float
    queries: int


class Worker:
    """The application as a server's worker calls it, one request after another."""

    def __init__(self, site: Site) -> None:
        from django.core.wsgi import get_wsgi_application

        self.site, self.application, self.queries = site, get_wsgi_application(), 0
        # As a worker begins (project/wsgi.py).
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)

    def ask(self, method: str, account: str, address: str, sent: str = "", cookie: str = "") -> Got:
        """One request; a query counts whatever asks it."""
        path, _, query = address.partition("?")
        body = sent.encode()
        told: dict[str, Any] = {}

        def begin(status: str, headers: list[tuple[str, str]], _error: Any = None, /) -> Any:
            told.update(status=status, headers=headers)

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT": "text/html",
            "HTTP_COOKIE": "; ".join(filter(None, (self.site.cookies[account], cookie))),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        before, start = self.queries, time.process_time()
        answer = self.application(environ, begin)
        page = b"".join(answer)
        answer.close()
        spent = time.process_time() - start
        headers: Any = told["headers"]
        cookies = [value.split(";")[0] for name, value in headers if name == "Set-Cookie"]
        timing = dict(headers).get("Server-Timing", "")
        return Got(
            status=int(str(told["status"])[:3]),
            page=page.decode(errors="replace"),
            cookie="; ".join(cookies),
            kept=_KEPT.search(timing) is not None,
            seconds=spent,
            queries=self.queries - before,
        )

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Counts the queries of every request inside."""
        from django.db import connection

        def execute(run: Any, *given: Any) -> Any:
            self.queries += 1
            return run(*given)

        with connection.execute_wrapper(execute):
            yield


def replay(site: Site, requests: int, seed: int = 1) -> dict[tuple[str, str], Spent]:
    """(kind, kept or made) → what it cost, of the requests of ``USERS`` people in turn."""
    worker, luck = Worker(site), random.Random(seed)
    found: dict[tuple[str, str], Spent] = defaultdict(Spent)

    def note(kind: str, got: Got, right: int) -> None:
        if got.status != right:
            raise click.ClickException(f"{kind}: {got.status}")
        spent = found[kind, "kept" if got.kept else "made"]
        spent.seconds.append(got.seconds)
        spent.queries.append(got.queries)

    with worker.counting():
        for _ in range(requests):
            asked = next_of(site, luck.randrange(USERS), luck)
            if asked is None:
                continue
            kind, account, address = asked
            got = worker.ask("GET", account, address)
            note("form" if kind == "post" else kind, got, 200)
            if kind == "post" and (sent := filled(got.page)):
                note("post", worker.ask("POST", account, address, sent, got.cookie), 302)
    return found


def table_of(found: dict[tuple[str, str], Spent]) -> str:
    """Requests, milliseconds of processor and queries by kind, kept and made apart; last the mean of all."""
    lines = []
    for (kind, how), spent in sorted(found.items()):
        mean, (low, high) = _mean(spent.seconds), (min(spent.queries), max(spent.queries))
        middle = sorted(spent.seconds)[len(spent.seconds) // 2]
        lines.append(
            f"{kind:10} {how:5} {len(spent.seconds):6}  mean {mean:7.1f}"
            f"  p50 {1000 * middle:7.1f} ms  queries {_typical(spent.queries):3} ({low}-{high})"
        )
    every = [one for spent in found.values() for one in spent.seconds]
    kept = sum(len(spent.seconds) for (_, how), spent in found.items() if how == "kept")
    share = 100 * kept // max(len(every), 1)
    return "\n".join(
        [
            *lines,
            f"{'all':10} {'':5} {len(every):6}  mean {_mean(every):7.1f} ms  kept {share} %",
        ]
    )


def _mean(seconds: list[float]) -> float:
    return 1000 * sum(seconds) / max(len(seconds), 1)


def _typical(counts: list[int]) -> int:
    return sorted(counts)[len(counts) // 2]


@click.command("mix")
@click.option("--requests", default=1000, show_default=True)
@click.option(
    "--offices", default=EVERY_OFFICE, show_default=True, help="Offices whose people work, at most."
)
@click.option("--profile", type=click.Path(dir_okay=False), help="Keep a profile in a file.")
def mix(requests: int, offices: int, profile: str | None) -> None:
    """Processor time and queries of the mix of `bench load`, in this process, from nothing kept."""
    import os

    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from tdcs.cli.bench import _ready

    _ready()
    import cProfile

    from django.core.cache import cache

    from tdcs.web.models import KeptPage

    KeptPage.objects.all().delete()
    cache.clear()
    site = site_of("localhost", 0, offices)
    watch = cProfile.Profile(time.process_time)
    found = watch.runcall(replay, site, requests) if profile else replay(site, requests)
    if profile:
        watch.dump_stats(profile)
    click.echo(f"accounts {len(site.cookies)}")
    click.echo(table_of(found))
