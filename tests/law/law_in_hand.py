"""The law's files held by a test, so that one figure can be another number for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

from tdcs.core import law
from tdcs.programmes.rules.figures import Figure

# How far one step goes, by the word of the amount or of its unit.
_PPM: Final = 100
_MONEY: Final = 100_000
# Values that are one of a few: what the next one is.
_CHOICES: Final = {"trigger_on_holiday": 3, "missed_instalment_overdue": 2, "overdue_follows_running_rate": 2, "instalment_too_small": 2}  # fmt: skip


def unshared(content: Any) -> Any:
    """A copy without YAML's anchors: what one regime says is not what another says."""
    if isinstance(content, dict):
        return {key: unshared(value) for key, value in content.items()}
    if isinstance(content, list):
        return [unshared(value) for value in content]
    return content


def stepped(figure: Figure) -> int:
    """The figure's value one step on: a flag turned, a rate a hundredth of a percent more, money a hundred thousand."""
    value, key = figure.value, figure.path[-1]
    if isinstance(value, bool):
        return not value
    if figure.series in _CHOICES:
        return (value + 1) % _CHOICES[figure.series]
    if figure.series.endswith(".regime"):
        return 1 - value
    unit = str(figure.row.get("unit", ""))
    if key == "ppm" or unit.startswith("phần triệu"):
        return value + _PPM
    money = unit.startswith("đồng") or (key == "value" and not unit)
    if money or key in ("poor", "average"):
        return value + _MONEY
    return value + 1


class LawInHand:
    """All of the law's files in copies of its own; ``changed`` puts one figure's next step in its place."""

    def __init__(self) -> None:
        self._real = law.load
        self._held: dict[str, Any] = {}

    def load(self, relative: str) -> Any:
        if relative not in self._held:
            self._held[relative] = unshared(self._real(relative))
        return self._held[relative]

    @contextmanager
    def held(self) -> Iterator[None]:
        """These copies are the law; afterwards the files are again."""
        with patch.object(law, "load", self.load):
            law.forget()
            try:
                yield
            finally:
                law.forget()

    @contextmanager
    def changed(self, figure: Figure) -> Iterator[None]:
        """The figure one step on; what was computed before is forgotten, also when it is as it was."""
        place = self.load(figure.file)
        for step in figure.path[:-1]:
            place = place[step]
        key = figure.path[-1]
        assert place[key] == figure.value, figure.name
        place[key] = stepped(figure)
        law.forget()
        try:
            yield
        finally:
            place[key] = figure.value
            law.forget()
