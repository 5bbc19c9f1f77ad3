"""QR codes as pictures."""

from __future__ import annotations

import io

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage


def svg(text: str) -> bytes:
    """A QR code of a text, of middle error correction, with its quiet zone."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, image_factory=SvgPathImage)
    made.add_data(text)
    buffer = io.BytesIO()
    made.make_image().save(buffer)
    return buffer.getvalue()
