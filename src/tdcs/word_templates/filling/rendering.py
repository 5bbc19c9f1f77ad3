"""A .docx filled in by docxtpl, inside the sandbox, with a dry run of its words first that names the tag and the place."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError

from tdcs.core.errors import Refusal
from tdcs.documents import errors as files
from tdcs.word_templates import errors
from tdcs.word_templates.filling import grammar, sandbox
from tdcs.word_templates.filling.packing import inspect
from tdcs.word_templates.filling.places import Place, PlacedLine, lines_of
from tdcs.word_templates.filling.tags import Tag, common_names

MOST_MB: Final = 20
_MOST_XML: Final = 60 * 2**20
_PARAGRAPH: Final = re.compile(r"<w:p([ >])")
_SHOWN_WRONG: Final = "giá trị không hợp với thẻ"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the package that may hold tags: its words and the XML that will run."""

    name: str
    lines: list[PlacedLine]
    source: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a template uses, and everything that is wrong with it."""

    used: frozenset[str]
    problems: list[Refusal]
    # Names in headers and footers.
    around: frozenset[str]


class _Guarded(DocxTemplate):  # type: ignore[misc]
    """docxtpl with what it writes measured, and the properties left as they are."""

    def render_xml_part(
        self, src_xml: str, part: Any, context: Mapping[str, Any], jinja_env: Any = None
    ) -> str:
        self.current_rendering_part = part
        template = jinja_env.from_string(_with_lines(src_xml))
        pieces: list[str] = []
        size = 0
        for piece in template.generate(context):
            size += len(piece)
            if size > _MOST_XML:
                raise errors.ResultTooLarge(limit=MOST_MB)
            pieces.append(piece)
        made = "".join(pieces).replace("\n<w:p ", "<w:p ").replace("\n<w:p>", "<w:p>")
        return str(self.resolve_listing(made))

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Author and title stay the template's own: no tag is read there."""


def _with_lines(xml: str) -> str:
    return _PARAGRAPH.sub(r"\n<w:p\1", xml)


def parts_of(content: bytes) -> list[Part]:
    """The body, headers, footers and footnotes. Raises BrokenFile."""
    try:
        template = _Guarded(io.BytesIO(content))
        template.render_init()
        return list(_parts(template))
    except (KeyError, ValueError, AttributeError, TypeError) as wrong:
        raise files.BrokenFile from wrong


def _parts(template: _Guarded) -> Iterator[Part]:
    body = template.docx._element
    source = _with_lines(template.patch_xml(template.get_xml()))
    yield Part("body", lines_of(body, "body"), source)
    for name, uri in (("header", template.HEADER_URI), ("footer", template.FOOTER_URI)):
        for _key, part in template.get_headers_footers(uri):
            yield _part(template, part, name)
    for part in template.docx.part.package.parts:
        if str(part.content_type).endswith("wordprocessingml.footnotes+xml"):
            yield _part(template, part, "footnotes")


def _part(template: _Guarded, part: Any, name: str) -> Part:
    from docx.opc.oxml import parse_xml

    root = parse_xml(part.blob)
    source = _with_lines(template.patch_xml(template.xml_to_string(root)))
    return Part(name, lines_of(root, name), source)


def check(content: bytes, tags: Mapping[str, Tag]) -> Checked:
    """Everything that is wrong with a template's tags. Raises what ``inspect`` raises, BrokenFile, TemplateTooHard."""
    inspect(content)
    return _checked(parts_of(content), tags)


def _checked(parts: Sequence[Part], tags: Mapping[str, Tag]) -> Checked:
    used: set[str] = set()
    around: set[str] = set()
    problems: list[Refusal] = []
    for part in parts:
        wrong, names = grammar.problems_of(part.lines, tags)
        # What runs is the XML: where it says more than the words did, that is refused as well.
        problems += wrong or grammar.problems_of_xml(part.source, tags, part.name)
        used |= names
        if part.name in ("header", "footer"):
            around |= names
    return Checked(frozenset(used), problems, frozenset(around))


