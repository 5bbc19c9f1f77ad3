"""Kept files handed out as they were received; one that changed on disk gives a page that says so."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from tdcs.access.gate import PersonRequest
from tdcs.core import trail
from tdcs.documents.errors import FileChanged
from tdcs.plans.queries.kept_files import received


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """A file that was received, and under which name it leaves."""

    file: FieldFile
    sha256: str
    title: str
    filename: str


def hand_out(
    request: PersonRequest, *, kept: KeptFile, subject: Any, on: date
) -> HttpResponse | FileResponse:
    """Always a download, never shown inside the site; a changed file is noted in the trail and withheld."""
    try:
        content = received(kept.file, kept.sha256, kept.title)
    except FileChanged as changed:
        with transaction.atomic():
            trail.record(
                action="plans.file_changed",
                subject=subject,
                by=request.user,
                on=on,
                why=str(changed.params["why"]),
                data={"title": kept.title, "sha256": kept.sha256},
            )
        language = get_language() or "vi"
        context = {"words": changed.sentence(language), "step": changed.next_step(language)}
        return render(request, "plans/file_changed.html", context, status=409)
    answer = FileResponse(io.BytesIO(content), as_attachment=True, filename=kept.filename)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
