"""The adapter to an SMS gateway over HTTP: one request a message, no redirect followed, nothing personal in what it says.

Off unless TDCS_SMS_URL is set. What the gateway wants to read is data: TDCS_SMS_BODY maps its fields to {to}, {text}, {sender}
and {reference}.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from tdcs.sending.errors import GatewayMappingWrong, GatewayOff, GatewayUnsafe

_MOST_READ: Final = 65_536
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
# What a gateway may ask to wait, in seconds.
_MOST_WAIT: Final = 86_400


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway took it, under its own number."""

    number: str


@dataclass(frozen=True, slots=True)
class Later:
    """It did not take it and may be asked again, at the earliest after ``seconds`` where it said so."""

    why: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not take it, or whether it did is unknown: it is not asked again."""

    why: str


Answer = Accepted | Later | Refused


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere would carry telephone numbers to wherever it says."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def is_on() -> bool:
    """Whether this installation has a gateway."""
    return bool(settings.TDCS_SMS_URL)


def takes_callbacks() -> bool:
    """Whether the gateway may say what became of messages."""
    return is_on() and bool(settings.TDCS_SMS_CALLBACK_KEY)


def check() -> None:
    """Whether the gateway can be used as it is set. Raises GatewayOff, GatewayUnsafe, GatewayMappingWrong."""
    if not is_on():
        raise GatewayOff
    address = urlsplit(settings.TDCS_SMS_URL)
    if address.scheme != "https" and not (
        address.scheme == "http" and address.hostname in _LOOPBACK
    ):
        raise GatewayUnsafe
    try:
        body_of(dict.fromkeys(("to", "text", "sender", "reference"), ""))
    except (KeyError, IndexError, ValueError, AttributeError):
        raise GatewayMappingWrong from None


def send(*, to: str, text: str, reference: str) -> Answer:
    """Give one message to the gateway. Raises GatewayOff, GatewayUnsafe, GatewayMappingWrong."""
    check()
    values = {"to": to, "text": text, "sender": settings.TDCS_SMS_SENDER, "reference": reference}
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at above
        settings.TDCS_SMS_URL,
        data=json.dumps(body_of(values), ensure_ascii=False).encode(),
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "Authorization": f"Bearer {settings.TDCS_SMS_KEY}",
        },
        method="POST",
    )
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=settings.TDCS_SMS_SECONDS) as answer:
            return _taken(answer.read(_MOST_READ), reference)
    except urllib.error.HTTPError as error:
        with error:
            return _not_taken(error)
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLError):
            return Refused("tls")
        return Later("unreachable")
    except (TimeoutError, OSError, http.client.HTTPException):
        # The request was sent: it may be on its way to the telephone.
        return Refused("unknown")


def body_of(values: Mapping[str, str]) -> dict[str, str]:
    """The fields of the gateway, each filled. Raises KeyError for a name that it does not know."""
    mapping: dict[str, str] = json.loads(settings.TDCS_SMS_BODY)
    return {field: words.format_map(values) for field, words in mapping.items()}


def _taken(body: bytes, reference: str) -> Answer:
    try:
        found = json.loads(body)
    except ValueError:
        found = {}
    number = found.get(settings.TDCS_SMS_ID, "") if isinstance(found, dict) else ""
    return Accepted(str(number or reference)[:80])


def _not_taken(error: urllib.error.HTTPError) -> Answer:
    if error.code == 429 or error.code >= 500:
        wait = error.headers.get("Retry-After", "")
        seconds = int(wait) if wait.isascii() and wait.isdigit() else 0
        return Later(f"http {error.code}", min(seconds, _MOST_WAIT))
    if 300 <= error.code < 400:
        return Refused("redirect")
    return Refused(f"http {error.code}")


def signature_of(moment: str, body: bytes) -> str:
    """What a callback of the gateway carries: HMAC-SHA256 over the moment and the body, by TDCS_SMS_CALLBACK_KEY."""
    key = settings.TDCS_SMS_CALLBACK_KEY.encode()
    return hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(moment: str, body: bytes, signature: str) -> bool:
    """Whether a callback is the gateway's."""
    expected = signature_of(moment, body).encode()
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
