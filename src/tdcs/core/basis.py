"""The article behind a rule: written above the function that carries it out, printed where its result is explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

Rule = TypeVar("Rule", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Basis:
    """A code of law/documents, and the article in it ("" for the whole text)."""

    document: str
    article: str


_RULES: Final[dict[str, list[Basis]]] = {}
_WITHOUT: Final[dict[str, str]] = {}


def basis(document: str, article: str = "") -> Callable[[Rule], Rule]:
    """``@basis("ND-06-2026", "Điều 32.2")`` above a rule; several may stand above one."""

    def mark(rule: Rule) -> Rule:
        _RULES.setdefault(name_of(rule), []).insert(0, Basis(document, article))
        return rule

    return mark


def without_basis(why: str) -> Callable[[Rule], Rule]:
    """Above a rule that no text decides: ``why``, in Vietnamese, stands where an article would."""

    def mark(rule: Rule) -> Rule:
        _WITHOUT[name_of(rule)] = why
        return rule

    return mark


def name_of(rule: Callable[..., Any]) -> str:
    """The rule's full name: module and function."""
    return f"{rule.__module__}.{rule.__qualname__}"


def bases_of(rule: Callable[..., Any]) -> tuple[Basis, ...]:
    """What stands above a rule. KeyError for a function without one."""
    return tuple(_RULES[name_of(rule)])


def rules_with_basis() -> Iterator[tuple[str, tuple[Basis, ...]]]:
    """(full name, bases) of every rule of the modules that are loaded, by name."""
    for name in sorted(_RULES):
        yield name, tuple(_RULES[name])


def rules_without_basis() -> Iterator[tuple[str, str]]:
    """(full name, why) of every rule of the modules that are loaded which no text decides, by name."""
    yield from sorted(_WITHOUT.items())
