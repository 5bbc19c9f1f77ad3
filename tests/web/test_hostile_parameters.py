"""No parameter of any address brings a 500: it is read, ignored, or refused as a bad request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from committed import answer_for_changes
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import tdcs
from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.core.typed import parse_day, parse_int
from tdcs.organisations.models import Organisation

HOSTILE = (
    "--5",
    "-1",
    "9" * 40,
    "99999999999",
    "1e9",
    "²",
    "٣",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "2026-13",
    "0001-01",
    "\ud7ff\ufffe'\"<script>%",
    "x" * 3000,
)
_NAMED = re.compile(r"""(?:GET|POST|get|asked|sent|post)(?:\.get|\.getlist)?[\[(]"([\w-]+)\"""")


def _parameters() -> list[str]:
    """Every name that a page reads, from the source: a new one is tried without being listed."""
    source = Path(tdcs.__file__).parent
    pages = [p for p in source.rglob("*.py") if "views" in str(p) or "forms" in str(p)]
    found = {name for page in pages for name in _NAMED.findall(page.read_text(encoding="utf-8"))}
    return sorted(found | {"office", "commune", "group", "programme", "source", "mass", "local"})


def _routes(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def _addresses(value: str, *, only_with_parts: bool = False) -> Iterator[tuple[str, str]]:
    for route, view in _routes(get_resolver()):
        permission = getattr(view, "permission", "")
        if permission and ("<" in route or not only_with_parts):
            address = re.sub(r"<(int|str|path|slug):[^>]+>", value, "/" + route)
            yield address, permission


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[Role, User]]:
    with django_db_blocker.unblock():
        branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
        made = {}
        for role in Role:
            made[role] = User.objects.create_user(f"hostile-{role}", full_name=role)
            RoleHolding.objects.create(
                user=made[role], role=role, organisation=branch, starts_on="2024-01-01"
            )
        answer_for_changes()
    yield made
    with django_db_blocker.unblock():
        RoleHolding.objects.filter(user__in=made.values()).delete()
        User.objects.filter(pk__in=[one.pk for one in made.values()]).delete()
        answer_for_changes()


def _clients(people: dict[Role, User]) -> dict[str, Client]:
    """permission → a browser of one who has it; the administrator where that is enough."""
    signed: dict[Role, Client] = {}
    found = {"public": Client(raise_request_exception=False)}
    for permission, roles in PERMISSIONS.items():
        role = Role.SYSTEM_ADMIN if Role.SYSTEM_ADMIN in roles else sorted(roles)[0]
        if role not in signed:
            signed[role] = Client(raise_request_exception=False)
            signed[role].force_login(people[role], backend="tdcs.access.backends.AccountBackend")
        found[permission] = signed[role]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "turns",
    [
        range(1),
        pytest.param(range(len(HOSTILE)), id="every value", marks=pytest.mark.soak),
    ],
)
def test_no_parameter_brings_a_500(people: dict[Role, User], turns: range) -> None:
    """Each page has another value of each parameter: one turn tries all values of a parameter that many pages read."""
    clients, names = _clients(people), _parameters()
    assert len(names) > 40
    given = [
        urlencode({name: HOSTILE[(at + turn) % len(HOSTILE)] for at, name in enumerate(names)})
        for turn in range(len(HOSTILE))
    ]
    wrong, answered = [], 0
    for first, (address, permission) in enumerate(_addresses("1")):
        for turn in turns:
            query = given[(first + turn) % len(HOSTILE)]
            status = clients[permission].get(address, QUERY_STRING=query).status_code
            answered += status == 200
            if status >= 500:
                wrong.append((address, query, status))
            # What is not there is asked for once, by `make soak` with every value.
            if status == 404 and len(turns) < len(HOSTILE):
                break
    assert wrong == []
    assert answered > 100, "pages were read, not refused at the door"


@pytest.mark.django_db
def test_no_field_of_a_form_brings_a_500(people: dict[Role, User]) -> None:
    clients, names = _clients(people), _parameters()
    sent = {name: HOSTILE[at % len(HOSTILE)] for at, name in enumerate(names)}
    wrong = [
        (address, status)
        for address, permission in _addresses("1")
        if (status := clients[permission].post(address, sent).status_code) >= 500
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["99999999999999999999", "%ff"])
def test_no_part_of_an_address_brings_a_500(people: dict[Role, User], value: str) -> None:
    clients = _clients(people)
    wrong = [
        (address, status)
        for address, permission in _addresses(value, only_with_parts=True)
        if (status := clients[permission].get(address).status_code) >= 500
    ]
    assert wrong == []


@pytest.mark.django_db
def test_a_nul_anywhere_is_a_bad_request(people: dict[Role, User]) -> None:
    clients = _clients(people)
    for address, permission in list(_addresses("1"))[::9]:
        assert clients[permission].get(address, {"q": "x\x00"}).status_code == 400
        assert clients[permission].get(address, {"\x00": "1"}).status_code == 400
    assert clients["web.home"].get("/tim/%00").status_code == 400


@pytest.mark.django_db
def test_a_form_with_a_nul_is_a_bad_request(people: dict[Role, User]) -> None:
    client = _clients(people)["web.home"]
    answer = client.post("/tai-khoan/ngon-ngu/", {"language": "vi\x00", "next": "/"})
    assert answer.status_code == 400
    assert "Yêu cầu không hợp lệ" in answer.content.decode()


@pytest.mark.parametrize("words", [None, "", "--5", "-", "5-", "²", "٣", "1e9", "9" * 12, "1 2"])
def test_what_is_no_number_is_the_default(words: str | None) -> None:
    assert parse_int(words, 7) == 7


def test_numbers_and_days_at_their_bounds() -> None:
    assert (parse_int(" -12 "), parse_int("9" * 11)) == (-12, 99_999_999_999)
    assert parse_day("1899-12-31") is None is parse_day("2200-01-01")
    assert str(parse_day("1900-01-01")) == "1900-01-01"
    assert str(parse_day(" 2199-12-31 ")) == "2199-12-31"
