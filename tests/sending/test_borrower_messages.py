"""Messages to borrowers against a real gateway on this machine: what leaves, what does not, and nothing personal beside it."""

from __future__ import annotations

import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client
from django.urls import reverse
from grounds import GROUNDS, Ground, stands_on
from lending_cast import Bank, head_of, lend, make_bank, make_household

from tdcs.audit.models import AuditLine
from tdcs.cli import setup
from tdcs.core import clock
from tdcs.households.models import Household, Person
from tdcs.sending import gateway, texts
from tdcs.sending.errors import (
    GatewayMappingWrong,
    GatewayOff,
    GatewayUnsafe,
    NobodyToMessage,
    SecondPersonNeeded,
    WithoutTelephone,
)
from tdcs.sending.models import BorrowerMessage, MessageBatch, MessageKind, MessageState
from tdcs.sending.queries.messages import MessageRequest, dry_run
from tdcs.sending.services import messages
from tdcs.sending.services.messages import (
    confirm_batch,
    make_batch,
    send_due_messages,
    set_consent,
)

TODAY = date(2026, 11, 23)
PHONE = "0912345678"
DUE = MessageRequest(kind=MessageKind.DUE_SOON)
NOON = datetime(2026, 11, 23, 12, tzinfo=clock.ZONE)


class Gateway:
    """A gateway that answers as it is told; what it was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status, self.headers, self.body, self.seconds = 200, {}, b'{"id": "g-1"}', 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append(
                    {**json.loads(sent), "key": self.headers["Authorization"], "path": self.path}
                )
                time.sleep(outer.seconds)
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            def do_GET(self) -> None:
                outer.asked.append({"path": self.path})
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                return

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *args: Any) -> None:
                return

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        # Looked at often, so that shutting down takes no half second.
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def lines(settings: Any) -> Iterator[Gateway]:
    made = Gateway()
    settings.TDCS_SMS_URL = f"http://127.0.0.1:{made.port}/send"
    settings.TDCS_SMS_KEY, settings.TDCS_SMS_SECONDS = "khoa-bi-mat", 30
    settings.TDCS_SMS_CALLBACK_KEY = "khoa-bao-nhan"
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the moment; noon unless a test says otherwise."""

    def stand(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    stand(NOON)
    return stand


def _make_bank() -> Bank:
    setup.load_lending()
    return make_bank()


BANK = Ground(_make_bank, TODAY)


@pytest.fixture
@stands_on(BANK)
def bank(db: None, now: Any) -> Bank:
    found: Bank = GROUNDS.value(BANK)
    return found


def borrower(bank: Bank, name: str = "Lê Thị Hoa", phone: str = PHONE) -> Household:
    """A household with a loan of which a part is due on 28/11/2026; its head agreed to messages."""
    made = make_household(bank.group, name)
    lend(bank, made, on=date(2025, 11, 28))
    head = head_of(made)
    Person.objects.filter(pk=head.pk).update(phone=phone)
    if phone:
        set_consent(person=head_of(made), agreed=True, by=bank.officer, on=TODAY)
    return made


def sent_one(bank: Bank) -> BorrowerMessage:
    make_batch(asked=DUE, by=bank.officer, on=TODAY)
    send_due_messages(on=TODAY)
    return BorrowerMessage.objects.get()


@pytest.mark.django_db
def test_one_message_leaves_as_the_mapping_says(bank: Bank, lines: Gateway, settings: Any) -> None:
    settings.TDCS_SMS_BODY = (
        '{"phone": "{to}", "msg": "{text}", "brand": "{sender}", "ref": "{reference}"}'
    )
    borrower(bank)
    row = sent_one(bank)
    assert (row.state, row.gateway_number, row.parts) == (MessageState.SENT, "g-1", 1)
    [asked] = lines.asked
    assert (asked["phone"], asked["brand"], asked["key"]) == (PHONE, "NHCSXH", "Bearer khoa-bi-mat")
    assert asked["msg"] == row.text and "Le Thi Hoa" in row.text and "28/11/2026" in row.text
    assert asked["ref"] == f"tdcs-{row.pk}"
    assert send_due_messages(on=TODAY) == 0 and len(lines.asked) == 1, "once"


@pytest.mark.django_db
def test_no_number_in_logs_trail_queue_or_pages(
    bank: Bank, lines: Gateway, signed_in: Any, caplog: pytest.LogCaptureFixture
) -> None:
    borrower(bank)
    browser = signed_in(bank.officer)
    with caplog.at_level(logging.DEBUG):
        page = browser.get(reverse("sending:messages")).content.decode()
        row = sent_one(bank)
        lines.status = 500
        other = browser.get(reverse("sending:batch", args=[row.batch_id])).content.decode()
    trail = AuditLine.objects.values_list("data", "subject_words", "why", "origin")
    kept = BorrowerMessage.objects.values()
    for words in (caplog.text, str(list(trail)), str(list(kept)), page, other):
        assert PHONE not in words
    assert "091•••••78" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "headers", "state", "why", "minutes"),
    [
        (500, {}, "queued", "http 500", 5),
        (503, {"Retry-After": "60"}, "queued", "http 503", 5),
        (429, {"Retry-After": "1200"}, "queued", "http 429", 20),
        (429, {"Retry-After": "soon"}, "queued", "http 429", 5),
        (400, {}, "failed", "http 400", None),
        (401, {}, "failed", "http 401", None),
    ],
)
def test_what_the_gateway_answers(
    bank: Bank,
    lines: Gateway,
    status: int,
    headers: dict[str, str],
    state: str,
    why: str,
    minutes: int | None,
) -> None:
    borrower(bank)
    lines.status, lines.headers = status, headers
    row = sent_one(bank)
    assert (row.state, row.why, row.attempts) == (state, why, 1)
    if minutes is not None:
        assert row.next_try_at == NOON + timedelta(minutes=minutes)
        assert send_due_messages(on=TODAY) == 0 and len(lines.asked) == 1, "not before its time"


