"""Which tags a kind of template may use, with what each means and an example (law/word_templates/tags.yaml)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NotRequired, TypedDict

from tdcs.core import law

KINDS: Final = ("loan", "group", "commune", "unit", "inspection")
# What a tag holds; a list has columns.
NUMERIC: Final = ("money", "number")
_FILE: Final = "word_templates/tags.yaml"


class _Row(TypedDict):
    name: str
    type: str
    vi: str
    en: str
    example: NotRequired[Any]
    secret: NotRequired[bool]
    columns: NotRequired[list[_Row]]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its name in a template, what it holds, what it means, an example."""

    name: str
    type: str
    vi: str
    en: str
    example: Any = None
    # An identity number or a telephone: masked unless the person may see it.
    secret: bool = False
    columns: dict[str, Tag] = field(default_factory=dict)


def tags_of(kind: str) -> dict[str, Tag]:
    """The tags of a kind: the common ones first, then its own."""
    data: dict[str, list[_Row]] = law.load(_FILE)
    return {row["name"]: _tag(row) for row in (*data["common"], *data[kind])}


def common_names() -> frozenset[str]:
    """Tags that are the same for every record of a day and person."""
    return frozenset(row["name"] for row in law.load(_FILE)["common"])


def _tag(row: _Row) -> Tag:
    example = row.get("example")
    columns = {one["name"]: _tag(one) for one in row.get("columns", [])}
    if row["type"] == "list":
        example = [{name: one.example for name, one in columns.items()}]
    if row["type"] == "date" and not isinstance(example, date | None):
        example = date.fromisoformat(str(example))
    return Tag(
        row["name"], row["type"], row["vi"], row["en"], example, bool(row.get("secret")), columns
    )


def example_of(kind: str) -> dict[str, Any]:
    """A made-up record: every tag with its example."""
    return {name: tag.example for name, tag in tags_of(kind).items()}
