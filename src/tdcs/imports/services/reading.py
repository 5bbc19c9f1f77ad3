"""The files of an import read whole, two at a time in processes of their own; nothing counts yet."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Final

import polars as pl
from django.db import transaction

from tdcs.access.models import User
from tdcs.access.queries import visible_organisations
from tdcs.core import trail
from tdcs.core.errors import Refusal
from tdcs.documents.errors import NotATable
from tdcs.imports import store
from tdcs.imports.errors import (
    DayInFuture,
    DayUnknown,
    ExtractEmpty,
    ForeignExtract,
    ForeignRows,
    NotAnExtract,
    OfficeInNameUnknown,
    OfficeNameUnknown,
    OfficeOfRowsUnknown,
    OfficeOutOfScope,
    OfficeTwice,
    OfficeUnknown,
    SaidDayInFuture,
)
from tdcs.imports.models import Extract, ExtractFile, ExtractImport
from tdcs.imports.queries.imports import taken_beside
from tdcs.imports.queries.lists import faults_of_list
from tdcs.imports.queries.mappings import remembered_for
from tdcs.imports.queries.offices import code_of_office, office_of_code
from tdcs.imports.reading.workbook import Part, Read, ReadingRequest, as_parquet, read_guarded
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.recognising import SCANNED
from tdcs.imports.rules.rows import FAULT_SCHEMA, ROW
from tdcs.imports.rules.sums import sums_of
from tdcs.imports.rules.wording import row_spans
from tdcs.imports.services.moving import locked
from tdcs.imports.services.receiving import said
from tdcs.imports.states import FileState, ImportState
from tdcs.organisations.models import Organisation
from tdcs.organisations.queries import names_on

_AT_ONCE: Final = 2
Progress = Callable[[int, str], None]


def read(
    *,
    imported: ExtractImport,
    by: User | None,
    on: date,
    progress: Progress = lambda percent, words: None,
) -> ExtractImport:
    """Reads every waiting file of an open import. Raises ImportEnded."""
    waiting = list(imported.files.filter(state=FileState.WAITING).order_by("pk"))
    found = _read_all(waiting, remembered_for(by))
    with transaction.atomic():
        row = locked(imported, ImportState.OPEN)
        for at, (file, answer) in enumerate(found, 1):
            _keep(file, answer, by, on)
            progress(at * 100 // len(waiting), file.name)
        states = list(row.files.values_list("state", flat=True))
        trail.record(
            action="imports.read",
            subject=row,
            by=by,
            on=on,
            data={str(one): states.count(one) for one in FileState if one in states},
        )
    return row


Mappings = dict[str, tuple[str, dict[str, str]]]


def _read_all(
    files: Sequence[ExtractFile], remembered: Mappings
) -> Iterator[tuple[ExtractFile, Read | Refusal]]:
    def one(file: ExtractFile) -> Read | Refusal:
        return _read_one(file, remembered)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from zip(files, pool.map(one, files), strict=True)


def _read_one(file: ExtractFile, remembered: Mappings) -> Read | Refusal:
    """What a file holds, or why it cannot be read. No query: this runs in a thread of its own."""
    try:
        content = store.get(file.sha256, file.ending, file.name)
        return read_guarded(content, ReadingRequest(file.name, file.said_day, remembered))
    except NotATable:
        # Its bytes are a table's, but no header is known: it was, or said to be, and is no more.
        return NotAnExtract(rows=SCANNED)
    except Refusal as refusal:
        return refusal


def _keep(file: ExtractFile, answer: Read | Refusal, by: User | None, on: date) -> None:
    if isinstance(answer, Refusal):
        known = isinstance(answer, NotAnExtract)
        _refused(file, FileState.UNKNOWN if known else FileState.REFUSED, answer)
        return
    file.kind, file.fingerprint = answer.kind, answer.fingerprint
    file.day = date.fromisoformat(answer.day) if answer.day else None
    file.day_from, file.sheet, file.header_row = answer.day_from, answer.sheet, answer.header_row
    file.notes = [list(one) for one in answer.notes]
    file.missing, file.unknown = answer.missing, answer.unknown
    faults = pl.read_parquet(io.BytesIO(answer.faults))
    _keep_faults(file, faults)
    if not answer.parts and not file.blocking:
        _refused(file, FileState.REFUSED, ExtractEmpty())
        return
    if file.day is None:
        _refused(file, FileState.NO_DAY, DayUnknown())
        return
    if file.day > on:
        # What a column says, nobody may say otherwise; a title and a name may be wrong.
        if file.day_from == "column":
            _refused(file, FileState.REFUSED, DayInFuture(day=file.day, today=on))
        else:
            _refused(file, FileState.NO_DAY, SaidDayInFuture(day=file.day, today=on))
        return
    try:
        made = _extracts(file, answer.parts, file.day, by)
    except Refusal as refusal:
        if isinstance(refusal, ForeignRows):
            _keep_faults(file, pl.concat([faults, _foreign(file, refusal)]).sort("row", "field"))
        state = FileState.NO_OFFICE if isinstance(refusal, OfficeUnknown) else FileState.FOREIGN
        _refused(file, state, refusal)
        return
    others = taken_beside(file, made)
    Extract.objects.bulk_create(made)
    if lists := [left for one in made if len(left := faults_of_list(one))]:
        # What the registers cannot take stands with what the reading found.
        _keep_faults(file, pl.concat([faults, *lists]).sort("row", "field"))
    file.state = FileState.FAULTY if file.blocking else FileState.READ
    if file.state == FileState.READ and (other := _other_figures(made, others)):
        _refused(file, FileState.TWICE, _twice(other))
        return
    there = {(one.office_code, one.day) for one in others}
    if file.state == FileState.READ and all(
        (one.office_code, one.day) in there or _is_current(one) for one in made
    ):
        file.state = FileState.SAME
    file.save()


def _other_figures(made: Sequence[Extract], others: Sequence[Extract]) -> Extract | None:
    """What another file of the import says otherwise of the same office and day."""
    own = {(one.office_code, one.day): one for one in made}
    for other in others:
        one = own[other.office_code, other.day]
        if one.rows_digest != other.rows_digest and not _figures(one).equals(_figures(other)):
            return other
    return None


def _figures(extract: Extract) -> pl.DataFrame:
    """The rows without their places in the file: one office's file and the branch's merged one say the same."""
    frame = store.rows(extract.rows_digest, extract.file.name).drop(ROW)
    return frame.select(sorted(frame.columns)).sort(pl.all())


def _twice(other: Extract) -> OfficeTwice:
    names = names_on(other.day, [other.office_id] if other.office_id else [])
    office = names.get(other.office_id or 0) or other.office_code
    return OfficeTwice(other=other.file.name, office=office, day=other.day)


def _keep_faults(file: ExtractFile, faults: pl.DataFrame) -> None:
    file.fault_rows, file.blocking = faults["row"].n_unique(), int(faults["blocks"].sum())
    file.faults_digest = ""
    if len(faults):
        content = io.BytesIO()
        faults.write_parquet(content, compression="zstd")
        file.faults_digest = store.put(content.getvalue(), store.ROWS)


def _extracts(
    file: ExtractFile, parts: Sequence[Part], day: date, by: User | None
) -> list[Extract]:
    """Those of a file's offices. Raises OfficeUnknown, ForeignExtract (ForeignRows of a file with others too),
    OfficeOutOfScope."""
    found: dict[str, tuple[Organisation, list[Part]]] = {}
    foreign, alone = [], len(parts) == 1
    for part in parts:
        try:
            office, code = _office_of(file, part, day, alone=alone)
        except (ForeignExtract, OfficeNameUnknown):
            if alone:
                raise
            foreign.append(part)
            continue
        except OfficeUnknown:
            if alone:
                raise
            numbers = _numbers(part)
            raise OfficeOfRowsUnknown(count=len(numbers), rows=row_spans(numbers)) from None
        found.setdefault(code, (office, []))[1].append(part)
    if foreign:
        raise _foreign_rows(foreign)
    seen = visible_organisations(by) if by is not None else None
    for office, mine in found.values():
        if seen is not None and office.pk not in seen:
            raise OfficeOutOfScope(office=mine[0].office_name or mine[0].office)
    return [_extract(file, code, *one, day) for code, one in found.items()]


def _foreign_rows(parts: Sequence[Part]) -> ForeignRows:
    """Offices of others among a file's: which rows they are."""
    rows = [(part, _numbers(part)) for part in parts]
    listed = "; ".join(f"{_office_words(part)} [{row_spans(numbers)}]" for part, numbers in rows)
    return ForeignRows([(one, part.office) for part, numbers in rows for one in numbers], listed)


