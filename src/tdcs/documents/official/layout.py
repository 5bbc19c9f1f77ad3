"""From the model to the sheet: numbering, order, endings, widths. Both renderers draw the same sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tdcs.documents.official import charts, grids, metrics, wording
from tdcs.documents.official.model import (
    Annex,
    Article,
    Block,
    Bullets,
    Chart,
    Content,
    Heading,
    OfficialDocument,
    Paragraph,
    Run,
    Table,
)
from tdcs.documents.official.sheet import (
    BODY_POINTS,
    LEFT_MM,
    NAME_POINTS,
    SUBJECT_MM,
    Break,
    CentredLine,
    Closing,
    Figure,
    Grid,
    Head,
    Node,
    Part,
    Sheet,
    Span,
    Text,
)

# The rule under a name is a third to a half of its line (NĐ 30/2020, annex I).
_RULE_SHARE = 0.42


def lay_out(document: OfficialDocument) -> Sheet:
    """Settle everything that does not depend on the kind of file."""
    flow = _Flow()
    main = [_Placed(node) for node in _opening(document)]
    main += flow.blocks(document.body)
    if document.end_mark:
        main = _with_end_mark(main)
    if closing := _closing(document):
        main = _kept_together(main)
        main.append(_Placed(closing))
    parts = _parts(main) or [Part([])]
    for position, annex in enumerate(document.annexes, 1):
        parts += _annex(document, annex, position, flow)
    return Sheet(
        title=wording.title_of_file(document),
        author=wording.one_line(document.issuer),
        head=_head(document),
        parts=parts,
    )


def _head(document: OfficialDocument) -> Head:
    is_letter = document.type_name is None
    parent = wording.capitals(document.parent_body)
    issuer = wording.capitals(document.issuer)
    subject = "" if is_letter else wording.one_line(document.subject)
    return Head(
        parent=_line(parent, NAME_POINTS, LEFT_MM - 2, bold=False),
        issuer=_line(issuer, NAME_POINTS, LEFT_MM - 2),
        nation=wording.NATION,
        motto=wording.MOTTO,
        number=wording.number_line(document),
        letter_subject=wording.subject_of_letter(document) if is_letter else "",
        place=wording.place_line(document),
        type_name="" if is_letter else wording.capitals(document.type_name or ""),
        subject=_line(subject, BODY_POINTS, SUBJECT_MM),
    )


def _line(words: str, points: float, limit: float, *, bold: bool = True) -> CentredLine:
    broad = metrics.balanced(words, points, limit, bold=bold)
    drawn = min(broad, metrics.width(words, points, bold=bold))
    return CentredLine(words, round(broad, 1), round(max(12.0, drawn * _RULE_SHARE), 1))


def _opening(document: OfficialDocument) -> Iterator[Node]:
    lines = wording.addressee_lines(document)
    for position, line in enumerate(lines):
        alone = len(lines) == 1
        role = "addressee" if alone else ("addressees" if position == 0 else "addressee_item")
        yield Text(role, [Span(line)], keep_next=True)
    if document.authority:
        yield Text("authority", [Span(wording.capitals(document.authority))], keep_next=True)
    for basis in wording.bases(document):
        yield Text("basis", [Span(basis)])
    if document.enacting:
        yield Text("enacting", [Span(wording.capitals(document.enacting))], keep_next=True)


def _closing(document: OfficialDocument) -> Closing | None:
    recipients = wording.recipients(document)
    signature = document.signature
    if signature is None and not recipients:
        return None
    return Closing(
        authority=[wording.capitals(line) for line in signature.authority] if signature else [],
        title=wording.capitals(signature.title) if signature else "",
        name=wording.one_line(signature.name) if signature else "",
        recipients=recipients,
    )


class _Placed:
    """A node and whether it wants a page turned by 90°."""

    __slots__ = ("landscape", "node")

    def __init__(self, node: Node, landscape: bool = False) -> None:
        self.node, self.landscape = node, landscape


class _Flow:
    """Numbers headings, articles, tables and charts as they come, over the whole document."""

    def __init__(self) -> None:
        self.counts = [0, 0, 0]
        self.articles = self.tables = self.charts = 0

    def blocks(self, blocks: Iterable[Block], *, turned: bool = False) -> list[_Placed]:
        placed: list[_Placed] = []
        for block in blocks:
            landscape = turned or (isinstance(block, Table) and block.landscape)
            nodes = list(self._nodes(block, landscape))
            if (
                placed
                and nodes
                and isinstance(placed[-1].node, Grid)
                and isinstance(nodes[0], Grid)
            ):
                nodes.insert(0, Break())
            placed += [_Placed(node, landscape) for node in nodes]
        return placed

    def restart(self) -> None:
        self.counts = [0, 0, 0]

    def _nodes(self, block: Block, landscape: bool) -> Iterator[Node]:
        match block:
            case Heading():
                yield self._heading(block)
            case Paragraph():
                yield from _texts("body", block.content)
            case Article():
                yield from self._article(block)
            case Bullets():
                sign = "- " if block.level == 1 else "+ "
                for item in block.items:
                    yield from _texts(f"bullet{block.level}", item, before=(Span(sign),))
            case Table():
                yield from self._table(block, landscape)
            case Chart():
                yield from self._chart(block)

    def _heading(self, block: Heading) -> Text:
        place = block.level - 1
        self.counts[place] += 1
        self.counts[block.level :] = [0] * (3 - block.level)
        count = self.counts[place]
        own = (f"{wording.roman(count)}.", f"{count}.", f"{wording.letter(count)})")[place]
        number = own if block.number is None else wording.one_line(block.number)
        words = wording.one_line(block.words)
        if block.level == 1:
            words = words.upper()
        return Text(f"heading{block.level}", [Span(f"{number} {words}".strip())], keep_next=True)

    def _article(self, block: Article) -> Iterator[Text]:
        self.articles += 1
        title = f" {wording.one_line(block.title)}" if block.title else ""
        lead = Span(f"Điều {self.articles}.{title}", bold=True)
        if block.title:
            yield Text("body", [lead], keep_next=True)
            yield from _texts("body", block.content)
        else:
            yield from _texts("body", block.content, before=(lead, Span(" ")))

    def _table(self, block: Table, landscape: bool) -> Iterator[Node]:
        if block.caption:
            self.tables += 1
            words = f"Bảng {self.tables}. {wording.one_line(block.caption)}"
            yield Text("caption", [Span(words)], keep_next=True)
        if block.unit:
            words = f"Đơn vị tính: {wording.one_line(block.unit)}"
            yield Text("unit", [Span(words)], keep_next=True)
        yield grids.grid(block, landscape=landscape)
        if block.note:
            yield from _texts("note", block.note)

    def _chart(self, block: Chart) -> Iterator[Node]:
        self.charts += 1
        title = wording.one_line(block.title)
        alt = wording.one_line(block.alt) or charts.described(block)
        for position, drawing in enumerate(charts.pieces(charts.draw(block))):
            more = " (tiếp theo)" if position else ""
            yield Figure(drawing, alt=alt)
            words = f"Biểu đồ {self.charts}{more}. {title}"
            yield Text("figure_caption", [Span(words)])


def _texts(role: str, content: Content, before: Sequence[Span] = ()) -> Iterator[Text]:
    """One text a line; what stands ``before`` belongs to the first."""
    pieces = [content] if isinstance(content, str) else content
    spans = list(before)
    for piece in pieces:
        run = Run(piece) if isinstance(piece, str) else piece
        first, *more = wording.clean(run.words).split("\n")
        spans.append(Span(first, run.bold, run.italic))
        for line in more:
            yield from _text(role, spans)
            spans = [Span(line, run.bold, run.italic)]
    yield from _text(role, spans)


def _text(role: str, spans: list[Span]) -> Iterator[Text]:
    spans = [span for span in spans if span.text]
    if any(span.text.strip() for span in spans):
        yield Text(role, spans)


_ENDABLE = ("body", "bullet1", "bullet2")


def _with_end_mark(placed: list[_Placed]) -> list[_Placed]:
    """ "./." closes the last sentence; after a table, a chart or a heading it stands on its own line."""
    last = placed[-1].node if placed else None
    if not isinstance(last, Text) or last.role not in _ENDABLE:
        return [*placed, _Placed(Text("body", [Span(wording.END_MARK)]))]
    span = last.spans[-1]
    ended = Span(wording.ended(span.text), span.bold, span.italic)
    return [*placed[:-1], _Placed(Text(last.role, [*last.spans[:-1], ended]))]


def _kept_together(placed: list[_Placed]) -> list[_Placed]:
    """The signature never stands alone on a page: the last text stays with it."""
    last = placed[-1].node if placed else None
    if not isinstance(last, Text):
        return placed
    return [*placed[:-1], _Placed(Text(last.role, last.spans, keep_next=True))]


def _parts(placed: list[_Placed], *, annex: bool = False) -> list[Part]:
    """Neighbours of one direction share their pages."""
    parts: list[Part] = []
    for one in placed:
        if not parts or parts[-1].landscape != one.landscape:
            parts.append(Part([], one.landscape, annex and not parts))
        parts[-1].nodes.append(one.node)
    return parts


def _annex(document: OfficialDocument, annex: Annex, position: int, flow: _Flow) -> list[Part]:
    flow.restart()
    several = len(document.annexes) > 1
    label = f"Phụ lục {wording.roman(position)}" if several else "Phụ lục"
    nodes: list[Node] = [
        Text("annex", [Span(label)], keep_next=True),
        Text("annex_title", [Span(wording.capitals(annex.title))], keep_next=True),
        Text("annex_reference", [Span(wording.annex_reference(document))], keep_next=True),
    ]
    tables = [isinstance(block, Table) and block.landscape for block in annex.blocks]
    turned = annex.landscape or (bool(tables) and all(tables))
    placed = [_Placed(node, turned) for node in nodes]
    return _parts(placed + flow.blocks(annex.blocks, turned=turned), annex=True)
