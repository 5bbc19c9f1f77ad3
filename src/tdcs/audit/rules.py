"""The hash of a line: what is chained and how."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

GENESIS = "0" * 64


def line_hash(fields: Mapping[str, object], previous_hash: str) -> str:
    """SHA-256 over the previous hash and the line's fields as canonical JSON; hex, 64 letters."""
    content = json.dumps(
        dict(fields), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(f"{previous_hash}\n{content}".encode()).hexdigest()
