"""What an import and a file of it can be, and who moves an import where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_noop as _


class ImportState(models.TextChoices):
    OPEN = "open", _("Đang chuẩn bị")
    COMMITTED = "committed", _("Đã ghi nhận")
    UNDONE = "undone", _("Đã hoàn tác")
    DROPPED = "dropped", _("Đã bỏ")


class FileState(models.TextChoices):
    """What became of one file; one that failed is never left out in silence."""

    WAITING = "waiting", _("Chờ đọc")
    READ = "read", _("Đọc được")
    FAULTY = "faulty", _("Có dòng sai")
    REFUSED = "refused", _("Không đọc được")
    UNKNOWN = "unknown", _("Không nhận ra loại sao kê")
    NO_DAY = "no_day", _("Chưa rõ ngày số liệu")
    NO_OFFICE = "no_office", _("Chưa rõ đơn vị")
    FOREIGN = "foreign", _("Của đơn vị khác")
    TWICE = "twice", _("Trùng đơn vị và ngày với tệp khác")
    SAME = "same", _("Đã có, không đổi")
    ASIDE = "aside", _("Không phải bảng số liệu, để ngoài")


# Files that a commit takes, and those with which nothing need be done.
TAKEN: Final = (FileState.READ,)
HARMLESS: Final = (FileState.READ, FileState.SAME, FileState.ASIDE)
# Files whose columns may be named by a person, and those of which a day or an office may be said.
MAPPABLE: Final = (FileState.UNKNOWN, FileState.READ, FileState.FAULTY, FileState.NO_DAY, FileState.NO_OFFICE)  # fmt: skip
SAYABLE: Final = (FileState.NO_DAY, FileState.NO_OFFICE)


@dataclass(frozen=True, slots=True)
class ImportMove:
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    basis: str


_PRACTICE: Final = "Quy trình khai thác báo cáo của NHCSXH (sao kê cuối tháng)"

IMPORT_MOVES: Final[dict[str, ImportMove]] = {
    "receive": ImportMove("Nhận tệp", (), ImportState.OPEN, "imports.load", _PRACTICE),
    "commit": ImportMove(
        "Ghi nhận", (ImportState.OPEN,), ImportState.COMMITTED, "imports.load", _PRACTICE
    ),
    "drop": ImportMove(
        "Bỏ lượt nhập", (ImportState.OPEN,), ImportState.DROPPED, "imports.load", _PRACTICE
    ),
    "undo": ImportMove(
        "Hoàn tác", (ImportState.COMMITTED,), ImportState.UNDONE, "imports.load", _PRACTICE
    ),
}
