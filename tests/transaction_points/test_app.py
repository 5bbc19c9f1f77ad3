"""The app's addresses: its page, its worker, who is signed in, this device; savings that it hands in."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, make_household, savings_of
from test_offline import Tablet

from tdcs.entrustment.services.savings import deposit
from tdcs.organisations.models import TransactionPoint
from tdcs.transaction_points.models import Device, LogLine, TransactionSession
from tdcs.transaction_points.queries.summary import cash_expected
from tdcs.transaction_points.services import log, packs
from tdcs.transaction_points.services.schedule import Team, name_team

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """Where the key of this test's installation lies."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def session(bank: Bank, point: TransactionPoint) -> TransactionSession:
    """Today's session, ready to be held."""
    made = TransactionSession.objects.create(
        point=point, office=bank.office, due_on=TODAY, held_on=TODAY
    )
    members = [(bank.officer, "leader"), (bank.head, "controller"), (bank.teller, "teller")]
    name_team(session=made, team=Team(members), by=bank.head, on=TODAY)
    TransactionSession.objects.update(state="open")
    made.refresh_from_db()
    return made


def test_the_page_and_its_worker(bank: Bank, session: TransactionSession, signed_in: Any) -> None:
    teller = signed_in(bank.teller)
    page = teller.get(reverse("points:app"))
    words = page.content.decode()
    assert (page.status_code, "session.min.js" in words, bank.teller.full_name in words) == (
        200,
        True,
        False,
    )
    moved = teller.get(reverse("points:app_of_session", args=[session.pk]))
    assert moved["Location"] == reverse("points:app")
    worker = teller.get(reverse("points:app_worker"))
    found = re.match(r"self\.APP = (\{.*?\});", worker.content.decode())
    assert found is not None and worker["Content-Type"].startswith("text/javascript")
    listed = json.loads(found[1])
    # What the page is drawn with is what the worker keeps.
    for asset in re.findall(r'(?:href|src)="(/static/[^"]+)"', words):
        assert asset in listed["files"]
    assert (listed["shell"], len(listed["version"])) == (reverse("points:app"), 16)


def test_who_is_signed_in_and_what_can_be_taken(
    bank: Bank, session: TransactionSession, signed_in: Any
) -> None:
    tablet = Tablet()
    body = json.dumps({"name": "Máy 1", **tablet.keys()})
    head, teller = signed_in(bank.head), signed_in(bank.teller)
    made = head.post(reverse("points:app_register"), body, "application/json")
    assert made.json() == {"id": Device.objects.get().pk, "name": "Máy 1"}
    again = head.post(reverse("points:app_register"), body, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "point_field_wrong")
    broken = head.post(reverse("points:app_register"), "{}", "application/json")
    assert broken.status_code == 400
    said = teller.get(reverse("points:app_me")).json()
    assert said["user"]["id"] == bank.teller.pk and not said["may_plan"]
    assert [one["signing_key"] for one in said["devices"]] == [tablet.keys()["signing"]]
    assert [one["id"] for one in said["sessions"]] == [session.pk]
    # Not on the team; a session of a day too far off; a revoked device.
    assert signed_in(bank.director).get(reverse("points:app_me")).json()["sessions"] == []
    for day, count in ((20, 0), (22, 1), (26, 1), (27, 0)):
        moved_to = date(2026, 11, day)
        TransactionSession.objects.update(held_on=moved_to, due_on=moved_to)
        assert len(teller.get(reverse("points:app_me")).json()["sessions"]) == count, day
    packs.revoke_device(device=Device.objects.get(), why="Mất", by=bank.head, on=TODAY)
    assert teller.get(reverse("points:app_me")).json()["devices"] == []


def test_who_may_not(bank: Bank, session: TransactionSession, signed_in: Any) -> None:
    for name, args in (("app", []), ("app_worker", []), ("app_me", []), ("app_of_session", [1])):
        assert signed_in(bank.commune).get(reverse(f"points:{name}", args=args)).status_code == 403
    refused = signed_in(bank.teller).post(reverse("points:app_register"), "{}", "application/json")
    assert refused.status_code == 403


def test_savings_in_and_out_without_a_loan(bank: Bank, session: TransactionSession) -> None:
    tablet = Tablet()
    device = packs.register_device(
        office=bank.office, name="Máy 1", by=bank.head, on=TODAY, **tablet.keys()
    )
    header = packs.take_pack(session=session, device=device, by=bank.teller, on=TODAY)["header"]
    assert isinstance(header, dict)
    account = savings_of(make_household(bank.group, "Hộ gửi"), bank)
    deposit(account=account, amount=300_000, by=bank.teller, on=date(2026, 11, 2), key="gui")

    tablet.set_pins(header, bank.head)

    def told(way: str, amount: int, by: int = bank.teller.pk, of: int = account.pk) -> None:
        given = {"account": of, "way": way, "amount": amount}
        if way == "out":
            tablet.approved(header, "savings", by, bank.head.pk, **given)
        else:
            tablet.write(header, "savings", by, **given)

    told("in", 200_000)
    told("out", 450_000)
    told("out", 60_000)
    told("out", 1, by=bank.officer.pk)
    told("in", 1, of=0)
    tablet.write(header, "seal", bank.officer.pk)
    log.take_in(session=session, device=device, lines=tablet.lines, by=bank.teller, on=TODAY)
    account.refresh_from_db()
    assert account.balance == 50_000
    rows = list(LogLine.objects.order_by("seq").values_list("state", "problem"))
    assert [state for state, _why in rows] == ["posted", "posted", "case", "case", "case", "noted"]
    assert rows[2][1] == "savings_short"
    assert {why for _state, why in rows[3:5]} == {"book_at_counter"}
    assert cash_expected(session) == -250_000


def test_the_built_files_are_those_of_the_sources() -> None:
    """`tools/build_session_app.sh` was run after the last change of frontend/session-app/src."""
    sources = Path(__file__).parents[2] / "frontend/session-app/src"
    digest = hashlib.sha256()
    for name in sorted(str(one.relative_to(sources)) for one in sources.rglob("*.js")):
        digest.update(f"{name}\n".encode())
        digest.update((sources / name).read_bytes())
    built = sources.parents[2] / "src/tdcs/transaction_points/static/transaction_points"
    assert (built / "built-from.txt").read_text().strip() == digest.hexdigest()
