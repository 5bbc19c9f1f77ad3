"""People who post sheets and keep a journal of what was acknowledged to them, whatever happens to the site meanwhile."""

from __future__ import annotations

import http.client
import re
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field

_KEY = re.compile(r'name="key" value="([^"]+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SAVINGS = re.compile(r'name="(savings-\d+)"')
_PATIENCE = 60.0
AMOUNT = 1000


@dataclass
class Journal:
    """What was asked for under which key, and what was acknowledged. A key that was not is sent again until it is."""

    port: int
    cookie: str
    sheet: str
    asked: set[str] = field(default_factory=set)
    acknowledged: list[str] = field(default_factory=list)
    failures: int = 0
    ending: threading.Event = field(default_factory=threading.Event)
    people: list[threading.Thread] = field(default_factory=list)

    def start(self, people: int = 3) -> None:
        """Let them work."""
        self.ending.clear()
        self.people = [threading.Thread(target=self._work, daemon=True) for _ in range(people)]
        for one in self.people:
            one.start()

    def until_more(self, count: int, seconds: float = 180.0) -> None:
        """Wait until so many more sheets were acknowledged."""
        wanted, end = len(self.acknowledged) + count, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < end, (
                f"nothing is acknowledged any more: {self.failures} failures"
            )
            time.sleep(0.05)

    def stop(self) -> None:
        """Everybody ends the sheet in hand, acknowledged."""
        self.ending.set()
        for one in self.people:
            one.join(180)
            assert not one.is_alive(), "a sheet was never acknowledged"

    def _work(self) -> None:
        while not self.ending.is_set():
            key = f"sheet-{uuid.uuid4()}"
            self.asked.add(key)
            while not self._posted(key):
                self.failures += 1
                time.sleep(0.1)
            self.acknowledged.append(key)

    def _posted(self, key: str) -> bool:
        """Whether the site said that the sheet of this key is posted."""
        try:
            status, page, set_ = self._send("GET", self.sheet)
            token, line = _TOKEN.search(page), _SAVINGS.search(page)
            if status != 200 or token is None or line is None:
                return False
            sent = {"csrfmiddlewaretoken": token[1], "key": key, line[1]: str(AMOUNT)}
            body = urllib.parse.urlencode({**sent, "step": "post-again"})
            status, place, _ = self._send("POST", self.sheet, body, set_)
            return status == 302 and "/tai-khoan/" not in place
        except (OSError, http.client.HTTPException):
            return False

    def _send(
        self, method: str, path: str, body: str | None = None, more: str = ""
    ) -> tuple[int, str, str]:
        """Status, page (or where to go), cookies that were set."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        headers = {
            "Cookie": "; ".join(filter(None, (self.cookie, more))),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            wire.request(method, path, body, headers)
            answer = wire.getresponse()
            page = answer.read().decode()
            cookies = [words.split(";")[0] for words in answer.headers.get_all("Set-Cookie") or []]
            return answer.status, answer.headers.get("Location", page), "; ".join(cookies)
        finally:
            wire.close()
