"""Files and links that prove a result; taken back they are marked, never deleted."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import date
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.plans.errors import BadEvidence, MoveNotAllowed, ReasonMissing
from tdcs.plans.models import Evidence, Obligation
from tdcs.plans.queries.plans import require_open

MAX_BYTES: Final = 20 * 2**20
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


def add_file(
    *, obligation: Obligation, title: str, filename: str, content: bytes, by: User | None, on: date
) -> Evidence:
    """Keep a file. Raises BadEvidence for an unknown kind, an empty or too large one.

    The same bytes beside the same obligation are kept once.
    """
    if not content:
        raise BadEvidence(why="tệp rỗng")
    if len(content) > MAX_BYTES:
        raise BadEvidence(why=f"tệp {-(-len(content) // 2**20)} MB, quá 20 MB")
    ending = kind_of(content)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        row = _open(obligation)
        there = row.evidence.filter(sha256=digest, removed_at__isnull=True).first()
        if there:
            return there
        made = Evidence(
            obligation=row,
            title=plain_title(title or filename),
            sha256=digest,
            size=len(content),
            by=by,
            at=clock.now(),
        )
        # The stored name is ours: nothing of the sender's name reaches the disk.
        made.file.save(f"{digest[:20]}{ending}", ContentFile(content), save=False)
        made.save()
        _count(row, by, on, made.title)
    return made


def add_link(
    *, obligation: Obligation, title: str, url: str, by: User | None, on: date
) -> Evidence:
    """Keep a link; http and https only."""
    address = url.strip()
    parts = urlsplit(address)
    good = parts.scheme in ("http", "https") and parts.netloc and not parts.username
    if not good or len(address) > 500 or re.search(r"\s", address):
        raise BadEvidence(why="liên kết phải bắt đầu bằng http:// hoặc https://")
    with transaction.atomic():
        row = _open(obligation)
        made = Evidence.objects.create(
            obligation=row,
            title=squash(title)[:200] or address[:200],
            url=address,
            by=by,
            at=clock.now(),
        )
        _count(row, by, on, made.title)
    return made


def remove_evidence(*, evidence: Evidence, why: str, by: User | None, on: date) -> None:
    """Mark as taken back, with a reason."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _open(evidence.obligation)
        evidence.removed_at, evidence.removed_why = clock.now(), squash(why)[:300]
        evidence.save(update_fields=["removed_at", "removed_why"])
        _count(row, by, on, evidence.title)


def download_name(evidence: Evidence) -> str:
    """The name under which a file is handed out: its title, and the ending that its content has."""
    ending = PurePosixPath(evidence.file.name or "").suffix
    title = plain_title(evidence.title)
    while title.lower().endswith(ending):
        title = title[: -len(ending)].rstrip(". ")
    # A second ending ("báo cáo.exe.pdf") loses its dot, so that no program takes it for one.
    return (title.replace(".", "_") or "minh-chung") + ending


def plain_title(words: str) -> str:
    """A name as a person may read it: no folder, no hidden signs, composed letters."""
    last = words.replace("\\", "/").rsplit("/", 1)[-1]
    return squash(_TRICKS.sub("", last))[:200] or "Minh chứng"


def kind_of(content: bytes) -> str:
    """The ending that the content deserves. Raises BadEvidence for anything we do not take."""
    for magic, ending in _MAGIC:
        if content.startswith(magic):
            return ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    raise BadEvidence(why="không phải PDF, Word, Excel, OpenDocument hay ảnh")


def _kind_of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        raise BadEvidence(why="tệp hỏng hoặc có mật khẩu") from None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadEvidence(why="tệp có macro; hãy lưu thành .docx hoặc .xlsx")
    if "[Content_Types].xml" in names:
        for folder, ending in (("word/", ".docx"), ("xl/", ".xlsx"), ("ppt/", ".pptx")):
            if any(name.startswith(folder) for name in names):
                return ending
    if mimetype in _OPEN_DOCUMENT:
        return _OPEN_DOCUMENT[mimetype]
    raise BadEvidence(why="tệp nén; hãy gửi từng tệp PDF, Word, Excel hay ảnh")


def _open(obligation: Obligation) -> Obligation:
    row = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    require_open(row.plan, row.year)
    if row.state in ("accepted", "merged", "withdrawn"):
        raise MoveNotAllowed(verb="sửa minh chứng", state=row.get_state_display())
    return row


def _count(row: Obligation, by: User | None, on: date, name: str) -> None:
    row.evidence_count = row.evidence.filter(removed_at__isnull=True).count()
    row.save(update_fields=["evidence_count"])
    trail.record(action="plans.evidence", subject=row, by=by, on=on, data={"evidence": name})
