"""What the tests of a decree's pages share."""

from __future__ import annotations

import re
from typing import Any

from decree_book import DECREE
from django.test import Client

from tdcs.access.models import User

BASE = f"/so-ngay/quyet-dinh/{DECREE}/"


def signed_in(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def text(answer: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def key_of(page: Any) -> str:
    """The key in the page's form."""
    found = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]
