"""What a person sends in as a file: what it is by its content, what it may be called, when it is refused."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from tdcs.core.text import squash
from tdcs.documents.archives import opened_archive
from tdcs.documents.errors import BrokenFile, EncryptedFile, FileRefused

MAX_BYTES: Final = 20 * 2**20
# Paper as a scanner or a telephone gives it.
SCANS: Final = frozenset({".pdf", ".jpg", ".png"})
# The first bytes tell what a file is, whatever its name says.
_MAGIC: Final = (
    (b"%PDF-", ".pdf"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
)
_OPEN_DOCUMENT: Final = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
# Signs that hide the real ending of a name, or break a header.
_TRICKS: Final = re.compile(
    r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:\"/\\|?*;]"
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that was taken: its ending by content, its digest, its length."""

    ending: str
    sha256: str
    size: int


def accept(content: bytes, kinds: Collection[str] = ()) -> Accepted:
    """What the bytes are. Raises FileRefused when empty, too large, unknown, or not one of ``kinds``."""
    if not content:
        raise FileRefused(why="tệp rỗng")
    if len(content) > MAX_BYTES:
        raise FileRefused(why=f"tệp {-(-len(content) // 2**20)} MB, quá 20 MB")
    ending = _kind_of(content)
    if kinds and ending not in kinds:
        named = ", ".join(sorted(kind.removeprefix(".").upper() for kind in kinds))
        raise FileRefused(why=f"nội dung là {ending}, chỉ nhận {named}")
    return Accepted(ending, hashlib.sha256(content).hexdigest(), len(content))


def plain_title(words: str, default: str) -> str:
    """A name as a person may read it: no folder, no hidden signs, composed letters."""
    last = words.replace("\\", "/").rsplit("/", 1)[-1]
    return squash(_TRICKS.sub("", last))[:200] or default


def download_name(title: str, ending: str, default: str) -> str:
    """The name under which a file is handed out: its title, and the ending that its content has."""
    name = plain_title(title, "")
    while name.lower().endswith(ending):
        name = name[: -len(ending)].rstrip(". ")
    # A second ending ("báo cáo.exe.pdf") loses its dot, so that no program takes it for one.
    return (name.replace(".", "_") or default) + ending


def _kind_of(content: bytes) -> str:
    for magic, ending in _MAGIC:
        if content.startswith(magic):
            return ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    raise FileRefused(why="không phải PDF, Word, Excel, OpenDocument hay ảnh")


def _beginning(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """No more of a part is unpacked than is asked for: twenty megabytes may hold twenty gigabytes of zeros."""
    with archive.open(name) as part:
        return part.read(most)


def _kind_of_archive(content: bytes) -> str:
    try:
        with opened_archive(content) as archive:
            names = set(archive.namelist())
            mimetype = _beginning(archive, "mimetype", 80) if "mimetype" in names else b""
    except (BrokenFile, EncryptedFile):
        raise FileRefused(why="tệp hỏng hoặc có mật khẩu") from None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(why="tệp có macro; hãy lưu thành .docx hoặc .xlsx")
    if "[Content_Types].xml" in names:
        for folder, ending in (("word/", ".docx"), ("xl/", ".xlsx"), ("ppt/", ".pptx")):
            if any(name.startswith(folder) for name in names):
                return ending
    if mimetype in _OPEN_DOCUMENT:
        return _OPEN_DOCUMENT[mimetype]
    raise FileRefused(why="tệp nén; hãy gửi từng tệp PDF, Word, Excel hay ảnh")
