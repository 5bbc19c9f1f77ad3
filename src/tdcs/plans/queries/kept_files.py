"""Evidence and signed plans as they were received: the bytes on disk compared with their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.models.fields.files import FieldFile

from tdcs.documents import stored
from tdcs.documents.errors import FileChanged
from tdcs.plans.models import Evidence, PlanDocument, UnitPlan


def received(file: FieldFile, sha256: str, title: str) -> bytes:
    """The bytes of a file of a record. Raises FileChanged when they are gone or are not those that were received."""

    def read() -> bytes:
        with file.open("rb") as there:
            content: bytes = there.read()
        return content

    return stored.received(read, sha256, title)


def file_faults() -> Iterator[str]:
    """Every kept file of the plan that is gone or changed; also of evidence taken back."""
    proofs = Evidence.objects.exclude(file="").select_related("obligation").order_by("pk")
    for row in proofs.iterator(chunk_size=1_000):
        if fault := _fault(row.file, row.sha256, row.title):
            yield f"việc {row.obligation_id}: tệp của minh chứng “{row.title}” {fault}"
    for made in UnitPlan.objects.exclude(file="").order_by("pk").iterator(chunk_size=1_000):
        if fault := _fault(made.file, made.sha256, str(made)):
            yield f"bản đã ký của {made} (số {made.pk}) {fault}"
    for paper in PlanDocument.objects.order_by("pk").iterator(chunk_size=20):
        if hashlib.sha256(paper.content).hexdigest() != paper.sha256:
            yield f"văn bản “{paper}” {stored.OTHER}"


def _fault(file: FieldFile, sha256: str, title: str) -> str:
    try:
        received(file, sha256, title)
    except FileChanged as changed:
        return str(changed.params["why"])
    return ""
