"""`tdcs bench session-app`: the app of a session in Chromium, four times slowed, with a pack of 3,600 members; no server."""

from __future__ import annotations

import hashlib
import json
import shutil
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tdcs.transaction_points.rules.chain import canonical

# Requirements: milliseconds to open a sheet and to add up after a key, megabytes and seconds of a pack, seconds in which
# 64 kbit/s carry a day's sheets.
SHEET_MS, KEY_MS, PACK_MB, UNPACK_S, SYNC_S = 100, 16, 3.0, 4.0, 120
_SLOWER: Final = 4
_LINE: Final = 64_000 / 8
_STATIC: Final = Path(__file__).parents[1] / "transaction_points/static/transaction_points"
_SITE: Final = "http://localhost"
_PIN: Final = "123456"
_SESSION, _DEVICE, _TELLER = 1, 1, 7
_PAGE: Final = """<!doctype html><html lang="vi"><meta charset="utf-8"><link rel="stylesheet" href="/session.css">
<script src="/session.min.js" type="module"></script><body><div id="app"></div><div id="toast"></div></body></html>"""
_OPEN: Final = """async (group) => {
  const from = performance.now();
  location.hash = `#/phien/1/to/${group}`;
  while (!document.querySelector(`#loan-${group}00`)) await new Promise(requestAnimationFrame);
  document.body.offsetHeight;
  return performance.now() - from;
}"""
_KEY: Final = """(at) => {
  const inputs = document.querySelectorAll('.card input');
  const input = inputs[at % inputs.length];
  const from = performance.now();
  input.value = String(1000 + at);
  input.dispatchEvent(new Event('input', {bubbles: true}));
  document.body.offsetHeight;
  return performance.now() - from;
}"""


@click.command("session-app")
@click.option("--groups", default=60, show_default=True)
@click.option("--members", default=60, show_default=True, help="In each group, each with a loan.")
@click.option("--rounds", default=20, show_default=True)
def session_app(groups: int, members: int, rounds: int) -> None:
    """A pack taken and opened, sheets opened, keys typed, in Debian's Chromium with its processor slowed four times."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as missing:
        raise click.ClickException("playwright is missing: make test installs it") from missing
    chromium = shutil.which("chromium")
    if chromium is None:
        raise click.ClickException("Debian's chromium is missing")
    body = canonical(invented(groups, members))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        found = _measured(browser.new_page(viewport={"width": 390, "height": 844}), body, rounds)
        browser.close()
    sheets = sum(len(canonical(_sheet(at, members))) for at in range(1, groups + 1))
    found |= {
        "log_kB": round(sheets / 1024),
        "sync_at_64_kbit_s": round(sheets / _LINE, 1),
        "bounds": f"sheet {SHEET_MS} ms, key {KEY_MS} ms, pack {PACK_MB} MB, unpacked {UNPACK_S} s, sync {SYNC_S} s",
    }
    for name, value in found.items():
        click.echo(f"{name:20} {value}")


def _measured(page: Any, body: bytes, rounds: int) -> dict[str, Any]:
    server = Ed25519PrivateKey.generate()
    sizes: list[int] = []
    page.route("**/*", lambda route: _serve(route, page, server, body, sizes))
    cdp = page.context.new_cdp_session(page)
    page.goto(f"{_SITE}/phien/ung-dung/")
    page.get_by_label("PIN của bạn cho phiên này").fill(_PIN)
    page.get_by_label("Nhập lại PIN").fill(_PIN)
    page.get_by_role("button", name="Lấy gói phiên").click()
    page.get_by_text("Bạn đã có PIN cho gói này").wait_for(timeout=60_000)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.get_by_label("PIN", exact=True).fill(_PIN)
    page.get_by_role("button", name="Mở phiên").click()
    page.get_by_role("heading", name="Các tổ").wait_for(timeout=60_000)
    unpack = page.evaluate("performance.getEntriesByName('unpack')[0].duration")
    opened = [page.evaluate(_OPEN, 1 + at) for at in range(rounds)]
    keys = [page.evaluate(_KEY, at) for at in range(5 * rounds)]
    return {
        "members": len(json.loads(body)["groups"]) * len(json.loads(body)["groups"][0]["members"]),
        "pack_MB": round(sizes[0] / 1e6, 2),
        "unpack_s": round(unpack / 1000, 2),
        **_spread("sheet_ms", opened),
        **_spread("key_ms", keys),
    }


def _spread(name: str, times: list[float]) -> dict[str, float]:
    return {
        f"{name}_median": round(statistics.median(times), 1),
        f"{name}_p95": round(statistics.quantiles(times, n=20)[-1], 1),
    }


def _serve(route: Any, page: Any, server: Ed25519PrivateKey, body: bytes, sizes: list[int]) -> None:
    """What the server would answer, from this process."""
    path = route.request.url.removeprefix(_SITE).partition("?")[0]
    if path == f"/phien/{_SESSION}/goi/":
        made = json.dumps(_pack(_keys_of(page), server, body))
        sizes.append(len(made))
        route.fulfill(body=made, content_type="application/json")
    elif path == f"/phien/{_SESSION}/khoa-duyet/":
        asked = route.request.post_data_json
        said = {"form": 1, "pack": asked["pack"], "person": _TELLER, "key": asked["key"]}
        route.fulfill(json={"statement": said, "signature": server.sign(canonical(said)).hex()})
    elif path == "/phien/ung-dung/toi/":
        route.fulfill(json=_me(_keys_of(page), server))
    elif path == "/phien/ung-dung/":
        route.fulfill(body=_PAGE, content_type="text/html")
    elif path.endswith((".js", ".css")) and (_STATIC / path[1:]).exists():
        kind = "text/javascript" if path.endswith(".js") else "text/css"
        content = (_STATIC / path[1:]).read_bytes()
        route.fulfill(body=content, content_type=f"{kind}; charset=utf-8")
    else:
        route.fulfill(status=404)


def _keys_of(page: Any) -> Mapping[str, str]:
    """The public halves of the page's keys."""
    found: Mapping[str, str] = page.evaluate(
        """async () => {
          const db = await new Promise(go => { const r = indexedDB.open('tdcs-session'); r.onsuccess = () => go(r.result); });
          const row = await new Promise(go => {
            const r = db.transaction('device').objectStore('device').get('device'); r.onsuccess = () => go(r.result); });
          db.close();
          return {signing: row.signing_public, agreement: row.agreement_public};
        }"""
    )
    return found