@pytest.mark.django_db
def test_it_is_asked_five_times_and_no_more(bank: Bank, lines: Gateway, now: Any) -> None:
    borrower(bank)
    lines.status = 503
    row = sent_one(bank)
    for _ in range(6):
        now(row.next_try_at.astimezone(clock.ZONE) + timedelta(seconds=1))
        send_due_messages(on=TODAY)
        row.refresh_from_db()
    assert (row.state, row.attempts, len(lines.asked)) == (MessageState.FAILED, 5, 5)


@pytest.mark.django_db
def test_a_redirect_is_not_followed(bank: Bank, lines: Gateway) -> None:
    borrower(bank)
    elsewhere = Gateway()
    lines.status, lines.headers = 302, {"Location": f"http://127.0.0.1:{elsewhere.port}/take"}
    row = sent_one(bank)
    assert (row.state, row.why) == (MessageState.FAILED, "redirect")
    lines.status = 307
    assert isinstance(gateway.send(to=PHONE, text="x", reference="r"), gateway.Refused)
    assert elsewhere.asked == []
    elsewhere.server.shutdown()
    elsewhere.server.server_close()


@pytest.mark.django_db
def test_silence_is_not_asked_again_for_it_may_have_left(
    bank: Bank, lines: Gateway, settings: Any
) -> None:
    borrower(bank)
    settings.TDCS_SMS_SECONDS, lines.seconds = 0.1, 0.5
    row = sent_one(bank)
    assert (row.state, row.why) == (MessageState.FAILED, "unknown")


@pytest.mark.django_db
def test_a_gateway_that_is_away_is_asked_later(bank: Bank, lines: Gateway, settings: Any) -> None:
    borrower(bank)
    settings.TDCS_SMS_URL = "http://127.0.0.1:9/send"
    row = sent_one(bank)
    assert (row.state, row.why) == (MessageState.QUEUED, "unreachable")


