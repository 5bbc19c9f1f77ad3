"""A site with a database of its own and people who use it, for tests that kill its parts."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
from journal import AMOUNT, Journal
from running import Running, environment, started
from wire import Wire

HERE = Path(__file__).resolve().parent
DAY = {"TDCS_TODAY": "2026-11-23", "TDCS_MFA": "0"}


@dataclass
class Faults:
    """A site on a database of its own, reached over a wire; the people who use it."""

    name: str
    admin: dict[str, Any]
    home: Path
    wire: Wire | None
    server: Running = field(init=False)
    journal: Journal = field(init=False)
    planner: str = ""

    def sql(self, statement: str, *given: Any, database: str = "") -> list[Any]:
        """Asked past the wire."""
        where = {**self.admin, "dbname": database or self.name}
        with psycopg.connect(**where, autocommit=True) as there:
            found = there.execute(statement, given)
            return found.fetchall() if found.description else []

    def url(self) -> str:
        """The database's address, past the wire."""
        host, port = self.admin["host"], self.admin.get("port")
        plain = f"postgresql://{self.admin['user']}@/{self.name}?host={host}"
        return f"{plain}&port={port}" if port else plain

    def child(self, verb: str) -> Any:
        """What a process of its own on the database prints."""
        paths = [str(HERE.parents[1] / "src"), str(HERE.parent), str(HERE.parent / "loans")]
        env = {
            **environment(self.home, **DAY),
            "DATABASE_URL": self.url(),
            "PYTHONPATH": os.pathsep.join(paths),
        }
        command = [sys.executable, str(HERE / "journal_child.py"), verb]
        out = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout
        return json.loads(out.strip().splitlines()[-1])

    def start(self, port: int = 0) -> None:
        """The server, anew on its port."""
        url = f"postgresql://{self.admin['user']}@127.0.0.1:{self.wire.port if self.wire else 0}/{self.name}"
        self.server = started(self.home, port=port, DATABASE_URL=url, **DAY)

    def begin(self) -> None:
        """Lay out the group, start the server, hand the journal to those who use it."""
        people = self.child("prepare")
        self.start()
        port = int(self.server.url.rsplit(":", 1)[1])
        self.journal = Journal(port, people["teller"], people["sheet"])
        self.planner = people["planner"]

    def holds(self) -> None:
        """Each acknowledged sheet is one operation with one entry, nothing else is there, and the savings are their sum."""
        rows = self.sql("SELECT key FROM ledger_operation WHERE action = 'loans.collect'")
        keys = [key for (key,) in rows]
        told = self.journal.acknowledged
        assert len(set(told)) == len(told) > 0
        assert sorted(keys) == sorted(told), "missing, doubled or never asked for"
        sums = "SELECT count(*), coalesce(sum(amount), 0) FROM entrustment_savingsevent"
        assert self.sql(sums) == [(len(told), AMOUNT * len(told))]
        entries = "SELECT count(*) FROM ledger_journalentry WHERE template = 'loan.collect'"
        assert self.sql(entries) == [(len(told),)]


@dataclass
class OwnDatabase(Faults):
    """A site whose embedded database is its own, so that it may be killed."""

    def url(self) -> str:
        return ""  # as if it were not set: the home's own server

    def start(self, port: int = 0) -> None:
        self.server = started(self.home, port=port, DATABASE_URL="", **DAY)

    def kill_the_database(self) -> None:
        """Every process of the server, by SIGKILL."""
        number = (self.home / "pg" / "postmaster.pid").read_text().splitlines()[0]
        first = psutil.Process(int(number))
        for one in (first, *first.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
