"""LibreOffice opens what the product writes, without a repair: one of each kind in `make soak`, one here."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from libreoffice import SOFFICE, printed
from link_walk import paper_of, walk
from lxml import etree

from tdcs.access.models import User
from tdcs.demo.people import roles
from tdcs.documents.columns import Column
from tdcs.documents.xlsx_out import table_to_xlsx

needs_office = pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")


@needs_office
def test_a_workbook_is_opened(tmp_path: Path) -> None:
    columns = (Column("Đơn vị"), Column("Dư nợ", "integer"), Column("Ngày", "date"))
    rows = [('=HYPERLINK("x")', 1_234_567, date(2026, 11, 23)), ("Xã La Ngà", None, None)]
    made = table_to_xlsx("Danh sách", columns, rows, as_of=date(2026, 11, 23))
    words = printed({"list.xlsx": made}, tmp_path)["list.xlsx"]
    for part in ("Xã La Ngà", "1.234.567", "23/11/2026", "HYPERLINK"):
        assert part.replace(".", "") in words.replace(".", "").replace(",", ""), part


@needs_office
@pytest.mark.soak
def test_every_kind_of_document_that_a_role_is_offered_is_opened(
    demonstration: None, tmp_path: Path
) -> None:
    """Each address that gives a .docx or .xlsx, once over all roles; printed in one go."""
    files: dict[str, bytes] = {}
    for name in roles("dong-nai"):
        client = Client(raise_request_exception=False)
        person = User.objects.get(username=name)
        client.force_login(person, backend="tdcs.access.backends.AccountBackend")
        papers: dict[str, bytes] = {}
        walk(client, times=1, papers=papers)
        for address, content in papers.items():
            files.setdefault(_name_of(address, content), content)
    assert len(files) >= 20, sorted(files)
    for name, content in files.items():
        _assert_sound(name, content)
    words = printed(files, tmp_path)
    assert [name for name, said in words.items() if len(said.strip()) < 20] == []


def _name_of(address: str, content: bytes) -> str:
    """A file's name by its route: one of each kind; forms of lending each by its own number."""
    ending = "docx" if b"word/document.xml" in content else "xlsx"
    return re.sub(r"[^\w.-]+", "-", f"{paper_of(address)}.{ending}")


def _assert_sound(name: str, content: bytes) -> None:
    """Every part is well-formed XML, and what the parts refer to is there: what Word offers to repair."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None, name
        parts = set(archive.namelist())
        for part in parts:
            if part.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(part))
        for rels in (part for part in parts if part.endswith(".rels")):
            folder = rels.replace("_rels/", "").rpartition("/")[0]
            for one in etree.fromstring(archive.read(rels)):
                if one.get("TargetMode") != "External":
                    target = one.get("Target", "")
                    path = (
                        target[1:] if target.startswith("/") else f"{folder}/{target}".lstrip("/")
                    )
                    path = _normal(path)
                    assert path in parts, (name, rels, target)


def _normal(path: str) -> str:
    made: list[str] = []
    for piece in path.split("/"):
        if piece == "..":
            made.pop()
        elif piece:
            made.append(piece)
    return "/".join(made)
