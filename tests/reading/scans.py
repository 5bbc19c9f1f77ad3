"""A PDF with text as a scanner gives it back: pictures a little turned, with noise and specks, and no text."""

from __future__ import annotations

import io
import math
import zlib

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

_Page = tuple[float, float, npt.NDArray[np.uint8]]


def scanned(content: bytes, *, dpi: int = 220, degrees: float = 0.6, noise: float = 18.0) -> bytes:
    """The same pages as pictures."""
    luck = np.random.default_rng(1)
    document = pdfium.PdfDocument(content)
    pages: list[_Page] = []
    for index in range(len(document)):
        page = document[index]
        bitmap = page.render(scale=dpi / 72, grayscale=True)
        rows = np.frombuffer(bitmap.buffer, np.uint8).reshape(bitmap.height, bitmap.stride)
        turned = _turned(rows[:, : bitmap.width], math.radians(degrees))
        grey = np.clip(turned + luck.normal(0, noise, turned.shape), 0, 255)
        grey[luck.random(grey.shape) < 0.0002] = 0
        pages.append((*page.get_size(), grey.astype(np.uint8)))
    return _pdf(pages)


def _turned(grey: npt.NDArray[np.uint8], angle: float) -> npt.NDArray[np.float64]:
    height, width = grey.shape
    ys, xs = np.mgrid[0:height, 0:width]
    down, across = ys - height / 2, xs - width / 2
    from_y = np.rint(down * math.cos(angle) - across * math.sin(angle) + height / 2).astype(int)
    from_x = np.rint(down * math.sin(angle) + across * math.cos(angle) + width / 2).astype(int)
    inside = (from_y >= 0) & (from_y < height) & (from_x >= 0) & (from_x < width)
    made = np.full(grey.shape, 255.0)
    made[inside] = grey[from_y[inside], from_x[inside]]
    return made


def _pdf(pages: list[_Page]) -> bytes:
    out, places = io.BytesIO(), []

    def add(data: bytes) -> None:
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % len(places) + data + b"\nendobj\n")

    out.write(b"%PDF-1.4\n")
    add(b"<</Type/Catalog/Pages 2 0 R>>")
    kids = b" ".join(b"%d 0 R" % (3 + 3 * at) for at in range(len(pages)))
    add(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids))
    for at, (width, height, grey) in enumerate(pages):
        own = 3 + 3 * at
        add(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.1f %.1f]/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>>>>>"
            % (width, height, own + 1, own + 2)
        )
        drawn = b"q %.1f 0 0 %.1f 0 0 cm /I Do Q" % (width, height)
        add(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        packed = zlib.compress(grey.tobytes(), 3)
        size = (grey.shape[1], grey.shape[0], len(packed))
        add(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
            b"/Filter/FlateDecode/Length %d>>stream\n" % size + packed + b"\nendstream"
        )
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, start))
    return out.getvalue()