def _me(keys: Mapping[str, str], server: Ed25519PrivateKey) -> dict[str, Any]:
    one = {"id": _SESSION, "name": "Điểm đo", "day": "2026-11-23", "place": ""}
    return {
        "user": {"id": _TELLER, "name": "Giao dịch viên"},
        "may_plan": False,
        "server_key": server.public_key().public_bytes_raw().hex(),
        "program": "",
        "devices": [{"id": _DEVICE, "name": "Máy đo", "signing_key": keys["signing"]}],
        "sessions": [one],
    }


def _pack(keys: Mapping[str, str], server: Ed25519PrivateKey, body: bytes) -> dict[str, Any]:
    from tdcs.transaction_points.services.keys import locked_for

    header = {
        "form": 1,
        "pack": "bench",
        "session": _SESSION,
        "device": _DEVICE,
        "device_key": keys["signing"],
        "made_at": "2026-11-23T07:00:00+07:00",
        "expires_at": "2026-11-24T12:00:00+07:00",
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    head = canonical(header)
    return {
        "header": header,
        "signature": server.sign(head).hex(),
        "server_key": server.public_key().public_bytes_raw().hex(),
        **locked_for(keys["agreement"], body, head),
    }


def _sheet(group: int, members: int) -> dict[str, Any]:
    """A line of the log in which every member pays."""
    lines = [
        {"loan": group * 100 + at, "interest": 187_200, "principal": 0, "savings": 100_000}
        | {"account": 10**6 + group * 100 + at}
        for at in range(members)
    ]
    return {
        "form": 1, "device": 1, "session": 1, "pack": "0" * 36, "seq": group, "previous": "0" * 64,
        "kind": "collect", "by": 7, "at": "2026-11-23T08:00:00+07:00",
        "data": {"group": group, "lines": lines}, "hash": "0" * 64, "signature": "0" * 128,
    }  # fmt: skip


def invented(groups: int, members: int) -> dict[str, Any]:
    """The body of a pack: every member owes."""
    return {
        "session": {
            "id": _SESSION, "point": "TXN1", "name": "Điểm đo", "day": "2026-11-23",
            "due_day": "2026-11-23", "place": "UBND xã", "starts": "08:00", "ends": "11:00",
        },
        "people": [{"id": _TELLER, "name": "Giao dịch viên", "role": "teller"}],
        "cash": 50_000_000,
        "denominations": [500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000],
        "rules": {"program": "", "law": {}},
        "groups": [_group(at, members) for at in range(1, groups + 1)],
        "disbursements": [],
        "requests": [],
        "overdue": [],
        "due_soon": [],
    }  # fmt: skip


def _group(number: int, members: int) -> dict[str, Any]:
    names = [f"Nguyễn Thị Thanh {number}-{at}" for at in range(members)]
    return {
        "id": number,
        "code": f"46{number:05d}",
        "name": f"Tổ {number}",
        "leader": names[0],
        "members": [
            {"id": number * 100 + at, "household": f"H{number:04d}{at:03d}", "name": name}
            for at, name in enumerate(names)
        ],
        "loans": [
            {
                "loan": number * 100 + at, "number": f"KU{number:04d}{at:04d}", "name": name,
                "household": f"H{number:04d}{at:03d}", "programme": "HN", "balance": 36_000_000,
                "interest_due": 187_200, "principal_due": 0, "overdue": 0, "frozen": False,
                "account": 10**6 + number * 100 + at, "savings": 1_250_000,
            }
            for at, name in enumerate(names)
        ],
        "savers": [],
    }  # fmt: skip
