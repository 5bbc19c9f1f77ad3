"""Pages for what went wrong: what happened, why, what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tdcs.access.gate import open_to_all


@open_to_all
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@open_to_all
def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@open_to_all
def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@open_to_all
def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