def _foreign(file: ExtractFile, refusal: ForeignRows) -> pl.DataFrame:
    """The same as faults of the file's rows."""
    name = layout_of(file.kind).office
    found = [(row, name, "office_foreign", office, True) for row, office in refusal.rows]
    return pl.DataFrame(found, schema=FAULT_SCHEMA, orient="row")


def _numbers(part: Part) -> list[int]:
    """The numbers of a part's rows."""
    return pl.read_parquet(io.BytesIO(part.rows), columns=[ROW])[ROW].to_list()


def _office_words(part: Part) -> str:
    if not part.office:
        return part.office_name
    return f"{part.office} ({part.office_name})" if part.office_name else part.office


def _office_of(
    file: ExtractFile, part: Part, day: date, *, alone: bool
) -> tuple[Organisation, str]:
    """(the office of a part, its code in the core). Raises OfficeUnknown, ForeignExtract."""
    office = office_of_code(part.office, part.office_name, day)
    if office is not None and part.office:
        return office, part.office
    if not part.guessed:
        raise ForeignExtract(office=_office_words(part))
    if office is None and part.office:
        office = office_of_code("", part.office_name, day)
    if office is None and (alone or not part.office_name):
        # Only what a file does not say may be said for it: another province's extract stays another's.
        office = file.said_office
    if office is None:
        raise _nobodys(part)
    return office, code_of_office(office)


def _extract(
    file: ExtractFile, code: str, office: Organisation, parts: Sequence[Part], day: date
) -> Extract:
    """The rows of an office; those that name it in several ways are one extract."""
    rows, sums = parts[0].rows, parts[0].sums
    if len(parts) > 1:
        frames = [pl.read_parquet(io.BytesIO(one.rows)) for one in parts]
        frame = pl.concat(frames).sort(ROW)
        rows, sums = as_parquet(frame), sums_of(layout_of(file.kind), frame)
    return Extract(
        file=file,
        kind=file.kind,
        office_code=code,
        office=office,
        day=day,
        rows_digest=store.put(rows, store.ROWS),
        sums=sums,
    )


def _nobodys(part: Part) -> OfficeUnknown:
    """Why nobody knows whose rows these are."""
    if part.office_name:
        return OfficeNameUnknown(name=part.office_name)
    return OfficeInNameUnknown(office=part.office) if part.office else OfficeUnknown()


def _is_current(made: Extract) -> bool:
    """Whether the very rows are what counts already."""
    same = Extract.objects.filter(
        kind=made.kind, office_code=made.office_code, day=made.day, current=True
    )
    return same.filter(rows_digest=made.rows_digest).exists()


def _refused(file: ExtractFile, state: FileState, refusal: Refusal) -> None:
    file.state, file.refusal = state, said(refusal)
    file.save()
