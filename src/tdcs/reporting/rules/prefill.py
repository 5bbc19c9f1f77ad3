"""The first text of a unit's report, from what it told over the year. Knows no Django.

The text is what an official would write from the file at hand: one point a task, the result in the
unit's own words, its figure, its proof. Nothing is said that nobody told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from tdcs.documents import numbers

# Closing sections; their codes cannot be paths of a plan (which are numerals, figures and list letters).
DIFFICULTIES: Final = "KHO-KHAN"
PROPOSALS: Final = "KIEN-NGHI"
OUTLOOK: Final = "PHUONG-HUONG"
DIRECTIVES: Final = "VIEC-GIAO"
CLOSING: Final = {
    DIFFICULTIES: "Khó khăn, vướng mắc",
    PROPOSALS: "Kiến nghị, đề xuất",
    OUTLOOK: "Phương hướng, nhiệm vụ thời gian tới",
}
DONE: Final = ("submitted", "accepted")


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What a unit told about one task, duty or directive of the year."""

    path: str
    section: str
    section_title: str
    title: str
    state: str
    percent: int = 0
    words: str = ""
    figure: Decimal | None = None
    figure_unit: str = ""
    evidence: tuple[str, ...] = ()
    # Records of the period kept elsewhere in the system, counted: "12 tin, bài". Nobody types them again.
    records: tuple[str, ...] = ()
    due_on: date | None = None
    submitted_on: date | None = None
    inherited_from: str = ""
    id: int = 0

    @property
    def reportable(self) -> bool:
        """Whether anything can be reported about it."""
        return bool(self.words.strip()) or self.figure is not None or bool(self.records)


@dataclass(frozen=True, slots=True)
class Ask:
    """An amendment that the unit has sent to the branch this year."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One section as the system proposes it."""

    path: str
    title: str
    words: str


def drafts(
    results: Sequence[TaskResult], asks: Sequence[Ask], *, plan_number: str, year: int
) -> list[Draft]:
    """The sections of a report: each section of the plan in which the unit has a task, then the closing ones."""
    titles: dict[str, str] = {}
    for one in results:
        titles.setdefault(one.section, one.section_title)
    made = [
        Draft(path, title, section_words([r for r in results if r.section == path]))
        for path, title in titles.items()
    ]
    made.append(Draft(DIFFICULTIES, CLOSING[DIFFICULTIES], ""))
    made.append(Draft(PROPOSALS, CLOSING[PROPOSALS], ask_words(asks)))
    made.append(Draft(OUTLOOK, CLOSING[OUTLOOK], outlook_words(results, plan_number, year)))
    return made


def section_words(results: Iterable[TaskResult]) -> str:
    """One point a task; empty when nothing was told about any of them."""
    rows = list(results)
    if not any(row.reportable for row in rows):
        return ""
    return "\n".join(point(row, at) for at, row in enumerate(rows, 1))


def point(row: TaskResult, at: int) -> str:
    """ "a) Tuyên truyền…: Đã tổ chức 5 hội nghị. Minh chứng: Kế hoạch số 12/KH-UBND." """
    said = result_words(row) or "Chưa có kết quả."
    return f"{mark(row, at)} {_bare(row.title)}: {said}"


def mark(row: TaskResult, at: int) -> str:
    """The list letter that the task has in the plan, else its place here."""
    last = row.path.rpartition(".")[2]
    return f"{last})" if last and (last.isalpha() or last.isdigit()) else f"({at})"


def result_words(row: TaskResult) -> str:
    """A result in sentences; empty when the unit told nothing."""
    if not row.reportable:
        return ""
    parts = []
    if row.state not in DONE:
        parts.append(f"Đang thực hiện, đạt {row.percent}% khối lượng." if row.percent else "")
    if row.words.strip():
        parts.append(_sentence(row.words))
    if row.figure is not None:
        places = 0 if row.figure == row.figure.to_integral_value() else 2
        shown = numbers.decimal(row.figure, places)
        parts.append(f"Số liệu: {shown} {row.figure_unit}".strip() + ".")
    if row.records:
        parts.append(f"Đã ghi trong hệ thống: {'; '.join(row.records)}.")
    if row.inherited_from:
        parts.append(f"(Nhiệm vụ tiếp nhận từ {row.inherited_from}.)")
    if row.evidence:
        parts.append(f"Minh chứng: {'; '.join(_bare(title) for title in row.evidence)}.")
    return " ".join(part for part in parts if part)


def ask_words(asks: Iterable[Ask]) -> str:
    """The amendments that the unit proposed, as points."""
    return "\n".join(f"- {_bare(one.what)}. Lý do: {_sentence(one.reason)}" for one in asks)


def outlook_words(results: Sequence[TaskResult], plan_number: str, year: int) -> str:
    """What remains, so that nobody forgets it; the unit writes the rest."""
    left = [row for row in results if row.state not in DONE]
    lines = [f"- Tiếp tục thực hiện các nhiệm vụ được giao tại Kế hoạch số {plan_number}."]
    if left:
        names = "; ".join(_lower_first(_bare(row.title)) for row in left)
        lines.append(f"- Hoàn thành {len(left):02d} nhiệm vụ của năm {year} chưa xong: {names}.")
    return "\n".join(lines)


def _bare(words: str) -> str:
    return " ".join(words.split()).rstrip(" .;:,…")


def _sentence(words: str) -> str:
    """On one line, with a full stop."""
    bare = " ".join(words.split())
    return bare if bare.endswith((".", "!", "?", "…")) else f"{bare.rstrip(' ;:,')}."


def _lower_first(words: str) -> str:
    # A name or an abbreviation keeps its capital.
    second = words[1:2]
    return words if second.isupper() else words[:1].lower() + words[1:]