@pytest.mark.django_db
def test_a_certificate_of_nobody_is_refused(
    bank: Bank, lines: Gateway, settings: Any, tmp_path: Path
) -> None:
    borrower(bank)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    lines.server.socket = context.wrap_socket(lines.server.socket, server_side=True)
    settings.TDCS_SMS_URL = f"https://127.0.0.1:{lines.port}/send"
    row = sent_one(bank)
    assert (row.state, row.why) == (MessageState.FAILED, "tls")
    assert lines.asked == []


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    words = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file = folder / "gateway.pem"
    file.write_bytes(words + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize("url", ["http://gateway.example/send", "file:///etc/hosts", "ftp://x/y"])
def test_an_open_address_is_refused(settings: Any, url: str) -> None:
    settings.TDCS_SMS_URL = url
    with pytest.raises(GatewayUnsafe):
        gateway.send(to=PHONE, text="x", reference="r")


@pytest.mark.parametrize("body", ["no json", "[]", '{"x": "{phone}"}', '{"x": "{"}', '{"x": "{}"}'])
@pytest.mark.django_db
def test_a_mapping_that_is_none_stops_before_anything_is_taken_up(
    bank: Bank, lines: Gateway, settings: Any, body: str
) -> None:
    borrower(bank)
    make_batch(asked=DUE, by=bank.officer, on=TODAY)
    settings.TDCS_SMS_BODY = body
    with pytest.raises(GatewayMappingWrong):
        gateway.check()
    assert send_due_messages(on=TODAY) == 0 and lines.asked == []
    assert BorrowerMessage.objects.get().state == MessageState.QUEUED


@pytest.mark.django_db
def test_off_by_default_but_shown(bank: Bank, signed_in: Any) -> None:
    borrower(bank)
    page = signed_in(bank.officer).get(reverse("sending:messages")).content.decode()
    assert "chưa nối cổng" in page and "Gửi các tin này" not in page and "Le Thi Hoa" in page
    with pytest.raises(GatewayOff):
        make_batch(asked=DUE, by=bank.officer, on=TODAY)
    assert send_due_messages(on=TODAY) == 0


@pytest.mark.django_db
def test_the_dry_run_says_who_is_left_out_and_why(bank: Bank, lines: Gateway) -> None:
    borrower(bank)
    borrower(bank, "Trần Thị Mai", phone="")
    agreed = borrower(bank, "Phạm Thị Lan")
    Person.objects.filter(pk=head_of(agreed).pk).update(phone="")
    found = dry_run(bank.officer, DUE, TODAY)
    assert [one.name for one in found.messages] == ["Lê Thị Hoa"]
    assert sorted(found.left_out) == [("Phạm Thị Lan", "no_phone"), ("Trần Thị Mai", "no_consent")]
    assert lines.asked == [] and not BorrowerMessage.objects.exists()
    make_batch(asked=DUE, by=bank.officer, on=TODAY)
    again = dry_run(bank.officer, DUE, TODAY)
    assert again.messages == [] and ("Lê Thị Hoa", "daily") in again.left_out
    with pytest.raises(NobodyToMessage):
        make_batch(asked=DUE, by=bank.officer, on=TODAY)
    assert len(dry_run(bank.officer, DUE, TODAY + timedelta(1)).messages) == 1, "the next day"


@pytest.mark.django_db
def test_each_kind_finds_its_borrowers(bank: Bank, lines: Gateway) -> None:
    borrower(bank)
    assert (
        len(dry_run(bank.officer, MessageRequest(MessageKind.DUE_SOON, days=5), TODAY).messages)
        == 1
    )
    assert dry_run(bank.officer, MessageRequest(MessageKind.DUE_SOON, days=4), TODAY).messages == []
    assert dry_run(bank.officer, MessageRequest(MessageKind.OVERDUE), TODAY).messages == []
    late = date(2028, 12, 20)
    assert len(dry_run(bank.officer, MessageRequest(MessageKind.OVERDUE), late).messages) == 1
    moved = MessageRequest(MessageKind.SESSION_CHANGED, group="4606001", day=date(2026, 12, 16))
    [one] = dry_run(bank.officer, moved, TODAY).messages
    assert "4606001" in one.text and "16/12/2026" in one.text
    assert dry_run(bank.officer, MessageRequest(MessageKind.SESSION_CHANGED), TODAY).messages == []


@pytest.mark.django_db
def test_nothing_leaves_in_quiet_hours(bank: Bank, lines: Gateway, now: Any) -> None:
    borrower(bank)
    make_batch(asked=DUE, by=bank.officer, on=TODAY)
    for hour in (20, 23):
        now(NOON.replace(hour=hour))
        assert send_due_messages(on=TODAY) == 0
    now(NOON.replace(hour=19, minute=59))
    assert send_due_messages(on=TODAY) == 1


@pytest.mark.django_db
def test_consent_withdrawn_while_it_waits(bank: Bank, lines: Gateway) -> None:
    head = head_of(borrower(bank))
    make_batch(asked=DUE, by=bank.officer, on=TODAY)
    set_consent(person=head, agreed=False, by=bank.officer, on=TODAY)
    assert send_due_messages(on=TODAY) == 0 and lines.asked == []
    assert BorrowerMessage.objects.get().why == "no_consent"
    Person.objects.filter(pk=head.pk).update(phone="")
    head.refresh_from_db()
    with pytest.raises(WithoutTelephone):
        set_consent(person=head, agreed=True, by=bank.officer, on=TODAY)


@pytest.mark.django_db
def test_a_large_batch_waits_for_a_second_person(
    bank: Bank, lines: Gateway, monkeypatch: pytest.MonkeyPatch, signed_in: Any
) -> None:
    less = texts.Bounds(1, 20, 7, 3, confirm_above=1)
    for place in ("queries.messages", "services.messages"):
        monkeypatch.setattr(f"tdcs.sending.{place}.bounds", lambda: less)
    borrower(bank)
    assert not dry_run(bank.head, DUE, TODAY).needs_second, "one is not above one"
    borrower(bank, "Trần Thị Mai")
    batch = make_batch(asked=DUE, by=bank.head, on=TODAY)
    assert batch.needs_second and send_due_messages(on=TODAY) == 0
    with pytest.raises(SecondPersonNeeded):
        confirm_batch(batch=batch, by=bank.head, on=TODAY)
    address = reverse("sending:confirm", args=[batch.pk])
    signed_in(bank.head).post(address)
    assert send_due_messages(on=TODAY) == 0
    signed_in(bank.director).post(address)
    assert MessageBatch.objects.get().confirmed_by == bank.director
    assert send_due_messages(on=TODAY) == 2


def called(body: dict[str, str] | bytes, *, at: datetime = NOON, signature: str = "") -> Any:
    words = body if isinstance(body, bytes) else json.dumps(body).encode()
    moment = str(int(at.timestamp()))
    headers = {
        "X-TDCS-Timestamp": moment,
        "X-TDCS-Signature": signature or gateway.signature_of(moment, words),
    }
    return Client(enforce_csrf_checks=True).post(
        "/gui/tin-nhan/bao-nhan/", words, content_type="application/json", headers=headers
    )


@pytest.mark.django_db
def test_a_signed_callback_says_what_became_of_it(bank: Bank, lines: Gateway) -> None:
    borrower(bank)
    row = sent_one(bank)
    given = {"id": "g-1", "state": "delivered"}
    assert called(given, signature="0" * 64).status_code == 403
    assert called(given, signature="ạ").status_code == 403
    assert called(given, at=NOON - timedelta(seconds=301)).status_code == 403, "a copy"
    assert called(b"not json").status_code == 400
    assert called({"id": "g-1", "state": "read"}).status_code == 400
    assert called(b"x" * 20_000).status_code == 403
    row.refresh_from_db()
    assert row.state == MessageState.SENT
    assert called({"id": "other", "state": "delivered"}).json() == {"noted": False}
    assert called(given, at=NOON - timedelta(seconds=300)).json() == {"noted": True}
    assert called({"id": "g-1", "state": "failed"}).json() == {"noted": False}, "it had ended"
    row.refresh_from_db()
    assert row.state == MessageState.DELIVERED


@pytest.mark.django_db
def test_without_a_key_nobody_calls_back(bank: Bank, lines: Gateway, settings: Any) -> None:
    settings.TDCS_SMS_CALLBACK_KEY = ""
    assert called({"id": "g-1", "state": "delivered"}, signature="x").status_code == 404


@pytest.mark.django_db
def test_one_cut_short_is_not_sent_again(bank: Bank, lines: Gateway, now: Any) -> None:
    borrower(bank)
    make_batch(asked=DUE, by=bank.officer, on=TODAY)
    BorrowerMessage.objects.update(state=MessageState.SENDING, taken_at=NOON)
    now(NOON + timedelta(minutes=31))
    assert send_due_messages(on=TODAY) == 0 and lines.asked == []
    assert BorrowerMessage.objects.get().state == MessageState.FAILED


@pytest.mark.django_db
def test_pages_are_for_the_office_and_its_own(bank: Bank, lines: Gateway, signed_in: Any) -> None:
    household = borrower(bank)
    batch = make_batch(asked=DUE, by=bank.officer, on=TODAY)
    browser = signed_in(bank.officer)
    consents = reverse("sending:consents", args=[household.pk])
    assert "091•••••78" in browser.get(consents).content.decode()
    person = str(head_of(household).pk)
    browser.post(consents, {"person": person, "verb": "withdraw"})
    assert "Ghi đồng ý" in browser.get(consents).content.decode()
    assert browser.post(consents, {"person": "0", "verb": "agree"}).status_code == 404
    assert browser.get(reverse("sending:consents", args=[0])).status_code == 404
    assert browser.post(reverse("sending:confirm", args=[batch.pk])).status_code == 403
    pages = [
        reverse("sending:messages"),
        reverse("sending:send_messages"),
        reverse("sending:batch", args=[batch.pk]),
        consents,
        reverse("sending:confirm", args=[batch.pk]),
    ]
    for who in (bank.leader, bank.commune, bank.teller, bank.accountant, bank.auditor):
        for address in pages:
            assert signed_in(who).get(address).status_code == 403
            assert signed_in(who).post(address).status_code == 403


@pytest.mark.django_db
def test_the_button_sends_what_the_page_showed(bank: Bank, lines: Gateway, signed_in: Any) -> None:
    borrower(bank)
    browser = signed_in(bank.officer)
    page = browser.get(reverse("sending:messages")).content.decode()
    assert "Gửi các tin này" in page and "GSM" in page
    answer = browser.post(reverse("sending:send_messages"), {"kind": "due_soon", "days": "7"})
    assert answer["Location"] == reverse("sending:batch", args=[MessageBatch.objects.get().pk])
    assert "chờ gửi" in browser.get(answer["Location"]).content.decode()
    assert messages.send_due_messages(on=TODAY) == 1
