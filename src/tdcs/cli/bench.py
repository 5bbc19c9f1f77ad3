"""`tdcs bench`: what pages, reading and consolidation cost on this machine, on the demonstration province."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from tdcs.cli import demo as demonstration
from tdcs.cli.bench_close import close
from tdcs.cli.bench_coverage import coverage
from tdcs.cli.bench_day import day
from tdcs.cli.bench_extracts import audit_bench, extracts
from tdcs.cli.bench_forecast import forecast
from tdcs.cli.bench_indicators import indicators
from tdcs.cli.bench_load import load
from tdcs.cli.bench_mix import mix
from tdcs.cli.bench_policy import policy
from tdcs.cli.bench_post import post
from tdcs.cli.bench_reading import read_bench
from tdcs.cli.bench_scheme import scheme
from tdcs.cli.bench_session import session
from tdcs.cli.bench_session_app import session_app
from tdcs.cli.bench_sheets import sheets_bench
from tdcs.cli.bench_warning import warning

# Requirements of the plan's issue: milliseconds at the 95th percentile, seconds.
PAGE_P95_MS, PARSE_S, CONSOLIDATE_S = 150, 0.5, 5.0


@click.group("bench", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--rounds", default=20, show_default=True)
@click.pass_context
def bench(ctx: click.Context, as_json: bool, rounds: int) -> None:
    """Pages, reading and consolidation on the demonstration, which is built first when it is not there."""
    if ctx.invoked_subcommand:
        return
    found = {"machine": machine(), **_parse(rounds)}
    _ready()
    found |= {"pages": _pages(rounds), **_consolidate()}
    click.echo(json.dumps(found, indent=1, ensure_ascii=False) if as_json else _table(found))


bench.add_command(post)
bench.add_command(read_bench)
bench.add_command(load)
bench.add_command(mix)
bench.add_command(day)
bench.add_command(forecast)
bench.add_command(policy)
bench.add_command(scheme)
bench.add_command(session)
bench.add_command(warning)
bench.add_command(coverage)
bench.add_command(extracts)
bench.add_command(audit_bench)
bench.add_command(session_app)
bench.add_command(sheets_bench)


@bench.command("pages")
@click.option("--rounds", default=20, show_default=True)
def pages(rounds: int) -> None:
    """Server time of every page, as each role sees it."""
    _ready()
    click.echo(_table({"machine": machine(), "pages": _pages(rounds)}))


bench.add_command(indicators)


bench.add_command(close)


def machine() -> str:
    """Cores, system, Python."""
    cores = (
        len(Path("/proc/cpuinfo").read_text().split("processor\t:")) - 1
        if Path("/proc/cpuinfo").exists()
        else 0
    )
    return f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _ready() -> str:
    """The demonstration that is there, at any scale, or the default one, built now; its scale."""
    day = date.fromisoformat(demonstration.DEMO_DAY)
    demonstration.prepare(day)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from tdcs.demo import build

    if found := build.scale_there(on=day, seed=232):
        return found
    build.build(
        on=day,
        seed=232,
        scale=demonstration.DEMO_SCALE,
        plan_file=demonstration.reference(),
        step=demonstration.steps(),
    )
    return str(demonstration.DEMO_SCALE)


def _timed(work: Callable[[], Any], rounds: int) -> list[float]:
    """Seconds of each round, after one that is not counted."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _parse(rounds: int) -> dict[str, Any]:
    from tdcs.plans.reading import read_plan

    source = demonstration.reference() or Path(__file__).parents[1] / "demo/data/ke-hoach-mau.txt"
    content = source.read_bytes()
    return {
        "parse_s": round(statistics.median(_timed(lambda: read_plan(content), rounds)), 3),
        "parse_bound_s": PARSE_S,
    }


def _pages(rounds: int) -> list[dict[str, Any]]:
    from django.test import Client

    from tdcs.access.models import User

    found: list[dict[str, Any]] = []
    for username in ("demo-kehoach", "demo-langa"):
        client = Client(headers={"host": "localhost"})
        client.force_login(
            User.objects.get(username=username),
            backend="tdcs.access.backends.AccountBackend",
        )
        for path in _paths(username):
            answer = client.get(path)
            if answer.status_code != 200:
                found.append({"who": username, "page": path, "status": answer.status_code})
                continue
            times = _timed(lambda c=client, p=path: c.get(p).content, rounds)  # type: ignore[misc]
            found.append(
                {
                    "who": username,
                    "page": path,
                    "p50_ms": round(1000 * statistics.median(times), 1),
                    "p95_ms": round(1000 * _p95(times), 1),
                    "kB": round(len(answer.content) / 1024),
                }
            )
    return found


def _paths(username: str) -> list[str]:
    from django.urls import reverse

    from tdcs.plans.models import Obligation, ReportState, Task, UnitReport

    unit = {"holder__holdings__user__username": username}
    own = (
        Obligation.objects.filter(year=2026, **unit).first()
        or Obligation.objects.filter(year=2026).first()
    )
    report = UnitReport.objects.filter(
        year=2025, state=ReportState.ACCEPTED, organisation__code="ubnd@n26227"
    ).first()
    names = [
        "inbox",
        "calendar",
        "directives",
        "reports",
        "unit_plans",
        "proposals",
        "plan",
        "years",
    ]
    paths = [reverse(f"plans:{name}") for name in names]
    if own:
        paths.append(reverse("plans:obligation", args=[own.pk]))
    if report:
        paths.append(reverse("plans:report", args=[report.pk]))
    paths += [
        reverse("organisations:tree"),
        reverse("organisations:changes"),
        reverse("web:search") + "?q=la+nga",
    ]
    if username == "demo-kehoach":
        task = Task.objects.order_by("position").first()
        matrix = reverse("plans:matrix")
        paths += [
            "/",
            reverse("web:progress"),
            reverse("indicators:table"),
            reverse("indicators:table") + "?by=commune",
            reverse("indicators:why", args=["overdue_rate"]),
            reverse("indicators:loans") + "?code=overdue",
            matrix,
            f"{matrix}?year=2024",
            f"{matrix}?year=2025&page=3",
            f"{matrix}?standing=late",
        ]
        paths += [reverse("plans:reminders"), reverse("plans:consolidated", args=[2025])]
        paths += [reverse("plans:task", args=[task.pk])] if task else []
    return paths


def _consolidate() -> dict[str, Any]:
    from django.test import Client
    from django.urls import reverse

    from tdcs.access.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(
        User.objects.get(username="demo-kehoach"),
        backend="tdcs.access.backends.AccountBackend",
    )
    url = reverse("plans:consolidated", args=[2025])
    times: dict[str, Any] = {}
    for fmt in ("docx", "pdf"):
        start = time.perf_counter()
        size = len(client.get(f"{url}{fmt}/").content)
        times[f"consolidated_{fmt}_s"] = round(time.perf_counter() - start, 2)
        times[f"consolidated_{fmt}_kB"] = round(size / 1024)
    return {**times, "consolidated_bound_s": CONSOLIDATE_S}


def _table(found: dict[str, Any]) -> str:
    lines = [f"{key}: {value}" for key, value in found.items() if key != "pages"]
    for row in found.get("pages", []):
        if "status" in row:
            lines.append(f"{row['who']:14} {row['page']:46} status {row['status']}")
        else:
            mark = "" if row["p95_ms"] <= PAGE_P95_MS else "  > 150"
            lines.append(
                f"{row['who']:14} {row['page']:46} p50 {row['p50_ms']:7.1f}  p95 {row['p95_ms']:7.1f} ms  {row['kB']:5} kB{mark}"
            )
    return "\n".join(lines)
