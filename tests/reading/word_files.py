"""A case as a real .docx with what Word adds: automatic numbers, tracked changes, notes, text boxes, hidden words; and its PDF.

In a line ``{-…-}`` is deleted and ``{+…+}`` inserted with changes tracked, ``{~…~}`` hidden, ``{^…^}`` a footnote, ``{[…]}`` a
content control; ``#1``…``#4`` at its start is numbered by Word (I. 1. a) -). Lines between ``[[box]]`` and ``[[endbox]]`` stand
in a text box. In a cell ``{%a ; b // c ; d%}`` is a table of its own.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

WORD_PDF = shutil.which("soffice") or ""
_MARK = re.compile(r"\{(?P<k>[-+~^\[])(?P<w>.+?)(?:[-+~^\]])\}")
_NESTED = re.compile(r"\{%(.+?)%\}")
_LEVELS = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-"))
_BY = 'w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"'
Rows = list[list[str]]


def word_file(parts: list[str | Rows]) -> bytes:
    """The .docx of lines and tables."""
    file = docx.Document()
    _numbers(file)
    box: list[str] | None = None
    for part in parts:
        if isinstance(part, list):
            _table(file, part)
        elif part == "[[box]]":
            box = []
        elif part == "[[endbox]]":
            file.add_paragraph()._p.append(_box(box or []))
            box = None
        elif box is not None:
            box.append(part)
        else:
            _paragraph(file.add_paragraph(), part)
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def word_pdf(content: bytes) -> bytes:
    """The same file printed by LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "plan.docx"
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [WORD_PDF, profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=180)
        return source.with_suffix(".pdf").read_bytes()


def plain(line: str) -> str:
    """What a reader of the printed line sees."""
    kept = {"-": "", "~": "", "^": ""}
    shown = _MARK.sub(lambda m: kept.get(m["k"], m["w"]), line)
    return _NESTED.sub(lambda m: re.sub(r"\s*(;|//)\s*", " ", m[1]), shown)


def _numbers(file: Any) -> None:
    numbering = file.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{shape}"/></w:lvl>'
        for at, (kind, shape) in enumerate(_LEVELS)
    )
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'
    numbering.insert(0, parse_xml(abstract))
    link = f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'
    numbering.append(parse_xml(link))


def _paragraph(paragraph: Any, line: str) -> None:
    level = re.match(r"#([1-4]) ", line)
    if level:
        deep = int(level[1]) - 1
        mark = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{deep}"/><w:numId w:val="77"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(mark))
        line = line[level.end() :]
    if re.fullmatch(r"\{-.+-\}", line):
        gone = f"<w:rPr {nsdecls('w')}><w:del {_BY}/></w:rPr>"
        paragraph._p.get_or_add_pPr().append(parse_xml(gone))
    at = 0
    for mark in _MARK.finditer(line):
        paragraph.add_run(line[at : mark.start()])
        paragraph._p.append(parse_xml(_marked(mark["k"], mark["w"])))
        at = mark.end()
    paragraph.add_run(line[at:])


def _marked(kind: str, words: str) -> str:
    spaces = nsdecls("w")
    text = f'<w:t xml:space="preserve">{words}</w:t>'
    return {
        "-": f'<w:del {spaces} {_BY}><w:r><w:delText xml:space="preserve">{words}</w:delText></w:r></w:del>',
        "+": f"<w:ins {spaces} {_BY}><w:r>{text}</w:r></w:ins>",
        "~": f"<w:r {spaces}><w:rPr><w:vanish/></w:rPr>{text}</w:r>",
        "^": f'<w:r {spaces}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>',
        "[": f"<w:sdt {spaces}><w:sdtContent><w:r>{text}</w:r></w:sdtContent></w:sdt>",
    }[kind]


def _box(lines: list[str]) -> Any:
    rows = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    content = f"<w:txbxContent>{rows}</w:txbxContent>"
    return parse_xml(
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{content}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _table(file: Any, rows: Rows) -> None:
    width = max(map(len, rows))
    table = file.add_table(rows=len(rows), cols=width)
    table.style = "Table Grid"
    for at, row in enumerate(rows):
        cells = row if len(row) == width else [row[0], *row[1:], *["<"] * (width - len(row))]
        for column, words in enumerate(cells):
            cell = table.cell(at, column)
            nested = _NESTED.search(words)
            if words == "<":
                table.cell(at, column - 1).merge(cell)
            elif words == "^":
                table.cell(at - 1, column).merge(cell)
            elif nested:
                _paragraph(cell.paragraphs[0], words[: nested.start()])
                inside = [row.split(";") for row in nested[1].split("//")]
                inner = cell.add_table(rows=len(inside), cols=max(map(len, inside)))
                for row_at, said in enumerate(inside):
                    for column_at, one in enumerate(said):
                        inner.cell(row_at, column_at).text = one.strip()
            elif words:
                _paragraph(cell.paragraphs[0], words)
