"""What the apps that work with no network have in common on the server: their page, their service worker, a device's words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from tdcs import __version__
from tdcs.transaction_points.models import Device

_SOURCE: Final = Path(__file__).resolve().parents[2]
_WORKER: Final = "transaction_points/session-worker.min.js"
# What every app is drawn with, besides its own files.
_OF_THE_SITE: Final = (
    "tdcs/icon.svg",
    "tdcs/css/colours.css",
    "tdcs/css/fonts.css",
    "tdcs/fonts/be-vietnam-pro-latin-400-normal.woff2",
    "tdcs/fonts/be-vietnam-pro-latin-600-normal.woff2",
    "tdcs/fonts/be-vietnam-pro-vietnamese-400-normal.woff2",
    "tdcs/fonts/be-vietnam-pro-vietnamese-600-normal.woff2",
)


@dataclass(frozen=True, slots=True)
class OfflineApp:
    """An app: the template of its only page, the route of it, its own static files, the name of its store where it has one."""

    page: str
    route: str
    own: tuple[str, ...]
    name: str = ""

    def shown(self, request: HttpRequest) -> HttpResponse:
        """The app's only page; it holds nobody's data and is the same for everybody."""
        get_token(request)
        with translation.override("vi"):
            return render(request, self.page)

    def worker(self) -> HttpResponse:
        """The service worker: the built one after the list of the app's files, so that a changed file makes a new worker."""
        files = [static(name) for name in (*self.own, *_OF_THE_SITE)]
        kept = {
            **({"name": self.name} if self.name else {}),
            "version": self._version(files),
            "shell": reverse(self.route),
            "files": files,
        }
        words = f"self.APP = {json.dumps(kept)};\n{_file(_WORKER).read_text(encoding='utf-8')}"
        answer = HttpResponse(words, content_type="text/javascript; charset=utf-8")
        answer["Cache-Control"] = "no-cache"
        return answer

    def _version(self, files: list[str]) -> str:
        """What the app's files and its page come to."""
        with translation.override("vi"):
            words = [__version__, *files, render_to_string(self.page)]
        digest = hashlib.sha256("\n".join(words).encode())
        for name in self.own:
            digest.update(_file(name).read_bytes())
        return digest.hexdigest()[:16]


def _file(name: str) -> Path:
    return _SOURCE / name.split("/")[0] / "static" / name


def known_devices(devices: Iterable[Device]) -> list[dict[str, object]]:
    """Devices that may take packs, as an app finds its own among them."""
    return [
        {"id": one.pk, "name": one.name, "signing_key": one.signing_key}
        for one in devices
        if one.revoked_on is None
    ]


def lines_of(body: dict[str, Any]) -> list[Any]:
    """The lines of a piece of a log that a device sent. Raises TypeError, KeyError."""
    lines = body["lines"]
    if not isinstance(lines, list) or not all(isinstance(one, dict) for one in lines):
        raise TypeError("no lines")
    return lines
