"""Zip archives that people send in: Word, Excel, OpenDocument, folders of extracts."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tdcs.documents.errors import BrokenFile, EncryptedFile

# What the library raises, by where a byte is wrong: in the directory, in a head, in what is packed, in a name.
_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RecursionError,
)


@contextmanager
def opened_archive(content: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive, while it is read: what is wrong in it is a fault of the file. Raises BrokenFile, EncryptedFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield packed
    except _FAULTS as wrong:
        raise BrokenFile from wrong
    except RuntimeError as wrong:
        # The library's word for a part under a password.
        raise EncryptedFile from wrong
