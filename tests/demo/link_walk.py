"""Walks the links of a site as a person would, breadth first, by an HTTP client."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from zlib import crc32

from django.contrib.auth import get_user
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from tdcs.access.models import User

# Papers and exports: slow to make, and the page that offers them says little of them.
FILES = re.compile(r"/(pdf|docx|xlsx|csv)/$|export=")

# Of the routes that others opened before him, a person opens one in so many, besides those that his home leads to.
_ONE_IN = 4

PAPERS = re.compile(r"/(docx|xlsx)/$|export=xlsx")


def browser_of(name: str, language: str) -> Client:
    """A person's browser, in which a page that fails says so by its status."""
    client = Client(raise_request_exception=False)
    person = User.objects.get(username=name)
    client.force_login(person, backend="tdcs.access.backends.AccountBackend")
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


@dataclass
class Others:
    """Routes that others opened; shared by the walks of several people.

    Who comes later opens what his home leads to, because it shows him what he may do, and of the others one in four, each
    person other ones; of the rest only the gate is asked, whether it lets him in.
    """

    opened: set[str] = field(default_factory=set)

    def spare(self, route: str, person: str, *, near: bool) -> bool:
        """Whether this person need not open it. ``near``: his home leads to it."""
        turn = crc32(f"{person} {route}".encode()) % _ONE_IN
        return route in self.opened and not near and turn > 0


def links_of(page: str, text: str) -> list[str]:
    """What a page offers to be opened: its links and what it loads by itself; of this site, each once, in their order."""
    found = html.fromstring(text).xpath("//a[@href] | //*[@hx-trigger='load'][@hx-get]")
    asked = [one.get("hx-get" if one.get("hx-trigger") == "load" else "href") for one in found]
    there = [urldefrag(urljoin(page, address))[0] for address in asked]
    own = [one for one in there if one.startswith("/") and not one.startswith("//")]
    return list(dict.fromkeys(own))


@cache
def _route(path: str) -> str:
    try:
        return str(resolve(path).route)
    except Resolver404:
        return path


def _pattern(address: str, filters: bool) -> str:
    """The route; with ``filters`` also by which parameters it is asked: a filtered list is then another page than the list."""
    parts = urlsplit(address)
    route = _route(parts.path)
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
    papers: dict[str, bytes] | None = None,
    others: Others | None = None,
) -> Walk:
    """Open every link from ``start`` on, each route so many times at most; ``everything``: files and filters too.

    ``papers``: open documents and workbooks too, and keep them there. ``others``: what others opened, and this one adds.
    """
    made, seen = Walk(), {start}
    waiting, person = deque([("", start)]), get_user(client)
    near = {_pattern(start, everything)}
    while waiting:
        page, address = waiting.popleft()
        paper = papers is not None and PAPERS.search(address) is not None
        pattern = paper_of(address) if paper else _pattern(address, everything)
        wanted = everything or paper
        if made.opened[pattern] >= times or (not wanted and FILES.search(address)):
            continue
        made.opened[pattern] += 1
        spared = others and others.spare(pattern, person.username, near=pattern in near)
        if spared and (asked := _permission_of(address)):
            if not person.may(asked):
                made.refused.append((page, address, 403))
            continue
        made.addresses.setdefault(pattern, address)
        answer = followed(client, address)
        if answer.status_code != 200:
            made.refused.append((page, address, answer.status_code))
        links = _read(made, address, answer, papers)
        if others:
            others.opened.add(pattern)
        if page == "":
            near |= {_pattern(link, everything) for link in links}
        waiting += [(address, link) for link in links if link not in seen]
        seen.update(links)
    return made


def _permission_of(address: str) -> str:
    """What the gate of an address asks for; "" where anybody may come, or nothing stands there that asks."""
    try:
        asked = getattr(resolve(urlsplit(address).path).func, "permission", "public")
    except Resolver404:
        return ""
    return "" if asked == "public" else str(asked)


def _read(made: Walk, address: str, answer: Any, papers: dict[str, bytes] | None) -> list[str]:
    """Keep what an answer says; the links that it offers."""
    if answer.status_code != 200:
        return []
    if papers is not None and "officedocument" in answer["Content-Type"]:
        papers[address] = answer.getvalue() if answer.streaming else answer.content
    elif answer.streaming:
        # Read to its end, which closes the file; closing the answer would close the test's connection.
        answer.getvalue()
    elif answer["Content-Type"].startswith("text/html"):
        text = answer.content.decode()
        made.pages.append((address, text))
        return links_of(address, text)
    return []


def followed(client: Client, address: str) -> Any:
    """The answer of an address, and of those to which it sends on."""
    answer: Any = client.get(address)
    while answer.status_code in (301, 302) and answer["Location"].startswith("/"):
        answer = client.get(answer["Location"])
    return answer
