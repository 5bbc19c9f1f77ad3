"""Walks the links of a site as a person would, breadth first, by an HTTP client."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from tdcs.access.models import User

# Papers and exports: slow to make, and the page that offers them says little of them.
FILES = re.compile(r"/(pdf|docx|xlsx|csv)/$|export=")

PAPERS = re.compile(r"/(docx|xlsx)/$|export=xlsx")


def browser_of(name: str, language: str) -> Client:
    """A person's browser, in which a page that fails says so by its status."""
    client = Client(raise_request_exception=False)
    person = User.objects.get(username=name)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = language
    return client


@dataclass
class Walk:
    """What was opened, and what did not open: (page, address, status)."""

    opened: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str, int]] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    # Route → the first address of it that was opened.
    addresses: dict[str, str] = field(default_factory=dict)


def links_of(page: str, text: str) -> list[str]:
    """What a page offers to be opened: its links and what it loads by itself; of this site, each once, in their order."""
    found = html.fromstring(text).xpath("//a[@href] | //*[@hx-trigger='load'][@hx-get]")
    asked = [one.get("hx-get" if one.get("hx-trigger") == "load" else "href") for one in found]
    there = [urldefrag(urljoin(page, address))[0] for address in asked]
    own = [one for one in there if one.startswith("/") and not one.startswith("//")]
    return list(dict.fromkeys(own))


def _pattern(address: str, filters: bool) -> str:
    """The route; with ``filters`` also by which parameters it is asked: a filtered list is then another page than the list."""
    parts = urlsplit(address)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        route = parts.path
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return f"{route}?{'&'.join(names)}" if filters else route


def paper_of(address: str) -> str:
    """The kind of a paper: its route, which form of lending or which report it is, and whether it is a list's export."""
    parts = urlsplit(address)
    found = resolve(parts.path)
    own = [str(value) for key, value in found.kwargs.items() if key in ("form", "code")]
    return "-".join((found.view_name, *own, *(["export"] if "export=" in parts.query else [])))


def walk(
    client: Client,
    *,
    start: str = "/",
    times: int = 2,
    everything: bool = False,
    pages: bool = False,
    papers: dict[str, bytes] | None = None,
) -> Walk:
    """Open every link from ``start`` on, each route so many times at most; ``everything``: files and filters too.

    ``pages``: keep what every page said. ``papers``: open documents and workbooks too, and keep them there.
    """
    made, seen = Walk(), {start}
    waiting = deque([("", start)])
    while waiting:
        page, address = waiting.popleft()
        paper = papers is not None and PAPERS.search(address) is not None
        pattern = paper_of(address) if paper else _pattern(address, everything)
        wanted = everything or paper
        if made.opened[pattern] >= times or (not wanted and FILES.search(address)):
            continue
        made.opened[pattern] += 1
        made.addresses.setdefault(pattern, address)
        answer = followed(client, address)
        if answer.status_code != 200:
            made.refused.append((page, address, answer.status_code))
        elif papers is not None and "officedocument" in answer["Content-Type"]:
            papers[address] = answer.getvalue() if answer.streaming else answer.content
        elif answer.streaming:
            # Read to its end, which closes the file; closing the answer would close the test's connection.
            answer.getvalue()
        elif answer["Content-Type"].startswith("text/html"):
            text = answer.content.decode()
            if pages:
                made.pages.append((address, text))
            for link in links_of(address, text):
                if link not in seen:
                    seen.add(link)
                    waiting.append((address, link))
    return made


def followed(client: Client, address: str) -> Any:
    """The answer of an address, and of those to which it sends on."""
    answer: Any = client.get(address)
    while answer.status_code in (301, 302) and answer["Location"].startswith("/"):
        answer = client.get(answer["Location"])
    return answer
