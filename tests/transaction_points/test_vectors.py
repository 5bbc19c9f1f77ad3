"""Vectors for the device: the same for a seed, legal loans, and what the referee of the loans room says as well."""

from __future__ import annotations

import json

from click.testing import CliRunner
from referee import FIELDS, refer

from tdcs.cli.session import session
from tdcs.transaction_points.rules.vectors import vectors


def test_the_referee_agrees_and_the_seed_decides() -> None:
    found = list(vectors(40, 3))
    assert found == list(vectors(40, 3)) and found != list(vectors(40, 4))
    assert 100 < len(found) <= 120
    kinds = {event["kind"] for one in found for event in one["case"]["events"]}
    assert kinds == {"interest", "principal", "session_day"}
    for one in found:
        referee = refer(one["case"])
        assert {n: one["expect"][n] for n in FIELDS} == {n: referee[n] for n in FIELDS}


def test_the_command_writes_lines() -> None:
    done = CliRunner().invoke(session, ["vectors", "--count", "5", "--seed", "1"])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["loans"] == 5 and {"case", "law", "expect"} == set(lines[1])
    assert CliRunner().invoke(session, ["vectors", "--count", "0"]).exit_code == 2
