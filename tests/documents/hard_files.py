"""Readers that misbehave, and a PDF that holds itself; imported by the guarded child too."""

from __future__ import annotations

import os
import signal


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


SELF_PAGES = pdf_of(
    b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"
)


def spin(content: bytes) -> None:
    while True:
        pass


def eat(content: bytes) -> None:
    held = []
    while True:
        held.append(bytearray(2**24))


def fall(content: bytes) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def stumble(content: bytes) -> None:
    raise ZeroDivisionError
