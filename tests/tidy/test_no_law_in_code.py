"""No number of the law stands in the code: figures come from law/parameters by the day that decides.

Every number in rules, services, queries and checks of lending is one that may stand, with the reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from parsed import tree_of

SRC = Path(__file__).resolve().parents[2] / "src" / "tdcs"
# Not the demo: its numbers make a province that looks like one, and what it computes it asks of these rooms.
ROOMS = ("loans", "closing", "programmes", "entrustment", "group_results", "demand", "households")
PARTS = ("rules", "services", "queries", "checks", "standards", "states")

# Numbers that may stand anywhere.
EVERYWHERE: dict[float, str] = {
    0: "nothing",
    1: "one",
    2: "two, halves",
    100: "a percent",
    1_000_000: "parts per million",
}
# File → number → why it may stand there.
HERE: dict[str, dict[float, str]] = {
    "closing/checks.py": {3: "loans sampled a day"},
    "closing/queries/decrees.py": {30: "days that the effects are shown for", 25_000: "loans at a time"},
    "closing/rules/step.py": {25_000: "loans at a time"},
    "closing/services/close_step.py": {10: "loans named", 3: "digits of seconds"},
    "closing/services/closing.py": {5: "loans named"},
    "closing/services/decrees.py": {500: "loans of one entry"},
    "closing/services/locking.py": {0.1: "seconds between tries", 232: "number of a lock", 4: "number of a lock"},
    "closing/services/reclose.py": {25_000: "loans at a time", 2_000: "moved loans named"},
    "closing/services/replaying.py": {25_000: "loans at a time", 20: "loans named"},
    "entrustment/checks.py": {50: "findings shown"},
    "group_results/queries/month.py": {28: "a day that every month has", 4: "28 + 4 days lie in the next month"},
    "group_results/queries/quality.py": {24: "months looked back at", 6: "months shown"},
    "group_results/queries/cases.py": {200: "cases shown"},
    "group_results/rules/rising.py": {4: "ways shown"},
    "group_results/services/rating.py": {2000: "groups at a time"},
    "households/queries/merging.py": {20: "records shown"},
    "entrustment/queries/candidates.py": {20: "people shown", 4: "digits that say whom is meant"},
    "entrustment/queries/groups.py": {10: "former members of the board shown", 12: "months of ratings shown"},
    "group_results/rules/earnings.py": {12: "months of a year", 28: "days of a month", 29: "days of a month", 30: "days of a month", 31: "days of a month"},
    "entrustment/services/groups.py": {31: "the last day of a month"},
    "households/queries/finding.py": {12: "digits of an identity card"},
    "households/queries/reviews.py": {12: "the last month", 31: "its last day"},
    "loans/rules/refusals.py": {12: "months of a year"},
    "demand/queries/needs.py": {1000: "parts per thousand shown"},
    "households/queries/scans.py": {1000: "scans at a time"},
    "households/rules.py": {12: "indicators of the survey, each with its name in the annex", 3: "the last rank: on no list"},
    "households/services/checking.py": {130: "years that nobody lives"},
    "households/services/importing.py": {12: "digits of an identity card", 10: "letters of an ISO day", 11: "digits when a leading 0 was lost"},
    "households/services/reviews.py": {5: "codes named", 1000: "lines at a time", 1_000_000_000: "a slip, not an income"},
    "demand/services/surveys.py": {9: "the month in which next year's survey opens here", 10_000_000_000: "a slip, not a loan"},
    "loans/checks.py": {5000: "loans at a time"},
    "loans/checks_records.py": {50: "findings shown", 5000: "loans at a time"},
    "loans/queries/finding.py": {50: "loans of a page"},
    "loans/queries/folded_days.py": {1500: "days of loans kept by a worker"},
    "loans/queries/folding.py": {500: "events of a fold that is kept", 256: "folds kept"},
    "loans/queries/owed.py": {8000: "loans kept by a worker"},
    "loans/queries/month.py": {28: "a day that every month has", 3: "months looked back for a session", 4: "28 + 4 days lie in the next month", 50_000: "loans at a time"},
    "loans/queries/offers.py": {120_000: "percent of a month: 12 × 10,000"},
    "loans/queries/loan_timeline.py": {4: "equal instalments that are shown as one"},
    "loans/rules/accrual.py": {400_000: "bound of a rate, for 63 bits", 200: "bound of a percent, for 63 bits"},
    "loans/rules/field_names.py": {4: "letters for one slip", 10_000: "names remembered"},
    "loans/rules/project.py": {2_000_000: "rows judged at once"},
    "loans/services/opening.py": {5_000: "loans at a time", 12: "months of a year"},
    "loans/rules/reading.py": {10_000: "events: a slip, not a loan", 31: "the last day of a month", 600: "months: a slip, not a term", 1990: "days that are no slip", 2200: "days that are no slip", 40: "letters shown"},
    "programmes/rules/showing.py": {10_000: "ppm of a percent"},
    "closing/services/late_sessions.py": {1_800: "seconds of a job", 4_096: "megabytes of a job"},
}  # fmt: skip
# What a sentence may say with a number: dates of a year and the like, no limits of law.
WORDS = re.compile(r"\d+ ?(?:%(?![(ds%])|tháng\b|năm\b|triệu|ngày làm việc)")
SAID = {
    "Lãi 30 ngày trước (đồng)", "Lãi 30 ngày sau (đồng)", "phải lớn hơn 0 tháng",
    "Để trống: từ 01/01 năm sau, hoặc từ ngày quyết định nếu muộn hơn.",
}  # fmt: skip


def files() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((SRC / room).rglob("*.py")):
            place = file.relative_to(SRC / room).parts[0].removesuffix(".py")
            if place.split("_")[0] in PARTS:
                yield str(file.relative_to(SRC)), tree_of(file)


def numbers(tree: ast.Module) -> Iterator[tuple[float, int]]:
    """Number and line; not those that pick a place or cut words, and not powers and ranges, which are bounds and counts."""
    for node in ast.iter_child_nodes(tree):
        yield from _numbers(node)


def _numbers(node: ast.AST) -> Iterator[tuple[float, int]]:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield node.value, node.lineno
    for child in ast.iter_child_nodes(node):
        power = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
        place = isinstance(node, ast.Subscript) and child is node.slice
        enumerated = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range"
        if not (power or place or (enumerated and isinstance(child, ast.Constant))):
            yield from _numbers(child)


def strangers(tree: ast.Module, name: str) -> list[str]:
    may = EVERYWHERE.keys() | HERE.get(name, {}).keys()
    return [f"{name}:{line} {number}" for number, line in numbers(tree) if number not in may]


def test_no_number_of_the_law_stands_in_the_code() -> None:
    trees = list(files())
    assert len(trees) > 80
    found = [one for name, tree in trees for one in strangers(tree, name)]
    assert found == [], "take it from law/parameters by the day, or say above why it may stand"


def test_what_may_stand_stands() -> None:
    """A number that is gone leaves the list too."""
    held = {name: {number for number, _ in numbers(tree)} for name, tree in files()}
    gone = [f"{name} {number}" for name, may in HERE.items() for number in may if number not in held.get(name, set())]  # fmt: skip
    assert gone == []
    assert all(len(why) > 2 for may in HERE.values() for why in may.values())


def test_a_literal_of_the_law_is_found() -> None:
    tree = ast.parse("overdue = rate * 130 // 100\ncut = words[:36]\nmost = 10**11\nyear = 365\n")
    assert strangers(tree, "loans/rules/new.py") == [
        "loans/rules/new.py:1 130",
        "loans/rules/new.py:4 365",
    ]


def texts(tree: ast.Module) -> Iterator[str]:
    """Strings that people read: not the docstrings."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_no_sentence_says_a_limit_of_the_law_by_heart() -> None:
    found = []
    for room in ROOMS:
        for file in sorted((SRC / room).rglob("*.py")):
            if "migrations" in file.parts:
                continue
            tree = tree_of(file)
            said = (text for text in texts(tree) if "SELECT" not in text and text not in SAID)
            found += [
                f"{file.relative_to(SRC)}: {text[:80]}" for text in said if WORDS.search(text)
            ]
    assert found == []
