"""Files as they come: unpacked, kept by content, recognised; each gets a row, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.documents import errors
from tdcs.documents.accepting import plain_title
from tdcs.documents.archives import opened_archive
from tdcs.imports import store
from tdcs.imports.errors import NestedTooDeep, NotAnExtract, NothingToImport, TooManyFiles
from tdcs.imports.models import ExtractFile, ExtractImport
from tdcs.imports.queries.mappings import remembered_for
from tdcs.imports.reading.opening import MAX_BYTES, recognise
from tdcs.imports.rules.recognising import SCANNED, Remembered
from tdcs.imports.states import FileState
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent

MOST_FILES: Final = 400
# Text tables are kept under one ending.
_ENDINGS: Final = {".xls": ".xls", ".csv": ".csv", ".tsv": ".csv", ".txt": ".csv"}
_MAX_UNPACKED: Final = 2 * 2**30
# Offices send zips, and the branch packs these once more.
_MOST_NESTED: Final = 2
# What lies beside extracts in a folder or a zip and holds none: it is named, and needs no decision.
_NO_TABLES: Final = (".doc", ".docx", ".pdf", ".png", ".jpg", ".jpeg", ".ini", ".db", ".lnk")
_OF_SYSTEMS: Final = ("~$", "._", ".DS_Store", "__MACOSX/")
Given = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class _Received:
    """A file as it came, of a zip those in it. ``refusal``: why nothing could be taken out of a zip."""

    name: str
    content: bytes
    refusal: Refusal | None = None

    @property
    def aside(self) -> bool:
        """Whether it is no table by its name."""
        name = PurePosixPath(self.name).name
        return (
            self.name.startswith(_OF_SYSTEMS)
            or name.startswith(_OF_SYSTEMS)
            or name.lower().endswith(_NO_TABLES)
        )


def receive(*, files: Sequence[Given], by: User | None, on: date, key: str) -> ExtractImport:
    """A new import of files (name, content); a zip gives all files in it. Nothing is read yet but the heads.

    Each file gets a row: one that cannot be opened with its reason, one that is no table as laid aside. Raises
    NothingToImport, TooManyFiles.
    """
    given: list[_Received] = []
    for one in _unpacked(files, _Room()):
        given.append(one)
        if len(given) > MOST_FILES:
            raise TooManyFiles(count=len(given), most=MOST_FILES)
    if not given:
        raise NothingToImport

    def work(operation: Operation) -> dict[str, int]:
        remembered = remembered_for(by)
        made = ExtractImport.objects.create(made_by=by, made_on=on, made_at=clock.now())
        for one in given:
            _note(made, one, remembered)
        states = made.files.values_list("state", flat=True)
        trail.record(
            action="imports.receive",
            subject=made,
            by=by,
            on=on,
            data={"files": len(given), "recognised": list(states).count(FileState.WAITING)},
        )
        return {"import": made.pk}

    asked = {"files": [(one.name, len(one.content)) for one in given]}
    done = idempotent(key=key, action="imports.receive", request=asked, by=by, on=on, work=work)
    return ExtractImport.objects.get(pk=done["import"])


@dataclass(slots=True)
class _Room:
    """How many bytes may come out of the zips of an import yet."""

    left: int = _MAX_UNPACKED


def _unpacked(files: Iterable[Given], room: _Room, nested: int = 0) -> Iterator[_Received]:
    for name, content in files:
        one = _Received(name, content)
        if one.aside or not name.lower().endswith(".zip"):
            yield one
            continue
        try:
            if nested == _MOST_NESTED:
                raise NestedTooDeep(most=_MOST_NESTED)
            inside = list(_of_zip(content, room))
        except Refusal as refusal:
            yield _Received(name, content, refusal)
        else:
            yield from _unpacked(inside, room, nested + 1)


def _of_zip(content: bytes, room: _Room) -> Iterator[Given]:
    with opened_archive(content) as packed:
        entries = [entry for entry in packed.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES:
            raise TooManyFiles(count=len(entries), most=MOST_FILES)
        if (size := sum(entry.file_size for entry in entries)) > room.left:
            raise errors.DocumentBomb(size=size // 2**20)
        for entry in entries:
            with packed.open(entry) as stream:
                # One byte more than is taken shows that a file is too large, whatever the zip says of its size.
                inside = stream.read(MAX_BYTES + 1)
            room.left -= len(inside)
            yield entry.filename, inside


def _note(made: ExtractImport, one: _Received, remembered: Remembered) -> None:
    """A file's row: waiting where its kind is known, else why it is not read."""
    file = PurePosixPath(one.name)
    ending = _ENDINGS.get(file.suffix.lower(), ".xlsx")
    title = plain_title(file.name, "sao-ke")
    row = ExtractFile(imported=made, name=title, size=len(one.content), ending=ending)
    with transaction.atomic():
        try:
            if one.aside:
                row.state = FileState.ASIDE
            else:
                _recognised(row, one, remembered)
        except Refusal as refusal:
            known = isinstance(refusal, NotAnExtract)
            row.state = FileState.UNKNOWN if known else FileState.REFUSED
            row.refusal = said(refusal)
        row.sha256 = store.put(one.content, ending)
        row.save()


def _recognised(row: ExtractFile, one: _Received, remembered: Remembered) -> None:
    """Raises what the file is refused for."""
    if one.refusal is not None:
        raise one.refusal
    found = recognise(one.content, remembered)
    if found is None:
        raise NotAnExtract(rows=SCANNED)
    row.kind, row.sheet = found.header.layout.kind, found.sheet[:120]
    row.header_row = found.header.row + 1
    row.fingerprint = found.header.fingerprint


def said(refusal: Refusal) -> dict[str, str]:
    """A refusal as it is kept: its code and sentences in both languages."""
    return {
        "code": refusal.code,
        "vi": refusal.sentence("vi"),
        "en": refusal.sentence("en"),
        "next_vi": refusal.next_step("vi"),
        "next_en": refusal.next_step("en"),
    }
