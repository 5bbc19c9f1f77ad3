"""Every route declares who may use it, and the others are refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from committed import answer_for_changes
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.organisations.models import Organisation
from tdcs.web import views_errors

FOREIGN = ("allauth.", "django.")


def _routes(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Any, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry.callback, entry


OURS = [
    (route, view)
    for route, view, _ in _routes(get_resolver())
    if not getattr(view, "__module__", "").startswith(FOREIGN)
]


def _address(route: str) -> str:
    for kind, value in (("int:", "1"), ("str:", "docx"), ("path:", "x"), ("slug:", "x")):
        while f"<{kind}" in route:
            start = route.index(f"<{kind}")
            route = route[:start] + value + route[route.index(">", start) + 1 :]
    return "/" + route


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, User]]:
    """One person of each role at a commune (the planner and the admin at the branch)."""
    with django_db_blocker.unblock():
        units = {
            u.code: u
            for u in Organisation.objects.filter(code__in=("ubnd@n26227", "nhcsxh-chi-nhanh@p75"))
        }
        made = {}
        for role in Role:
            person = User.objects.create_user(f"route-{role}", full_name=role)
            at = "ubnd@n26227" if role in (Role.UNIT_CLERK, Role.LEADER) else "nhcsxh-chi-nhanh@p75"
            RoleHolding.objects.create(
                user=person, role=role, organisation=units[at], starts_on=date(2024, 1, 1)
            )
            made[str(role)] = person
        answer_for_changes()
    yield made
    with django_db_blocker.unblock():
        RoleHolding.objects.filter(user__in=made.values()).delete()
        User.objects.filter(pk__in=[p.pk for p in made.values()]).delete()
        answer_for_changes()


def _refused(permission: str) -> list[Role]:
    return [] if permission == "public" else [r for r in Role if r not in PERMISSIONS[permission]]


def _trying(place: int, permission: str, one_in: int) -> list[Role]:
    """Of the roles that the route at a place refuses one in so many, and never none."""
    refused = _refused(permission)
    return refused[place % min(one_in, len(refused)) :: one_in] if refused else []


def test_every_refusing_route_is_tried_by_some_role() -> None:
    tried = [_trying(at, view.permission, 3) for at, (_, view) in enumerate(OURS)]
    refusing = [_refused(view.permission) for _, view in OURS]
    assert [bool(some) for some in tried] == [bool(some) for some in refusing]
    assert set().union(*tried) == set().union(*refusing)


def test_every_route_declares_who_may_use_it() -> None:
    assert len(OURS) > 40
    silent = [route for route, view in OURS if not hasattr(view, "permission")]
    assert silent == []
    known = {*PERMISSIONS, "public"}
    assert {view.permission for _, view in OURS} <= known


@pytest.mark.django_db
@pytest.mark.parametrize("one_in", [3, pytest.param(1, id="all", marks=pytest.mark.soak)])
@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_the_permission_is_refused_everywhere(
    people: dict[str, User], role: Role, one_in: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each route is tried by one in so many of the roles that it refuses, the next route by the next ones."""
    client = Client()
    client.force_login(people[str(role)], backend="tdcs.access.backends.AccountBackend")
    refused = next(route for route, view in OURS if role in _refused(view.permission))
    answer = client.get(_address(refused))
    assert (answer.status_code, "<html" in answer.content.decode()) == (403, True)
    # The same page of refusal each time, whose drawing takes longer than all the rest: once is enough.
    monkeypatch.setattr(
        views_errors, "render", lambda _, name, status: HttpResponse(name, status=status)
    )
    wrong = []
    for at, (route, view) in enumerate(OURS):
        if role not in _trying(at, view.permission, one_in):
            continue
        for answer in (client.get(_address(route)), client.post(_address(route))):
            if answer.status_code != 403:
                wrong.append((route, answer.status_code))
    assert wrong == []


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in() -> None:
    client = Client()
    open_ = []
    for route, view in OURS:
        if view.permission == "public":
            continue
        answer = client.get(_address(route))
        if answer.status_code != 302 or "/tai-khoan/login/" not in answer["Location"]:
            open_.append((route, answer.status_code))
    assert open_ == []


@pytest.mark.django_db
def test_the_demo_switch_is_closed_outside_the_demo(people: dict[str, User]) -> None:
    User.objects.create_user("demo-x", full_name="x")
    assert Client().post("/tai-khoan/doi-vai/", {"username": "demo-x"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_no_redirect_leaves_the_site(target: str) -> None:
    answer = Client().post("/tai-khoan/ngon-ngu/", {"language": "en", "next": target})
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_nobody_signs_up() -> None:
    answer = Client().post(
        "/tai-khoan/signup/", {"username": "ai-do", "password1": "x", "password2": "x"}
    )
    assert not User.objects.filter(username="ai-do").exists()
    assert answer.status_code in (200, 302, 403)


@pytest.mark.django_db
def test_pages_carry_their_policy(people: dict[str, User]) -> None:
    answer = Client().get("/tai-khoan/login/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_vietnamese_first_english_when_chosen() -> None:
    client = Client(headers={"accept-language": "en-US,en"})
    assert "Đăng nhập" in client.get("/tai-khoan/login/").content.decode()
    client.post("/tai-khoan/ngon-ngu/", {"language": "en", "next": "/tai-khoan/login/"})
    answer = client.get("/tai-khoan/login/").content.decode()
    assert "Sign in" in answer
    assert "Đăng nhập" not in answer