def fill(
    content: bytes, tags: Mapping[str, Tag], records: Sequence[Mapping[str, Any]], *, joined: bool
) -> list[bytes]:
    """The template filled in for each record; ``joined``: one document of them all.

    Raises what ``check`` raises, the first problem of the template, and what a tag raises, at its place.
    """
    inspect(content)
    parts = parts_of(content)
    checked = _checked(parts, tags)
    if checked.problems:
        raise checked.problems[0]
    if joined and len(records) > 1 and (own := checked.around - common_names()):
        raise errors.JoinedHeaderDiffers(tags=", ".join(sorted(own)))
    env = sandbox.environment()
    for record in records:
        _dry_run(parts, record, env)
    if joined:
        return [_measured(_joined(content, records, env))]
    return [_measured(_one(content, record, env)) for record in records]


def _dry_run(parts: Sequence[Part], record: Mapping[str, Any], env: sandbox.Sandbox) -> None:
    """The words alone, to find what fails and where."""
    budget = sandbox.Budget()
    for part in parts:
        try:
            template = env.from_string(grammar.linear(part.lines))
            for _piece in template.generate(sandbox.counted(record, budget)):
                pass
        except sandbox.RowsSpent as wrong:
            place, _tag = _where(wrong, part)
            raise errors.TooManyRows(limit=sandbox.MOST_ROWS, place=place) from wrong
        except (TemplateError, sandbox.ValueUnfit, TypeError, ValueError, KeyError) as wrong:
            place, tag = _where(wrong, part)
            why = str(wrong) if isinstance(wrong, sandbox.ValueUnfit) else _SHOWN_WRONG
            raise errors.TagValueWrong(tag=tag, place=place, why=why) from wrong


def _where(wrong: BaseException, part: Part) -> tuple[Place, str]:
    """The place of the template's line on which something failed, and the tag there."""
    line = 1
    trace = wrong.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    at = part.lines[min(line, len(part.lines)) - 1]
    found = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", at.text)
    return at.place, (found[0] if found else at.text)[:120]


def _filled(content: bytes, record: Mapping[str, Any], env: sandbox.Sandbox) -> _Guarded:
    template = _Guarded(io.BytesIO(content))
    # Twice: a table's row and its paragraph may each run over the list.
    budget = sandbox.Budget(2 * sandbox.MOST_ROWS)
    try:
        template.render(sandbox.counted(record, budget), env)
    except sandbox.RowsSpent as wrong:
        raise errors.TooManyRows(limit=sandbox.MOST_ROWS, place=Place()) from wrong
    except TemplateError as wrong:
        raise errors.TagValueWrong(tag="", place=Place(), why=_SHOWN_WRONG) from wrong
    return template


def _one(content: bytes, record: Mapping[str, Any], env: sandbox.Sandbox) -> bytes:
    return _saved(_filled(content, record, env))


def _joined(content: bytes, records: Sequence[Mapping[str, Any]], env: sandbox.Sandbox) -> bytes:
    """The bodies one after another, each beginning on a page of its own, in the first one's headers and footers."""
    whole = _filled(content, records[0], env)
    body = whole.docx._element.body
    end = body.find(qn("w:sectPr"))
    for record in records[1:]:
        pieces: list[Any] = [_page_break()]
        for item in _filled(content, record, env).docx._element.body:
            if item.tag != qn("w:sectPr"):
                pieces.append(deepcopy(item))
        for piece in pieces:
            if end is None:
                body.append(piece)
            else:
                end.addprevious(piece)
    return _saved(whole)


def _page_break() -> Any:
    paragraph, run, end = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:br")
    end.set(qn("w:type"), "page")
    run.append(end)
    paragraph.append(run)
    return paragraph


def _saved(template: _Guarded) -> bytes:
    made = io.BytesIO()
    template.docx.save(made)
    return made.getvalue()


def _measured(content: bytes) -> bytes:
    if len(content) > MOST_MB * 2**20:
        raise errors.ResultTooLarge(limit=MOST_MB)
    return content
