"""Each figure of the law, one step on, changes some result; or law/not_encoded.yaml says why it changes none.

A figure that screens show and nothing computes with is found here, and so is a literal that stands in the law's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from figures_in_use import results
from law_in_hand import LawInHand, stepped, unshared
from loans_of_a_figure import applications, loan_lines, programme_lines

from tdcs.core import law
from tdcs.loans.rules.project import project_lines, project_read, read_lines
from tdcs.programmes.rules.figures import Figure, covers, figures, not_encoded

OF_PROGRAMMES = ("parameters/programmes.yaml", "provinces/")
OF_LOANS = ("parameters/loans.yaml", "parameters/oversight.yaml")


@pytest.fixture(scope="module")
def hand() -> Iterator[LawInHand]:
    held = LawInHand()
    with held.held():
        yield held


def of_files(names: tuple[str, ...]) -> list[Figure]:
    """With rows of their own: those of the law in hand change."""
    found = [figure for figure in figures() if figure.file.startswith(names)]
    return [replace(figure, row=unshared(figure.row)) for figure in found]


def plain(result: dict[str, Any]) -> Any:
    """A result without where it comes from; of a refusal its code."""
    if "error" in result:
        return result["error"]["code"]
    return {name: value for name, value in result.items() if name != "sources"}


def require_counted(changed: Iterable[tuple[Figure, bool]]) -> None:
    """A figure changes a result if and only if no key of not_encoded covers it."""
    silent, listed, counted = [], [], 0
    for figure, changes in changed:
        counted += 1
        key = not_encoded(figure)
        if not changes and key is None:
            silent.append(figure.name)
        if changes and key is not None:
            listed.append(f"{figure.name} ({key})")
    assert not silent, f"{len(silent)} figures change no result: {silent}"
    assert not listed, f"{len(listed)} figures are listed and change a result: {listed}"
    assert counted > 0


def test_figures_of_programmes_and_provinces(hand: LawInHand) -> None:
    """Their figures are read with the case: all cases of all changes are projected together."""
    found = of_files(OF_PROGRAMMES)
    lines = {figure.name: programme_lines(figure) for figure in found}
    before = {
        figure.name: (read_lines(lines[figure.name]), applications(figure)) for figure in found
    }
    after = {}
    for figure in found:
        with hand.changed(figure):
            after[figure.name] = (read_lines(lines[figure.name]), applications(figure))
    projected = iter(
        project_read(
            [case for held in (before, after) for cases, _ in held.values() for case in cases]
        )
    )
    results_of = [
        {name: [plain(next(projected)) for _ in cases] for name, (cases, _) in held.items()}
        for held in (before, after)
    ]
    require_counted(
        (
            figure,
            results_of[0][figure.name] != results_of[1][figure.name]
            or before[figure.name][1] != after[figure.name][1],
        )
        for figure in found
    )


def test_figures_that_loans_share(hand: LawInHand) -> None:
    found = of_files(OF_LOANS)
    lines = {figure.name: loan_lines(figure) for figure in found}
    together = iter(project_lines([line for held in lines.values() for line in held]))
    before = {name: [plain(next(together)) for _ in held] for name, held in lines.items()}
    others = {figure.name: results(figure) for figure in found}
    require_counted(_changes(hand, found, lines, before, others))


def _changes(
    hand: LawInHand,
    found: list[Figure],
    lines: dict[str, Any],
    before: dict[str, Any],
    others: dict[str, Any],
) -> Iterator[tuple[Figure, bool]]:
    for figure in found:
        with hand.changed(figure):
            changes = results(figure) != others[figure.name]
            if not changes:
                now = [plain(one) for one in project_lines(lines[figure.name])]
                changes = now != before[figure.name]
        yield figure, changes


@pytest.mark.parametrize("file", ["entrustment", "poverty_lines", "eligibility", "frame"])
def test_figures_of_groups_and_households(hand: LawInHand, file: str) -> None:
    found = of_files((f"parameters/{file}.yaml",))
    if file == "frame":
        assert found == [], "a figure of frame.yaml needs results of its own here"
        return
    before = [results(figure) for figure in found]

    def changed() -> Iterator[tuple[Figure, bool]]:
        for figure, was in zip(found, before, strict=True):
            with hand.changed(figure):
                yield figure, results(figure) != was

    require_counted(changed())


def test_every_figure_is_tried(hand: LawInHand) -> None:
    """No file of the parameters is left out, and a step is always another value."""
    tried = [figure for figure in figures() if stepped(figure) != figure.value]
    assert len(tried) == len(list(figures())) > 400
    names = {figure.file for figure in figures()}
    with_numbers = {
        f"parameters/{path.name}"
        for path in law.path("parameters").glob("*.yaml")
        if any(isinstance(leaf, int) for leaf in leaves(law.load(f"parameters/{path.name}")))
    }
    assert with_numbers <= names


def leaves(content: Any) -> Iterator[Any]:
    if isinstance(content, dict | list):
        for value in content.values() if isinstance(content, dict) else content:
            yield from leaves(value)
    else:
        yield content


def test_what_is_listed_is_a_figure_and_has_a_reason() -> None:
    known = list(figures())
    for key, reason in law.load("not_encoded.yaml").items():
        assert any(covers(key, figure) for figure in known), key
        assert len(reason) > 20, key


def test_a_changed_figure_is_the_law_while_it_is_changed(hand: LawInHand) -> None:
    """The proof proves something: a step of the overdue percent is a step of an overdue loan's interest."""
    (figure,) = [one for one in figures() if one.name == "overdue_percent@2026-01-10"]
    loan = {"programme": "HN", "principal": 36_500_000, "disbursed_on": "2026-03-03", "term_months": 6, "as_of": "2026-09-04"}  # fmt: skip

    def interest() -> int:
        return int(project_lines([loan])[0]["interest_accrued"])

    before = interest()
    with hand.changed(figure):
        assert interest() == before + 62
    assert interest() == before
