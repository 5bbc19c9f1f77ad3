"""`tdcs loan …`: what a loan owes on a day, one or a hundred thousand."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

if TYPE_CHECKING:
    from tdcs.loans.rules.project import Projection

# Loans computed side by side in one frame: memory stays bounded on endless input.
_BATCH = 25_000


@click.group("loan")
def loan() -> None:
    """What a loan owes on a day."""


@loan.command("project")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--lines", is_flag=True, help="JSON Lines in, one result a line out.")
@click.option(
    "--json", "as_json", is_flag=True, help="Accepted for symmetry; the output is JSON anyway."
)
def project(file: Path, lines: bool, as_json: bool) -> None:
    """Schedule and position of loans on a day, from terms and events. Needs no database.

    A file or - holds one JSON object, or with --lines one on each line. Exits 1 when the one loan is refused.
    """
    content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    if lines:
        _many(content)
        return
    result = _project([content])[0]
    click.echo(msgspec.json.format(msgspec.json.encode(result)))
    if "error" in result:
        click.echo(f"{result['error']['message']} {result['error']['next_step']}".strip(), err=True)
        sys.exit(1)


def _many(content: bytes) -> None:
    """One result a line; a refused line says why and the others go on. Progress on stderr.

    Beyond one batch the batches are shared among processes: reading JSON takes longer than the columns.
    """
    given = [line for line in content.splitlines() if line.strip()]
    batches = [given[start : start + _BATCH] for start in range(0, len(given), _BATCH)]
    out, done = sys.stdout.buffer, 0
    for answer in _answer_batches(batches):
        out.write(answer)
        done = min(done + _BATCH, len(given))
        if len(batches) > 1:
            click.echo(f"{done}/{len(given)}", err=True)
    out.flush()


def _answer_batches(batches: list[list[bytes]]) -> Iterator[bytes]:
    """Each batch's result lines, in order."""
    if len(batches) < 2:
        yield from map(_answer, batches)
        return
    # Fresh processes: a fork of one that has used Polars would wait for its threads for ever.
    context = multiprocessing.get_context("spawn")
    workers = min(len(batches), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(_answer, batches)


def _answer(lines: list[bytes]) -> bytes:
    encoder = msgspec.json.Encoder()
    # A batch makes a million small objects and no rings of them: looking for rings costs a quarter of the time.
    gc.disable()
    try:
        return b"".join(encoder.encode(result) + b"\n" for result in _project(lines))
    finally:
        gc.enable()


def _project(lines: list[bytes]) -> list[Projection]:
    from tdcs.loans.rules.project import project_lines

    return project_lines(lines)
