"""What makes a .docx refused before anything in it is filled in: bombs, macros, links outwards, entities, objects, fields."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from tdcs.documents import errors as files
from tdcs.documents.archives import opened_archive
from tdcs.word_templates import errors
from tdcs.word_templates.filling.places import W

MAX_BYTES: Final = 5 * 2**20
_MAX_INFLATED: Final = 40 * 2**20
# A page of repeated cells shrinks to a fiftieth; what shrinks further was made to.
_MAX_RATIO: Final = 200
_SMALL: Final = 4 * 2**20
_MAX_PARTS: Final = 400
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS: Final = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin")
_OBJECTS: Final = ("word/embeddings/", "word/activex/", "word/afchunk", "customui/")
# Fields that show something of the document itself.
_FIELDS: Final = frozenset(
    {
        "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME", "SAVEDATE", "CREATEDATE", "PRINTDATE",
        "TOC", "TC", "PAGEREF", "REF", "SEQ", "STYLEREF", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "=",
    }
)  # fmt: skip
_TAG: Final = re.compile(r"\{[{%#]|[}%#]\}")
_DRAWN: Final = ("altChunk", "object", "control")


def inspect(content: bytes) -> None:
    """Raises FileTooLarge, EmptyFile, EncryptedFile, UnknownFormat, BrokenFile, DocumentBomb of documents, and TemplateHasMacro,
    TemplateReachesOut, TemplateHasEntities, TemplateHasObject, TemplateFieldRefused."""
    _measure(content)
    with opened_archive(content) as packed:
        for name in packed.namelist():
            _look_at(packed, name)


def _measure(content: bytes) -> None:
    if not content:
        raise files.EmptyFile
    if len(content) > MAX_BYTES:
        raise files.FileTooLarge(size=-(-len(content) // 2**20), limit=MAX_BYTES // 2**20)
    if content[:8] == _OLE:
        marker = "EncryptedPackage".encode("utf-16-le")
        raise files.EncryptedFile if marker in content else files.UnknownFormat
    if content[:2] != b"PK":
        raise files.UnknownFormat
    with opened_archive(content) as packed:
        parts = packed.infolist()
    names = [part.filename for part in parts]
    if "word/document.xml" not in names:
        raise files.UnknownFormat
    if len(names) != len(set(names)):
        # Two parts of one name: what is looked at here may not be what Word opens.
        raise files.BrokenFile
    if any(part.flag_bits & 1 for part in parts):
        raise files.EncryptedFile
    size = sum(part.file_size for part in parts)
    packed_to = max(sum(part.compress_size for part in parts), 1)
    too_dense = size > _SMALL and size > _MAX_RATIO * packed_to
    if size > _MAX_INFLATED or len(parts) > _MAX_PARTS or too_dense:
        raise files.DocumentBomb(size=size // 2**20)


def _look_at(packed: zipfile.ZipFile, name: str) -> None:
    small = name.lower()
    if small.endswith(_MACROS):
        raise errors.TemplateHasMacro(part=name)
    if small.startswith(_OBJECTS):
        raise errors.TemplateHasObject(part=name)
    if not small.endswith((".xml", ".rels")):
        return
    root = _parsed(packed.read(name), name)
    if small == "[content_types].xml":
        _types(root)
    elif small.endswith(".rels"):
        _links(root, name)
    elif small.startswith("word/"):
        _contents(root, name)


def _parsed(content: bytes, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as wrong:
        # A part that declares entities may already fail on them.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise errors.TemplateHasEntities(part=name) from wrong
        raise files.BrokenFile from wrong
    if root.getroottree().docinfo.doctype or any(True for _ in root.iter(etree.Entity)):
        raise errors.TemplateHasEntities(part=name)
    return root


def _types(root: Any) -> None:
    for one in root:
        kind = str(one.get("ContentType", "")).lower()
        if "macroenabled" in kind or "vbaproject" in kind:
            raise errors.TemplateHasMacro(part=one.get("PartName") or one.get("Extension") or "")
        if "activex" in kind or "oleobject" in kind:
            raise errors.TemplateHasObject(part=one.get("PartName") or one.get("Extension") or "")


def _links(root: Any, name: str) -> None:
    for one in root:
        target = str(one.get("Target", ""))
        inside = str(one.get("TargetMode", "Internal")).lower() != "external"
        if not inside or "://" in target or target.startswith("\\\\"):
            raise errors.TemplateReachesOut(target=target[:120], part=name)


def _contents(root: Any, name: str) -> None:
    for tag in _DRAWN:
        if next(root.iter(f"{W}{tag}"), None) is not None:
            raise errors.TemplateHasObject(part=f"{name}: {tag}")
    for words in _instructions(root):
        first = words.split()[0].upper() if words.split() else ""
        if _TAG.search(words) or (first and first not in _FIELDS and not first.startswith("=")):
            raise errors.TemplateFieldRefused(field=words.strip()[:60], part=name)


def _instructions(root: Any) -> Iterator[str]:
    """The code of every field, put together from its runs; of a field inside another too."""
    for one in root.iter(f"{W}fldSimple"):
        yield str(one.get(f"{W}instr", ""))
    open_: list[list[str]] = []
    for one in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}delInstrText"):
        if one.tag != f"{W}fldChar":
            if open_:
                open_[-1].append(one.text or "")
            else:
                yield one.text or ""
            continue
        kind = one.get(f"{W}fldCharType")
        if kind == "begin":
            open_.append([])
        elif kind == "end" and open_:
            yield "".join(open_.pop())
    for left in open_:
        yield "".join(left)
