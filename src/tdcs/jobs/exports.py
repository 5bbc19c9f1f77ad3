"""A page's export as a job: the page itself is asked again, beside the requests, as the person who asked.

A view calls ``later`` once it knows how much there is. A small export is made at once; a large one becomes a job.
"""

from __future__ import annotations

import io
import re
from typing import Any, Final

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.translation import get_language

from tdcs.access.gate import PersonRequest
from tdcs.core import clock
from tdcs.http import JOB
from tdcs.jobs.errors import NothingMade
from tdcs.jobs.kinds import Kind, Made, Outcome, Task
from tdcs.jobs.services import ask

# Rows of a list that are made within about half a second: a loan takes 0.8 ms, a household 0.4 (docs/reference/benchmarks.md).
AT_ONCE: Final = 600
_NAME: Final = re.compile(r'filename="([^"]+)"')


def later(request: PersonRequest, *, title: str, rows: int) -> HttpResponse | None:
    """The answer that leads to the job; None when the file is to be made now: it is small, or the job itself asks.

    Raises TooManyJobs.
    """
    if rows <= AT_ONCE or request.META.get(JOB):
        return None
    params = {"address": request.get_full_path(), "language": get_language() or "vi"}
    job = ask(
        kind=KIND.code,
        title=title,
        request=(params, b""),
        by=request.user,
        on=clock.today(),
        key=f"{params['address']} {params['language']}",
    )
    return redirect("jobs:job", pk=job.pk)


def _export(task: Task) -> Outcome:
    """The file that the page answers with. Raises NothingMade, and what the page refuses."""
    path, _, query = str(task.params["address"]).partition("?")
    asked = WSGIRequest(_environ(path, query))
    asked.user = task.by
    view = resolve(path)
    answer: Any = view.func(asked, *view.args, **view.kwargs)
    name = _NAME.search(answer.get("Content-Disposition", ""))
    if answer.status_code != 200 or name is None:
        raise NothingMade
    return Outcome(file=Made(name[1], answer["Content-Type"], answer.content))


def _environ(path: str, query: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        JOB: True,
    }


KIND: Final = Kind(code="export", run=_export, permission="web.home")
