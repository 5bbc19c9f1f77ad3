"""One worker killed does not end the site."""

from __future__ import annotations

import os
import signal

import pytest
from running import Running

pytestmark = pytest.mark.django_db


def test_a_killed_worker_comes_back_and_the_site_answers_meanwhile(server: Running) -> None:
    first, second = server.workers()
    for victim in (first, second):  # each in turn, and within seconds
        os.kill(victim.pid, signal.SIGKILL)
        assert [server.get("/suc-khoe/")[0] for _ in range(8)] == [200] * 8
        server.until(lambda: len([w for w in server.workers() if w.status() != "zombie"]) == 2)
    there = {worker.pid for worker in server.workers()}
    assert not there & {first.pid, second.pid}
    assert server.process.poll() is None


def test_a_worker_that_falls_again_at_once_still_comes_back(server: Running) -> None:
    for _ in range(3):
        victim = min(worker.pid for worker in server.workers())
        os.kill(victim, signal.SIGKILL)

        def back(gone: int = victim) -> bool:
            now = {worker.pid for worker in server.workers()}
            return gone not in now and len(now) == 2

        server.until(back)
    assert server.get("/suc-khoe/")[0] == 200


def test_a_hangup_replaces_the_workers_while_the_site_answers(server: Running) -> None:
    before = {worker.pid for worker in server.workers()}
    server.process.send_signal(signal.SIGHUP)
    answers = []

    def replaced() -> bool:
        answers.append(server.get("/suc-khoe/")[0])
        now = {worker.pid for worker in server.workers()}
        return len(now) == 2 and not now & before

    server.until(replaced)
    assert set(answers) == {200}


def test_static_files_do_not_pass_python(server: Running) -> None:
    page = server.get("/tai-khoan/login/")[2].decode()
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    status, headers, body = server.get(style)
    assert (status, len(body) > 1000) == (200, True)
    assert "max-age=31536000" in headers["cache-control"]
    assert "server-timing" not in headers, "answered by Python"
