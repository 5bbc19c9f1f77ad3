"""A scanned page made ready for recognition: drawn, set straight, its rules found and taken out of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tdcs.documents import errors
from tdcs.documents.reading.pieces import Rule

Grey = npt.NDArray[np.uint8]
Dark = npt.NDArray[np.bool_]

# Pixels over the page's width, as a scanner gives at some 250 dots an inch.
_WIDTH: Final = 2100
_MOST_PIXELS: Final = 9_000_000
_DARK: Final = 140
# Slopes tried: two degrees to either side.
_SLOPES: Final = np.linspace(-0.035, 0.035, 71)
_POINTS: Final = 200_000
# Pixels without a gap that no letter has: across, upright.
_LEVEL: Final = 75
_UPRIGHT: Final = 55
_THICK: Final = 9
_MARGIN: Final = 2


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """``picture`` is a PGM file; ``scale`` points of the page a pixel."""

    picture: bytes
    rules: list[Rule]
    height: float
    scale: float


def pages_of(content: bytes, limit: int) -> int:
    """How many pages a PDF has. Raises BrokenFile, EncryptedFile, TooManyPages."""
    document = _opened(content)
    try:
        count = len(document)
    finally:
        document.close()
    if count > limit:
        raise errors.TooManyPages(pages=count, limit=limit)
    return count


def page_for_recognition(content: bytes, page: int) -> ScannedPage:
    """A page, counted from 1. Raises BrokenFile, EncryptedFile."""
    import pypdfium2 as pdfium

    document = _opened(content)
    try:
        drawn = document[page - 1]
        width, height = drawn.get_size()
        scale = min(_WIDTH / max(width, 1), (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = drawn.render(scale=scale, grayscale=True)
        rows = np.frombuffer(bitmap.buffer, np.uint8).reshape(bitmap.height, bitmap.stride)
        grey = np.ascontiguousarray(rows[:, : bitmap.width])
    except pdfium.PdfiumError as problem:
        raise errors.BrokenFile from problem
    finally:
        document.close()
    straight = _straight(grey)
    rules, clean = _without_rules(straight, 1 / scale)
    head = f"P5\n{clean.shape[1]} {clean.shape[0]}\n255\n".encode()
    return ScannedPage(head + clean.tobytes(), rules, clean.shape[0] / scale, 1 / scale)


def _opened(content: bytes) -> Any:
    import pypdfium2 as pdfium

    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise errors.EncryptedFile from problem
        raise errors.BrokenFile from problem


def _straight(grey: Grey) -> Grey:
    """The page turned so that its lines are level: the slope at which dark points fall into the fewest rows."""
    ys, xs = np.nonzero(grey[::2, ::2] < _DARK)
    if len(ys) > _POINTS:
        step = len(ys) // _POINTS + 1
        ys, xs = ys[::step], xs[::step]
    if not len(ys):
        return grey
    margin = grey.shape[1]

    def crowded(slope: float) -> int:
        counts = np.bincount(ys - np.rint(slope * xs).astype(np.int64) + margin)
        return int((counts.astype(np.int64) ** 2).sum())

    slope = float(max(_SLOPES, key=crowded))
    if abs(slope) < 0.0005:
        return grey
    return _sheared(_sheared(grey, slope).T, -slope).T


def _sheared(grey: Grey, slope: float) -> Grey:
    """Each column moved up by its share of the slope; what comes in is white."""
    made = np.full_like(grey, 255)
    moves = np.rint(slope * np.arange(grey.shape[1])).astype(np.int64)
    for move in np.unique(moves):
        columns = np.nonzero(moves == move)[0]
        part = slice(columns[0], columns[-1] + 1)
        up = int(move)
        if up > 0:
            made[:-up, part] = grey[up:, part]
        elif up < 0:
            made[-up:, part] = grey[:up, part]
        else:
            made[:, part] = grey[:, part]
    return made


def _without_rules(grey: Grey, scale: float) -> tuple[list[Rule], Grey]:
    dark = grey < _DARK
    clean = grey.copy()
    height = grey.shape[0]
    rules: list[Rule] = []
    for y0, y1, x0, x1 in _runs(dark, _LEVEL):
        clean[max(0, y0 - _MARGIN) : y1 + _MARGIN + 1, x0 : x1 + 1] = 255
        middle = (height - (y0 + y1) / 2) * scale
        rules.append(Rule(x0 * scale, middle, x1 * scale, middle))
    for x0, x1, y0, y1 in _runs(dark.T, _UPRIGHT):
        clean[y0 : y1 + 1, max(0, x0 - _MARGIN) : x1 + _MARGIN + 1] = 255
        middle = (x0 + x1) / 2 * scale
        rules.append(Rule(middle, (height - y1) * scale, middle, (height - y0) * scale))
    return rules, clean


def _runs(dark: Dark, least: int) -> list[tuple[int, int, int, int]]:
    """Thin long runs along the second axis: first and last line, first and last place."""
    sums = np.cumsum(dark, axis=1, dtype=np.int32)
    full = sums[:, least:] - sums[:, :-least] >= least - 2
    edges = np.diff(np.pad(full, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    lines, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    open_: list[list[int]] = []
    done: list[list[int]] = []
    for line, start, end in zip(lines.tolist(), starts.tolist(), ends.tolist(), strict=True):
        last = end + least - 1
        done.extend(run for run in open_ if line - run[1] > 2)
        open_ = [run for run in open_ if line - run[1] <= 2]
        near = next((run for run in open_ if start <= run[3] + 6 and last >= run[2] - 6), None)
        if near is None:
            open_.append([line, line, start, last])
        else:
            near[1], near[2], near[3] = line, min(near[2], start), max(near[3], last)
    return [(a, b, c, d) for a, b, c, d in (*done, *open_) if b - a < _THICK]
