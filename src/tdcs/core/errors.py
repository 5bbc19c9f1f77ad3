"""A refusal: what happened, why, what to do next; in Vietnamese and English, with a code for machines."""

from __future__ import annotations

from typing import Any, ClassVar


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
        template = self.en if language.startswith("en") else self.vi
        return template.format(**self.params)

    def next_step(self, language: str = "vi") -> str:
        """What the person can do now."""
        words = self.next_step_en if language.startswith("en") else self.next_step_vi
        return (words or self.next_step_vi).format(**self.params)

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
