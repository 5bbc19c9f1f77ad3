"""A refusal: what happened, why, what to do next; in Vietnamese and English, with a code for machines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, Final

from tdcs.core import phrases

_SHOWN: Final = 8


class Refusal(Exception):
    """Base of every named error that a person may meet.

    A subclass sets `code`, the sentences `vi` and `en` as format strings, `next_step_vi` and, where a text
    of law decides, `basis`. Parameters given to the constructor fill the sentences.
    """

    code: ClassVar[str] = "refused"
    vi: ClassVar[str] = "Yêu cầu bị từ chối."
    en: ClassVar[str] = "The request was refused."
    next_step_vi: ClassVar[str] = ""
    next_step_en: ClassVar[str] = ""
    basis: ClassVar[str] = ""

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.sentence("vi"))

    def sentence(self, language: str = "vi") -> str:
        """One sentence that says what happened and why."""
        english = language.startswith("en")
        return (self.en if english else self.vi).format(**self._filled(english))

    def next_step(self, language: str = "vi") -> str:
        """What the person can do now."""
        english = language.startswith("en")
        words = self.next_step_en if english else self.next_step_vi
        return (words or self.next_step_vi).format(**self._filled(english))

    def _filled(self, english: bool) -> dict[str, Any]:
        """What fills the sentences; phrases of the catalogue and other refusals in the sentence's language."""
        return {
            name: _said(value, english) if isinstance(value, str | Refusal) else value
            for name, value in self.params.items()
        }

    def as_json(self) -> dict[str, str]:
        """The shape that commands and the API print."""
        return {
            "code": self.code,
            "message": self.sentence("vi"),
            "message_en": self.sentence("en"),
            "next_step": self.next_step("vi"),
            "basis": self.basis,
        }

    def __str__(self) -> str:
        return self.sentence("vi")


def _said(reason: str | Refusal, english: bool) -> str:
    """A phrase of core/phrases.py, or a refusal without its full stop, in one language."""
    if isinstance(reason, Refusal):
        return reason.sentence("en" if english else "vi").rstrip(".")
    return phrases.english(reason) if english else reason


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a table that cannot be taken: its number there (0: the table itself), why, what it is of, a code for machines."""

    number: int
    why: str | Refusal
    code: str = ""
    name: str = ""

    def words(self, english: bool) -> str:
        """Why, after what the row is of."""
        return ": ".join(filter(None, (self.name, _said(self.why, english))))


class RowsRefused(Refusal):
    """Rows of a table that cannot be taken: all of them at once, so none was.

    The sentences may say {count} (how many rows) and {listed} (which and why); a page shows ``reasons``.
    """

    most_listed: ClassVar[int] = 50

    def __init__(self, rows: Iterable[BadRow], **params: Any) -> None:
        self.rows = tuple(rows)
        super().__init__(count=len({one.number for one in self.rows}), **params)

    def reasons(self, language: str = "vi") -> list[tuple[int, str]]:
        """(row, why) of every fault, in the order in which they were found."""
        english = language.startswith("en")
        return [(one.number, one.words(english)) for one in self.rows]

    def _filled(self, english: bool) -> dict[str, Any]:
        by_row: dict[int, list[BadRow]] = {}
        for one in self.rows:
            by_row.setdefault(one.number, []).append(one)
        row = "row" if english else "dòng"
        said = []
        for number, faults in islice(by_row.items(), self.most_listed):
            why = ", ".join(one.words(english) for one in faults)
            said.append(f"{row} {number} ({why})" if number else why)
        more = " …" if len(by_row) > self.most_listed else ""
        return {**super()._filled(english), "listed": "; ".join(said) + more}

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(super().as_json())
        found["rows"] = [
            {
                "row": one.number,
                "code": one.code,
                "why": one.words(False),
                "why_en": one.words(True),
            }
            for one in self.rows
        ]
        return found


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that stands on the record, in both languages: "khoản vay 6600… còn nợ 50.000.000 đồng"."""

    vi: str
    en: str


class StillNeeded(Refusal):
    """The record cannot end: ``kept`` lists what stands on it."""

    code: ClassVar[str] = "still_needed"
    vi: ClassVar[str] = "{name} chưa kết thúc được, vì còn: {listed}."
    en: ClassVar[str] = "{name} cannot end while there is: {listed}."
    next_step_vi: ClassVar[str] = "Tất toán, chuyển hoặc kết thúc những việc đã nêu trước."
    next_step_en: ClassVar[str] = "Settle, move or end what is named first."
    basis: ClassVar[str] = (
        "Bộ luật Dân sự 91/2015/QH13, Điều 372 (nghĩa vụ chấm dứt khi đã hoàn thành)"
    )

    def __init__(self, *, name: str, kept: Iterable[Kept]) -> None:
        self.kept = tuple(kept)
        super().__init__(name=name)

    def sentence(self, language: str = "vi") -> str:
        english = language.startswith("en")
        shown = [one.en if english else one.vi for one in self.kept[:_SHOWN]]
        if rest := len(self.kept) - len(shown):
            shown.append(f"{rest} more" if english else f"{rest} mục khác")
        return (self.en if english else self.vi).format(
            name=self.params["name"], listed="; ".join(shown)
        )

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(super().as_json())
        found["kept"] = [{"vi": one.vi, "en": one.en} for one in self.kept]
        return found


class NoProvince(Refusal):
    code = "no_province"
    vi = "Hệ thống này chưa chọn tỉnh, thành phố."
    en = "No province is set up in this installation."
    next_step_vi = "Chạy “tdcs province new TÊN” (“tdcs province list” để xem tên), hoặc chọn trên trang thiết lập lần đầu."
    next_step_en = "Run `tdcs province new NAME` (`tdcs province list` shows the names), or choose on the first-run page."
    basis = "law/provinces"


class UnknownProvince(Refusal):
    code = "unknown_province"
    vi = "Không có dữ liệu của tỉnh “{province}” trong law/provinces."
    en = "There is no data of the province “{province}” in law/provinces."
    next_step_vi = "Đặt TDCS_PROVINCE thành một thư mục có trong law/provinces, hoặc chạy “tdcs province new TÊN”."
    next_step_en = (
        "Set TDCS_PROVINCE to one of the folders of law/provinces, or run `tdcs province new NAME`."
    )
    basis = "law/provinces"


class NoParametersOnDay(Refusal):
    code = "no_parameters_on_day"
    vi = "{name} không có tham số vào ngày {day}."
    en = "{name} has no parameters on {day}."
    next_step_vi = "Kiểm tra ngày, hoặc bổ sung tham số kèm căn cứ."
    next_step_en = "Check the day, or add the parameter with its basis."
    basis = "law/parameters"
