"""A refusal says the same in both languages, with a next step, under a code of its own in its room's catalogue."""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
from parsed import nodes_of

from tdcs.core import law, phrases
from tdcs.core.errors import Refusal
from tdcs.households.models import PovertyReview
from tdcs.ledger.models import EntryRequest
from tdcs.loans import states as loan_states
from tdcs.plans import states as plan_states
from tdcs.plans.models import ObligationState, ProposalState, TimingKind
from tdcs.reporting import states as report_states

SRC = Path(__file__).resolve().parents[2] / "src"


def _all() -> list[type[Refusal]]:
    """Every refusal of the project; those that only gather others have no words of their own."""
    for file in sorted((SRC / "tdcs").rglob("*.py")):
        if re.search(r"\((Refusal|RowsRefused)\)", file.read_text(encoding="utf-8")):
            importlib.import_module(".".join(file.relative_to(SRC).with_suffix("").parts))
    found: list[type[Refusal]] = []
    waiting = list(Refusal.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("tdcs.") and "vi" in vars(one):
            found.append(one)
    return sorted(set(found), key=lambda one: (one.__module__, one.__name__))


REFUSALS = _all()


def _fields(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("one", REFUSALS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_both_languages_say_the_same_fields(one: type[Refusal]) -> None:
    assert one.vi and one.en != Refusal.en
    assert _fields(one.vi) == _fields(one.en)
    said = _fields(one.next_step_vi)
    # English may name a place by another field than Vietnamese does.
    assert {name.removesuffix("_en") for name in _fields(one.next_step_en)} <= said
    assert one.vi.endswith((".", "?", "!", "}"))


def test_a_code_means_one_refusal_of_a_room() -> None:
    assert len(REFUSALS) > 150
    shared = Counter((one.__module__.split(".")[1], one.code) for one in REFUSALS)
    assert {code: n for code, n in shared.items() if n > 1} == {}


_VIETNAMESE = re.compile("[À-ỹĂăĐđƠơƯư]")
FILES = [
    file
    for file in sorted((SRC / "tdcs").rglob("*.py"))
    if "migrations" not in file.relative_to(SRC).parts
]


@pytest.mark.parametrize("one", REFUSALS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_it_says_what_to_do_next_in_both_languages(one: type[Refusal]) -> None:
    assert one.next_step_vi and one.next_step_en


@pytest.mark.parametrize("one", REFUSALS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_english_is_english(one: type[Refusal]) -> None:
    assert not _VIETNAMESE.search(one.en + one.next_step_en)


def test_what_a_rule_of_a_loan_refuses_says_the_same_in_both_languages() -> None:
    for code, text in law.load("parameters/loan-refusals.yaml").items():
        assert text["next"] and text["next_en"], code
        assert not _VIETNAMESE.search(text["en"] + text["next_en"]), code
        english = {name.removesuffix("_en") for name in _fields(text["en"])}
        assert english == _fields(text["vi"]), code


def test_refusals_stand_in_their_rooms_catalogue() -> None:
    """Classes in `errors.py` (or `errors_*.py`) only; nobody raises the base class with words of his own."""
    names = {one.__name__ for one in REFUSALS} | {"Refusal"}
    elsewhere = []
    for file in FILES:
        for node in nodes_of(file):
            if isinstance(node, ast.ClassDef) and not file.stem.startswith("errors"):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                if bases & names:
                    elsewhere.append(f"{file.relative_to(SRC)}:{node.lineno} {node.name}")
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Refusal"
            ):
                elsewhere.append(f"{file.relative_to(SRC)}:{node.lineno} Refusal(…)")
    assert elsewhere == []


def _said(node: ast.AST) -> list[str]:
    """Vietnamese phrases in an argument; what fills an f-string is "{}"."""
    found = []
    inside = {
        part
        for one in ast.walk(node)
        if isinstance(one, ast.JoinedStr)
        for part in ast.walk(one)
        if part is not one
    }
    for one in ast.walk(node):
        if isinstance(one, ast.JoinedStr):
            found.append(
                "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in one.values)
            )
        elif isinstance(one, ast.Constant) and isinstance(one.value, str) and one not in inside:
            found.append(one.value)
    # "số và ngày" joins two phrases.
    return [words for words in found if _VIETNAMESE.search(words) and words != " và "]


def test_what_fills_a_refusal_has_its_english() -> None:
    names = {one.__name__ for one in REFUSALS}
    missing = []
    for file in FILES:
        for node in nodes_of(file):
            if not isinstance(node, ast.Call):
                continue
            called = (
                node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            )
            if called in names:
                for words in (said for one in node.keywords for said in _said(one.value)):
                    if _VIETNAMESE.search(phrases.english(words.replace("{}", "1"))):
                        missing.append(f"{file.relative_to(SRC)}:{node.lineno} {words}")
    assert missing == []


# Where rows of tables that were sent in are judged: what is said there fills a refusal, often by way of a name or a list.
ROWS_JUDGED = (
    "households/services/importing.py",
    "outreach/services/importing.py",
    "oversight/services/reading_results.py",
    "oversight/services/reconciling.py",
    "reporting/rules/form.py",
    "transaction_points/services/leader_receipts.py",
    "transaction_points/services/transfers.py",
)
# Words of the files themselves: columns of a template, what explains them.
OF_THE_FILE = {
    "dạng 23/11/2026",
    "để trống nếu là đơn vị của mình",
    "bắt đầu bằng https://",
    "mã phiếu P{}-{}-U{}",
    r"(?i)\s*(đồng|đ|vnd)$",
}


@pytest.mark.parametrize("name", ROWS_JUDGED)
def test_why_a_row_is_refused_has_its_english(name: str) -> None:
    tree = ast.parse((SRC / "tdcs" / name).read_text(encoding="utf-8"))
    found = {
        words
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant)
        for words in _said(statement)
    }
    missing = [
        words
        for words in sorted(found - OF_THE_FILE)
        if _VIETNAMESE.search(phrases.english(words.replace("{}", "1")))
    ]
    assert found - OF_THE_FILE
    assert missing == []


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ("Số tiền", "Amount"),
        ("số, ký hiệu, người ký", "the number, the signer"),
        ("phải từ 0 đến 12", "must be from 0 to 12"),
        (
            "hai mã là cùng một hộ; đã được đảo.",
            "both codes are one household; it was reversed already.",
        ),
        ("số, ký hiệu và ngày ban hành", "the number and the day of issue"),
        ("Nguyễn Thị Hoa và ông Ba", "Nguyễn Thị Hoa và ông Ba"),
    ],
)
def test_phrases_lists_and_figures_are_said_in_english_and_names_stay(
    words: str, english: str
) -> None:
    assert phrases.english(words) == english


def test_labels_of_steps_and_states_have_their_english() -> None:
    steps = (
        *loan_states.MOVES.values(),
        *plan_states.MOVES.values(),
        *report_states.REPORT_MOVES.values(),
    )
    states = (
        loan_states.ApplicationState,
        ObligationState,
        ProposalState,
        TimingKind,
        PovertyReview.State,
        EntryRequest.State,
    )
    labels = [str(step.label) for step in steps] + [str(one) for of in states for one in of.labels]
    assert [one for one in labels if _VIETNAMESE.search(phrases.english(one))] == []


def test_no_phrase_is_vietnamese_in_english() -> None:
    assert [one for one in phrases.PHRASES.values() if _VIETNAMESE.search(one)] == []
