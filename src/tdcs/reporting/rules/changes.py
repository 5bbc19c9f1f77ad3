"""What moved since a report's words were made from its unit's obligations, and what is still thin. Knows no Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypedDict

from tdcs.documents import numbers
from tdcs.reporting.rules.prefill import TaskResult

STATES: Final = {
    "open": "Chưa có kết quả",
    "in_progress": "Đang thực hiện",
    "submitted": "Hoàn thành",
    "accepted": "Hoàn thành",
    "returned": "Đang bổ sung",
}


class Kept(TypedDict):
    """An obligation as JSON keeps it."""

    id: int
    path: str
    title: str
    state: str
    percent: int
    words: str
    figure: str | None
    evidence: list[str]
    due_on: str


@dataclass(frozen=True, slots=True)
class Change:
    """An obligation that came, went, or holds something else than the words were made from."""

    kind: Literal["new", "gone", "changed"]
    path: str
    title: str
    what: tuple[str, ...] = ()


def kept_results(results: Iterable[TaskResult]) -> list[Kept]:
    """The obligations as JSON, to be compared with later."""
    return [
        {
            "id": one.id,
            "path": one.path,
            "title": one.title,
            "state": one.state,
            "percent": one.percent,
            "words": one.words,
            "figure": None if one.figure is None else str(one.figure.normalize()),
            "evidence": list(one.evidence),
            "due_on": one.due_on.isoformat() if one.due_on else "",
        }
        for one in results
    ]


def changes(before: Sequence[Kept], results: Iterable[TaskResult]) -> list[Change]:
    """In the order of the plan, what went last; none when nothing was kept (a report begun before this was known)."""
    if not before:
        return []
    was = {row["id"]: row for row in before}
    found = []
    now = kept_results(results)
    for row in now:
        old = was.pop(row["id"], None)
        if old is None:
            found.append(Change("new", row["path"], row["title"]))
        elif what := tuple(_moved(old, row)):
            found.append(Change("changed", row["path"], row["title"], what))
    return found + [Change("gone", row["path"], row["title"]) for row in was.values()]


def _moved(old: Kept, new: Kept) -> Iterable[str]:
    was, now = STATES.get(old["state"], old["state"]), STATES.get(new["state"], new["state"])
    if was != now:
        yield f"tình trạng: {was} → {now}"
    if old["percent"] != new["percent"]:
        yield f"tiến độ: {old['percent']}% → {new['percent']}%"
    if old["words"] != new["words"]:
        yield "lời văn kết quả đã thay đổi" if old["words"] else "đã có lời văn kết quả"
    if old["figure"] != new["figure"]:
        yield f"số liệu: {old['figure'] or 'chưa có'} → {new['figure'] or 'chưa có'}"
    yield from _proofs(set(old["evidence"]), set(new["evidence"]))
    if old["due_on"] != new["due_on"]:
        yield f"hạn: {_day(old['due_on'])} → {_day(new['due_on'])}"


def _proofs(old: set[str], new: set[str]) -> Iterable[str]:
    if more := sorted(new - old):
        yield f"thêm minh chứng: {'; '.join(more)}"
    if fewer := sorted(old - new):
        yield f"bớt minh chứng: {'; '.join(fewer)}"


def _day(iso: str) -> str:
    return numbers.date_short(date.fromisoformat(iso)) if iso else "chưa nêu"


def mark(found: Iterable[Change]) -> str:
    """Says whether the changes that a person confirmed are those of now."""
    said = json.dumps([[c.kind, c.path, c.title, *c.what] for c in found], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class CheckList:
    """What a person looks at before a report leaves: results without words, without a figure, without proof."""

    total: int
    no_words: tuple[TaskResult, ...]
    no_figure: tuple[TaskResult, ...]
    no_evidence: tuple[TaskResult, ...]

    @property
    def complete(self) -> bool:
        return not (self.no_words or self.no_figure or self.no_evidence)


def check_list(results: Sequence[TaskResult]) -> CheckList:
    """Over all obligations of the report."""
    return CheckList(
        total=len(results),
        no_words=tuple(one for one in results if not one.words.strip()),
        no_figure=tuple(one for one in results if one.figure is None),
        no_evidence=tuple(one for one in results if not one.evidence),
    )
