"""A process of its own on the faults' database: lays out a group with its teller, or says what the checks find.

python journal_child.py prepare | findings
"""

from __future__ import annotations

import json
import sys
from datetime import date

from tdcs.cli import setup

setup.django()

from committed import answer_for_changes  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from lending_cast import lend, make_bank, make_household, person, savings_of  # noqa: E402

from tdcs.audit import checks as audit  # noqa: E402
from tdcs.entrustment import checks as entrustment  # noqa: E402
from tdcs.ledger import checks as ledger  # noqa: E402
from tdcs.loans import checks as loans  # noqa: E402
from tdcs.organisations.models import Organisation  # noqa: E402

LENT = date(2026, 3, 5)


def prepare() -> None:
    """A group of four with savings; the cookies of its teller and of a planner, and the address of the group's sheet."""
    setup.load_lending()
    bank = make_bank()
    for number in range(4):
        home = make_household(bank.group, f"Hộ {number}")
        lend(bank, home, on=LENT, amount=10_000_000)
        savings_of(home, bank)
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    people = {"teller": bank.teller, "planner": person("ke-hoach", "branch_planner", branch)}
    answer_for_changes()
    cookies = {}
    for name, who in people.items():
        client = Client()
        client.force_login(who, "tdcs.access.backends.AccountBackend")
        cookies[name] = f"sessionid={client.cookies['sessionid'].value}"
    print(json.dumps({**cookies, "sheet": reverse("loans:sheet", args=[bank.group.pk])}))


def findings() -> None:
    """What the checks of the books and of the trail find."""
    rooms = (ledger.CHECKS, entrustment.CHECKS, loans.CHECKS, audit.CHECKS)
    print(json.dumps([words for room in rooms for check in room.values() for words in check()]))


if __name__ == "__main__":
    {"prepare": prepare, "findings": findings}[sys.argv[1]]()
