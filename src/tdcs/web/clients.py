"""Who calls: the address of the client, also behind proxies that this installation names (TDCS_PROXIES)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(words: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks as ``10.0.0.0/8``. Raises ValueError for anything else, so that a slip stops the start."""
    return tuple(ipaddress.ip_network(word.strip()) for word in words if word.strip())


def client_of(remote: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """The address nearest to us that is no proxy of ours.

    ``forwarded`` is read from the right, and only as long as the one who wrote it is a trusted proxy: what a client
    itself puts in front of it never counts.
    """
    found = remote
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    while hops and _within(found, proxies):
        nearer = hops.pop()
        if _address(nearer) is None:
            break
        found = nearer
    return found


class TrustedProxies:
    """Puts the client's address where every limit and the trail read it (REMOTE_ADDR)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        remote = str(request.META.get("REMOTE_ADDR", ""))
        forwarded = str(request.META.pop("HTTP_X_FORWARDED_FOR", ""))
        proxies = networks(settings.TDCS_PROXIES)
        request.META["REMOTE_ADDR"] = client_of(remote, forwarded, proxies)
        return self.get_response(request)


def _address(words: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(words)
    except ValueError:
        return None


def _within(words: str, proxies: Sequence[Network]) -> bool:
    address = _address(words)
    return address is not None and any(address in network for network in proxies)
