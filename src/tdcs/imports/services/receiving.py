"""Files as they come: unpacked, kept by content, recognised; each gets a row, whatever becomes of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.errors import Refusal
from tdcs.documents import errors
from tdcs.documents.accepting import plain_title
from tdcs.imports import store
from tdcs.imports.errors import NotAnExtract, NothingToImport, TooManyFiles
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
_WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm", ".csv", ".tsv")
Given = tuple[str, bytes]


def receive(*, files: Sequence[Given], by: User | None, on: date, key: str) -> ExtractImport:
    """A new import of files (name, content); a zip gives the workbooks in it. Nothing is read yet but the heads.

    Raises NothingToImport, TooManyFiles, DocumentBomb.
    """
    given = list(_unpacked(files))
    if not given:
        raise NothingToImport
    if len(given) > MOST_FILES:
        raise TooManyFiles(count=len(given), most=MOST_FILES)

    def work(operation: Operation) -> dict[str, int]:
        remembered = remembered_for(by)
        made = ExtractImport.objects.create(made_by=by, made_on=on, made_at=clock.now())
        for name, content in given:
            _note(made, name, content, remembered)
        states = made.files.values_list("state", flat=True)
        trail.record(
            action="imports.receive",
            subject=made,
            by=by,
            on=on,
            data={"files": len(given), "recognised": list(states).count(FileState.WAITING)},
        )
        return {"import": made.pk}

    asked = {"files": [(name, len(content)) for name, content in given]}
    done = idempotent(key=key, action="imports.receive", request=asked, by=by, on=on, work=work)
    return ExtractImport.objects.get(pk=done["import"])


def _unpacked(files: Sequence[Given]) -> Iterator[Given]:
    for name, content in files:
        if name.lower().endswith(".zip"):
            yield from _of_zip(name, content)
        else:
            yield name, content


def _of_zip(name: str, content: bytes) -> Iterator[Given]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [e for e in packed.infolist() if e.filename.lower().endswith(_WORKBOOKS)]
            if len(entries) > MOST_FILES:
                raise TooManyFiles(count=len(entries), most=MOST_FILES)
            if (size := sum(e.file_size for e in entries)) > _MAX_UNPACKED:
                raise errors.DocumentBomb(size=size // 2**20)
            for entry in entries:
                with packed.open(entry) as stream:
                    # One byte more than is taken shows that a file is too large, whatever the zip says of its size.
                    yield PurePosixPath(entry.filename).name, stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as wrong:
        raise errors.BrokenFile from wrong
    except RuntimeError as wrong:
        # The library's word for a zip under a password.
        raise errors.EncryptedFile from wrong


def _note(made: ExtractImport, name: str, content: bytes, remembered: Remembered) -> None:
    """A file's row: waiting where its kind is known, else why it is not read."""
    given = PurePosixPath(name).suffix.lower()
    ending = _ENDINGS.get(given, ".xlsx")
    row = ExtractFile(
        imported=made, name=plain_title(name, "sao-ke"), size=len(content), ending=ending
    )
    with transaction.atomic():
        try:
            found = recognise(content, remembered)
            if found is None:
                raise NotAnExtract(rows=SCANNED)
            row.kind, row.sheet = found.header.layout.kind, found.sheet[:120]
            row.header_row = found.header.row + 1
            row.fingerprint = found.header.fingerprint
        except Refusal as refusal:
            known = isinstance(refusal, NotAnExtract)
            row.state = FileState.UNKNOWN if known else FileState.REFUSED
            row.refusal = said(refusal)
        row.sha256 = store.put(content, ending)
        row.save()


def said(refusal: Refusal) -> dict[str, str]:
    """A refusal as it is kept: its code and sentences in both languages."""
    return {
        "code": refusal.code,
        "vi": refusal.sentence("vi"),
        "en": refusal.sentence("en"),
        "next_vi": refusal.next_step("vi"),
        "next_en": refusal.next_step("en"),
    }
