"""What a template can be, and who moves it where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_noop as _


class TemplateState(models.TextChoices):
    IN_USE = "in_use", _("Đang dùng")
    WITHDRAWN = "withdrawn", _("Đã rút")


@dataclass(frozen=True, slots=True)
class TemplateMove:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    basis: str


_OWN: Final = "Quy trình nội bộ của chi nhánh"
_MANAGE: Final = "word_templates.manage"

TEMPLATE_MOVES: Final[dict[str, TemplateMove]] = {
    "add": TemplateMove("Thêm mẫu", (), TemplateState.IN_USE, _MANAGE, _OWN),
    "change": TemplateMove(
        "Tải phiên bản mới, quay lại phiên bản cũ",
        (TemplateState.IN_USE,),
        TemplateState.IN_USE,
        _MANAGE,
        _OWN,
    ),
    "withdraw": TemplateMove(
        "Rút mẫu", (TemplateState.IN_USE,), TemplateState.WITHDRAWN, _MANAGE, _OWN
    ),
    "bring_back": TemplateMove(
        "Dùng lại mẫu", (TemplateState.WITHDRAWN,), TemplateState.IN_USE, _MANAGE, _OWN
    ),
}
