"""A form and its context as a sheet: everything is settled here, so that .docx and PDF cannot differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tdcs.documents.columns import Cell, Column
from tdcs.documents.forms.filling import Context, Piece, filled, plain, summed, value_at
from tdcs.documents.forms.model import (
    Beside,
    Block,
    Checks,
    Form,
    FormColumn,
    Listing,
    PrintedLine,
    Signatures,
    Signer,
)
from tdcs.documents.forms.sheet import (
    FormBeside,
    FormHead,
    FormLine,
    FormNode,
    FormSheet,
    SignColumn,
    Signing,
)
from tdcs.documents.official import metrics, wording
from tdcs.documents.official.grids import grid
from tdcs.documents.official.model import Table
from tdcs.documents.official.sheet import (
    NAME_POINTS,
    TURNED_MM,
    UPRIGHT_MM,
    CentredLine,
)

LEFT_SHARE: Final = 0.45
# Of the width, what place and day above the last signer may take.
PLACE_SHARE: Final = 0.5
# Forms keep the margins of official documents but for the top of a turned page: lists need the room.
TOP_MM: Final = 20
_NO_BREAK: Final = "\u00a0"


def lay_out(form: Form, context: Context) -> FormSheet:
    """The form filled in."""
    landscape = form.paper == "landscape"
    width = TURNED_MM if landscape else UPRIGHT_MM
    nodes: list[FormNode] = []
    for entry in form.blocks:
        if not entry.when or value_at(context, entry.when):
            nodes += _nodes(entry.block, context, width, landscape)
    head = _head(form, context, width)
    return FormSheet(
        name=" ".join(f"{_mark(form)} {form.title}".split()),
        author=head.issuer.text,
        head=head,
        nodes=nodes,
        landscape=landscape,
        size=form.size,
        width=width,
    )


def _head(form: Form, context: Context, width: float) -> FormHead:
    two = form.header == "issuer"
    return FormHead(
        mark=_mark(form),
        parent=_centred(plain(form.parent, context) if two else "", width, bold=False),
        issuer=_centred(plain(form.issuer, context) if two else "", width, bold=True),
        nation=wording.NATION,
        motto=wording.MOTTO,
        reference=plain(form.reference, context),
        place="".join(piece.text for piece in filled(form.place, context)),
        title=[wording.capitals(line) for line in plain_lines(form.title)],
        subtitle=plain(form.subtitle, context),
    )


def _mark(form: Form) -> str:
    """ "Mẫu số 01/TD"; a form that we only call so (HĐTD) claims no official number."""
    return f"Mẫu số {form.number}" if "/" in form.number else ""


def plain_lines(words: str) -> list[str]:
    """The lines of a title that the form divides itself."""
    return [line.strip() for line in words.strip().split("\n")]


def _centred(words: str, within: float, *, bold: bool) -> CentredLine:
    text = wording.capitals(words)
    limit = within * LEFT_SHARE - 2
    wide = metrics.balanced(text, NAME_POINTS, limit, bold=bold) if text else limit
    line = metrics.width(text, NAME_POINTS, bold=bold)
    return CentredLine(text, wide, min(limit / 2, max(14.0, line * 0.4)))


def _nodes(block: Block, context: Context, width: float, landscape: bool) -> Iterator[FormNode]:
    match block:
        case PrintedLine():
            yield FormLine(block.role, filled(block.template, context))
        case Beside():
            cells = [FormLine("field", filled(one, context)) for one in block.templates]
            yield FormBeside(cells, [share * width for share in block.shares])
        case Checks():
            yield from _boxes(block, context)
        case Listing():
            yield grid(_table(block, context), landscape=landscape)
        case Signatures():
            columns = [_signer(one, context) for one in block.signers]
            place = filled(block.signers[-1].before, context)
            yield Signing(columns, "".join(piece.text for piece in place))


def _boxes(block: Checks, context: Context) -> Iterator[FormLine]:
    value = value_at(context, block.value)
    chosen = value if isinstance(value, list | tuple | set | frozenset) else (value,)
    ticked = {str(one) for one in chosen if one is not None}
    label = filled(block.label, context)
    if block.stacked and label:
        yield FormLine("field", label)
        label = []
    pieces = [*label, Piece(" ")] if label else []
    for number, (key, words) in enumerate(block.choices):
        box = Piece("", "ticked" if key in ticked else "box")
        # A box is never parted from the first word it stands for.
        if block.stacked:
            yield FormLine("choice", [box, Piece(_NO_BREAK), *filled(words, context)])
        else:
            whole = plain(words, context).replace(" ", _NO_BREAK)
            named = [box, Piece(_NO_BREAK + whole)]
            pieces += [*([Piece(_NO_BREAK * 3 + " ")] if number else []), *named]
    if not block.stacked:
        yield FormLine("field", pieces)


def _table(block: Listing, context: Context) -> Table:
    rows: Sequence[Mapping[str, Any]] = value_at(context, block.rows) or ()
    columns = [
        Column(one.title, one.kind, group=one.group, width=one.width) for one in block.columns
    ]
    lines = [
        [_cell(one, row, number) for one in block.columns] for number, row in enumerate(rows, 1)
    ]
    blank = len(lines) < block.least
    lines += [
        [number if one.key == "#" else _NO_BREAK for one in block.columns]
        for number in range(len(lines) + 1, block.least + 1)
    ]
    totals = _totals(block, rows) if block.total and (rows or blank) else None
    return Table(columns=columns, rows=lines, totals=totals, empty=block.empty)


def _cell(column: FormColumn, row: Mapping[str, Any], number: int) -> Cell:
    if column.key == "#":
        return number
    if "{" in column.key:
        return plain(column.key, row)
    value: Cell = value_at(row, column.key)
    return value


def _totals(block: Listing, rows: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """The label under the first column of words, sums under their columns; nothing to sum is left blank."""
    named = next((n for n, one in enumerate(block.columns) if one.key != "#" and not one.total), 0)
    out: list[Cell] = []
    for number, column in enumerate(block.columns):
        if number == named:
            out.append(block.total)
        else:
            some = any(value_at(row, column.key) is not None for row in rows)
            out.append(summed(rows, column.key) if column.total and some else None)
    return out


def _signer(signer: Signer, context: Context) -> SignColumn:
    return SignColumn(
        title=[plain(line, context).strip() for line in signer.title.split("\n")],
        under=signer.under,
        name=plain(signer.name, context).strip(),
    )
