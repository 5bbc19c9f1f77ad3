"""`tdcs loan project` as a bank's own system would call it: text in, text out, an exit code."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from random_loans import random_case
from referee import FIELDS, refer

from tdcs.cli import loan as loan_commands

LOAN: dict[str, Any] = {
    "programme": "HN", "principal": 50000000, "disbursed_on": "2024-03-05", "term_months": 36,
    "instalment_months": 6, "rate_ppm": None, "session_day": None,
    "events": [{"on": "2024-04-10", "kind": "interest", "amount": 297534},
               {"on": "2024-09-05", "kind": "principal", "amount": 8000000}],
    "as_of": "2025-01-31",
}  # fmt: skip


def run(text: str | bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    program = str(Path(sys.executable).with_name("tdcs"))
    raw = text.encode() if isinstance(text, str) else text
    return subprocess.run(
        [program, "loan", "project", "-", *options], input=raw, capture_output=True, check=False
    )


def answer(loan: Any) -> dict[str, Any]:
    done = run(json.dumps(loan))
    result: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (1 if "error" in result else 0)
    assert bool(done.stderr) == ("error" in result)
    return result


def test_one_object() -> None:
    """50 million for 184 days, then 42 million for 149 days, at 6.6%: 2,795,145.2 dong."""
    result = answer(LOAN)
    assert (result["balance"], result["interest_accrued"], result["interest_due"]) == (
        42000000,
        2795145,
        2497611,
    )
    assert [row["principal"] for row in result["schedule"]] == [8300000] * 5 + [8500000]
    assert (result["final_due_on"], result["state"], result["overdue_since"]) == (
        "2027-03-05",
        "in_time",
        None,
    )
    assert any("QD-750-2015-TTg" in source for source in result["sources"])
    assert set(FIELDS) | {"sources"} == set(result)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "vay.json"
    path.write_text(json.dumps(LOAN), encoding="utf-8")
    program = str(Path(sys.executable).with_name("tdcs"))
    done = subprocess.run(
        [program, "loan", "project", str(path), "--json"], capture_output=True, check=True
    )
    assert json.loads(done.stdout) == answer(LOAN)


def test_a_file_that_is_not_there() -> None:
    program = str(Path(sys.executable).with_name("tdcs"))
    done = subprocess.run(
        [program, "loan", "project", "khong-co.json"], capture_output=True, check=False
    )
    assert done.returncode == 2
    assert not done.stdout and b"Traceback" not in done.stderr


def test_lines_with_a_bad_one_in_the_middle() -> None:
    """The others go on, each on its own line."""
    cases = [random_case(random.Random(f"line {number}")) for number in range(60)]
    lines = [json.dumps(case) for case in cases]
    lines[20] = '{"programme": "HN"'
    lines[40] = json.dumps(cases[40] | {"principal": 0})
    done = run("\n".join(lines) + "\n", "--lines")
    results = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0 and len(results) == 60
    assert (results[20]["error"]["code"], results[40]["error"]["code"]) == (
        "bad_json",
        "amount_not_positive",
    )
    for number in set(range(60)) - {20, 40}:
        expect = refer(cases[number])
        assert {name: results[number][name] for name in expect} == expect


def test_batches_shared_among_processes_come_out_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loan_commands, "_BATCH", 7)
    cases = [random_case(random.Random(f"shared {number}")) for number in range(24)]
    lines = [json.dumps(case) for case in cases]
    lines[9] = "{"
    file = tmp_path / "loans.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(loan_commands.loan, ["project", str(file), "--lines"])
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.exit_code, len(results)) == (0, 24)
    assert done.stderr.splitlines() == ["7/24", "14/24", "21/24", "24/24"]
    assert results[9]["error"]["code"] == "bad_json"
    for number in set(range(24)) - {9}:
        expect = refer(cases[number])
        assert {name: results[number][name] for name in expect} == expect


def test_lines_of_windows_and_a_last_line_without_an_end() -> None:
    line = json.dumps(LOAN)
    done = run(f"{line}\r\n{line}", "--lines")
    assert [json.loads(text)["balance"] for text in done.stdout.splitlines()] == [42000000] * 2


def test_a_line_that_is_not_utf_8_is_refused_alone() -> None:
    done = run(b"\xff\xfe\n" + json.dumps(LOAN).encode() + b"\n", "--lines")
    first, second = (json.loads(text) for text in done.stdout.splitlines())
    assert first["error"]["code"] == "bad_json" and second["balance"] == 42000000


@pytest.mark.parametrize("sign", ["[", '{"a":'])
def test_a_line_of_brackets_in_brackets_is_refused_alone(sign: str) -> None:
    """Alone, and as a field of a loan that is not known and so not looked into."""
    last = {"[": "]", '{"a":': "}"}[sign]
    deep = sign * 5_000 + "1" + last * 5_000
    note = json.dumps(LOAN)[:-1] + f', "note": {deep}}}'
    done = run("\n".join([deep, note, sign * 5_000, json.dumps(LOAN)]), "--lines")
    *bad, good = (json.loads(text) for text in done.stdout.splitlines())
    alone = {"[": "not_an_object", '{"a":': "bad_json"}[sign]
    assert [one["error"]["code"] for one in bad] == [alone, "bad_json", alone]
    assert good["balance"] == 42000000


def test_no_lines_give_no_lines() -> None:
    done = run("", "--lines")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    "text",
    ["", "   \n", "xin chào", '{"programme": NaN}', json.dumps(LOAN) * 2, '{"programme": "HN",}'],
)
def test_what_is_not_json(text: str) -> None:
    done = run(text)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "bad_json"
    assert len(done.stderr.decode().strip().splitlines()) == 1 and b"Traceback" not in done.stderr


@pytest.mark.parametrize("thing", [[], [LOAN], 5, "HN", None, True])
def test_what_is_not_an_object(thing: Any) -> None:
    assert answer(thing)["error"]["code"] == "not_an_object"


WRONG: list[dict[str, Any]] = [
    {"principal": 50000000.0},
    {"principal": "50000000"},
    {"principal": True},
    {"principal": None},
    {"principal": 10**30},
    {"principal": 2**63},
    {"programme": 7},
    {"term_months": 0},
    {"term_months": -1},
    {"term_months": 36.5},
    {"term_months": 10**9},
    {"instalment_months": 0},
    {"session_day": 0},
    {"session_day": 32},
    {"rate_ppm": -1},
    {"rate_ppm": 6.6},
    {"disbursed_on": "2024-02-30"},
    {"disbursed_on": "05/03/2024"},
    {"as_of": "2025-01-31T00:00:00"},
    {"as_of": 20250131},
    {"as_of": "9999-12-31"},
    {"events": None},
    {"events": {}},
    {"events": [5]},
    {"events": [{"on": "2024-04-10", "kind": "gift", "amount": 1}]},
    {"events": [{"on": "2024-04-10", "kind": "principal"}]},
    {"events": [{"on": "2024-04-10", "kind": "principal", "amount": 1.5}]},
    {"events": [{"on": "2024-04-10", "kind": "principal", "amount": "1"}]},
    {"events": [{"on": "2024-04-10", "kind": "principal", "amount": 10**30}]},
    {"events": [{"kind": "principal", "amount": 1}]},
    {"events": [{"on": "2024-04-10", "kind": "freeze"}]},
    {"events": [{"on": "2024-04-10", "kind": "extend", "to": "2027-13-05"}]},
    {"events": [{"on": "2024-04-10", "kind": "reverse", "of": -1}]},
    {"events": [{"on": "2024-04-10", "kind": "rate", "rate_ppm": 66000.5}]},
]


def test_wrong_values_are_refused_and_nothing_else_is(tmp_path: Path) -> None:
    lines = [json.dumps(LOAN | change) for change in WRONG]
    done = run("\n".join([json.dumps(LOAN), *lines, json.dumps(LOAN)]), "--lines")
    first, *results, last = (json.loads(text) for text in done.stdout.splitlines())
    assert first == last and first["balance"] == 42000000
    codes = {
        json.dumps(change): result.get("error", {}).get("code")
        for change, result in zip(WRONG, results, strict=True)
    }
    assert set(codes.values()) == {"bad_value"}, {
        text: code for text, code in codes.items() if code != "bad_value"
    }
    for change, result in zip(WRONG, results, strict=True):
        assert f"“{next(iter(change))}" in result["error"]["message"] or "events" in change, result


@pytest.mark.parametrize("name", ["programme", "principal", "disbursed_on", "term_months", "as_of"])
def test_what_is_missing_is_refused_by_name(name: str) -> None:
    error = answer({key: value for key, value in LOAN.items() if key != name})["error"]
    assert error["code"] == "bad_value" and name in error["message"]


def test_no_events_and_no_choices_may_be_left_out() -> None:
    least = {
        name: LOAN[name]
        for name in ("programme", "principal", "disbursed_on", "term_months", "as_of")
    }
    assert answer(least)["balance"] == 50000000


def test_a_refusal_says_why_on_which_basis_and_what_to_do() -> None:
    error = answer(LOAN | {"principal": 100000001})["error"]
    assert error["code"] == "above_maximum"
    assert "100000001" in error["message"].replace(".", "") and "100000000" in error[
        "message"
    ].replace(".", "")
    assert "QD-12-2019-HDQT" in error["basis"]
    assert error["message_en"] and error["next_step"]
