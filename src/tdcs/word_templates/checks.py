"""Named invariants of Word templates; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from tdcs.word_templates.models import WordTemplate
from tdcs.word_templates.queries.templates import all_versions
from tdcs.word_templates.store import ENDING, folder


def files_are_as_received() -> Iterator[str]:
    """The file of every version lies on disk as it was received."""
    for row in all_versions().order_by("pk").iterator():
        if fault := folder().fault(row.sha256, ENDING):
            yield f"mẫu “{row.template.title}”, phiên bản {row.number}: {fault}"


def versions_follow_one_another() -> Iterator[str]:
    """The versions of a template are numbered from 1 without a gap."""
    for row in WordTemplate.objects.order_by("pk").prefetch_related("versions"):
        numbers = sorted(one.number for one in row.versions.all())
        if numbers[:1] != [1] or any(after != before + 1 for before, after in pairwise(numbers)):
            yield f"mẫu “{row.title}”: phiên bản {numbers}"


CHECKS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "word_templates.files_are_as_received": files_are_as_received,
    "word_templates.versions_follow_one_another": versions_follow_one_another,
}
