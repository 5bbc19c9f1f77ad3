"""Named invariants of the trail."""

from __future__ import annotations

from collections.abc import Iterator

from tdcs.audit.models import AuditLine
from tdcs.audit.rules import GENESIS, line_hash
from tdcs.audit.services import chained_fields


def chain_holds() -> Iterator[str]:
    """Every line's hash follows from its fields and the line before."""
    previous = GENESIS
    for line in AuditLine.objects.order_by("id").iterator(chunk_size=2000):
        if line.previous_hash != previous:
            yield f"dòng nhật ký {line.pk}: không nối với dòng trước"
        if line.hash != line_hash(chained_fields(line), line.previous_hash):
            yield f"dòng nhật ký {line.pk}: nội dung không khớp mã băm"
        previous = line.hash


CHECKS = {"audit.chain_holds": chain_holds}
