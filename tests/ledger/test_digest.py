"""A digest kept elsewhere: what was only added to agrees with it, a chain made anew does not, nor a forged digest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from ledger_cast import TODAY, Cast, cash

from tdcs.audit import checks as audit
from tdcs.audit.models import AuditLine, ChainHead
from tdcs.audit.rules import GENESIS, line_hash
from tdcs.audit.services import chained_fields
from tdcs.cli import heads
from tdcs.cli.errors import DigestUnreadable
from tdcs.core import trail
from tdcs.ledger import checks
from tdcs.ledger.models import Book, JournalEntry
from tdcs.ledger.rules import EntryHead, entry_hash


def owner(sql: str, values: list[Any]) -> None:
    """What the owner of the database can do: with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def kept(cast: Cast, post: Any, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """The digest of a book of two entries and three lines of the trail, as it lies elsewhere."""
    settings.HOME = tmp_path
    for number in (1, 2):
        post(*cash(number * 1_000))
    for number in range(3):
        trail.record(action="test.do", subject=f"việc {number}", by=None, on=TODAY)
    path = tmp_path / "digest.json"
    path.write_text(json.dumps(heads.signed()))
    return heads.read(path)


def test_what_was_only_added_to_agrees(kept: dict[str, Any], post: Any) -> None:
    post(*cash(9_000))
    trail.record(action="test.do", subject="thêm", by=None, on=TODAY)
    assert list(heads.differences(kept)) == []


def test_a_book_made_anew_differs(kept: dict[str, Any], cast: Cast) -> None:
    owner(
        "UPDATE ledger_posting SET debit = debit * 1000, credit = credit * 1000"
        " WHERE entry_id IN (SELECT id FROM ledger_journalentry WHERE book_id = %s)",
        [cast.book.pk],
    )
    previous = GENESIS
    for entry in JournalEntry.objects.filter(book=cast.book).order_by("number"):
        lines = entry.postings.order_by("pk")
        digest = entry_hash(
            previous=previous,
            head=EntryHead(
                book=entry.book_id,
                number=entry.number,
                on=entry.on,
                template=entry.template,
                words=entry.words,
                reverses=entry.reverses_id,
            ),
            lines=list(lines.values_list("account__code", "debit", "credit", "subject")),
        )
        owner(
            "UPDATE ledger_journalentry SET previous_hash = %s, hash = %s WHERE id = %s",
            [previous, digest, entry.pk],
        )
        previous = digest
    Book.objects.filter(pk=cast.book.pk).update(last_hash=previous)
    assert list(checks.chain_holds()) == []
    assert list(heads.differences(kept)) == [
        f"sổ {cast.book.pk}: bút toán 2 nay không còn hoặc khác"
    ]


def test_a_trail_made_anew_differs(kept: dict[str, Any]) -> None:
    first = AuditLine.objects.order_by("id")[0]
    owner("UPDATE audit_auditline SET why = 'khác' WHERE id = %s", [first.pk])
    previous = GENESIS
    for line in AuditLine.objects.order_by("id"):
        digest = line_hash(chained_fields(line), previous)
        owner(
            "UPDATE audit_auditline SET previous_hash = %s, hash = %s WHERE id = %s",
            [previous, digest, line.pk],
        )
        previous = digest
    ChainHead.objects.update(hash=previous)
    assert list(audit.chain_holds()) == []
    [found] = heads.differences(kept)
    assert found.startswith("nhật ký: dòng")


def test_changes_noted_anew_differ(kept: dict[str, Any]) -> None:
    owner("UPDATE audit_recordchange SET digest = 'x' WHERE op <> %s", ["D"])
    assert list(heads.differences(kept)) == [
        "nhật ký thay đổi bản ghi: phần đã có lúc lập bản tổng hợp nay khác"
    ]


def test_a_digest_that_was_altered_is_no_digest(kept: dict[str, Any]) -> None:
    kept["heads"]["trail"]["lines"] += 1
    assert list(heads.differences(kept)) == ["bản tổng hợp: chữ ký không đúng"]


def test_a_digest_of_another_key_is_said(
    kept: dict[str, Any], settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path / "other"
    [found] = heads.differences(kept)
    assert "khóa khác" in found


@pytest.mark.parametrize(
    "words",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "7",
        "{}",
        '{"heads": []}',
        '{"heads": {"trail": {}}}',
        "[" * 5_000,
    ],
)
def test_a_file_that_is_no_digest_is_refused_by_name(tmp_path: Path, words: str) -> None:
    file = tmp_path / "la-thu.json"
    file.write_text(words)
    with pytest.raises(DigestUnreadable, match=r"la-thu\.json"):
        heads.read(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DigestUnreadable):
        heads.read(file)
