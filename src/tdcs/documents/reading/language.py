"""Whether a document's text is Vietnamese; a PDF whose fonts map letters wrongly gives text that is no language at all."""

from __future__ import annotations

import re
from typing import Final

from tdcs.documents import errors
from tdcs.documents.reading.legacy import common_words
from tdcs.documents.reading.model import ReadDocument, TextLine

_ENGLISH: Final = re.compile(
    r"\b(?:the|of|and|shall|for|with|this|that|are|will|by|from|on)\b", re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\W\d_]+")
# Too few words tell nothing.
_LEAST: Final = 40
_ENGLISH_SHARE: Final = 0.08
_SAMPLE: Final = 50_000


def require_vietnamese(document: ReadDocument) -> None:
    """Raises NotVietnamese, or FontMapWrong for a PDF whose letters make no words."""
    text = "\n".join(
        block.text if isinstance(block, TextLine) else "\n".join(map("\n".join, block.rows))
        for block in document.blocks
    )[:_SAMPLE]
    words = len(_WORD.findall(text))
    signs = sum(not sign.isspace() for sign in text)
    if common_words(text) * 100 >= words or (words < _LEAST and signs < 5 * _LEAST):
        return
    if len(_ENGLISH.findall(text)) >= _ENGLISH_SHARE * words and words >= _LEAST:
        raise errors.NotVietnamese
    if document.kind == "pdf" and common_words(text) < 3:
        raise errors.FontMapWrong
