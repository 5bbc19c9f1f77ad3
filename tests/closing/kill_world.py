"""Databases and folders of their own for processes that are killed: a prepared one, and copies of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# What the ledger and the runs say in the end; keys of rows and instants are not among it.
_LEDGER_SQL = """
    SELECT e.template, e."on", a.code, sum(p.debit), sum(p.credit), count(*)
      FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
      JOIN ledger_account a ON a.id = p.account_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_RUNS_SQL = """
    SELECT day, state, rows, events, totals::text, digest, previous, moved::text, before::text, locked_through
      FROM closing_closerun ORDER BY day
"""
_KEYS_SQL = "SELECT key FROM ledger_operation WHERE action = 'closing.post' ORDER BY key"


@dataclass
class World:
    """Databases and folders of one test: a prepared one, and copies of it."""

    admin: dict[str, Any]
    folder: Path
    child: str
    today: str

    def url(self, name: str) -> str:
        """The database's address as DATABASE_URL takes it."""
        host, port = self.admin["host"], self.admin.get("port") or ""
        return f"postgresql://{self.admin['user']}@/{name}?host={host}&port={port}".removesuffix(
            "&port="
        )

    def sql(self, name: str, statement: str) -> list[Any]:
        """What a statement answers in one database."""
        given = {**self.admin, "dbname": name}
        with psycopg.connect(**given, autocommit=True) as there:
            cursor = there.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def copy(self, source: str, target: str) -> None:
        """Another database like this one, and its snapshots."""
        self.drop(target)
        self.sql("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        if (self.folder / source).exists():
            shutil.copytree(self.folder / source, self.folder / target)

    def drop(self, name: str) -> None:
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def start(self, name: str, *words: str) -> subprocess.Popen[str]:
        """A process on one of the databases."""
        home = self.folder / name
        home.mkdir(exist_ok=True)
        paths = os.pathsep.join(str(path) for path in (ROOT / "src", HERE, HERE.parent / "loans"))
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TDCS_")},
            "PYTHONPATH": paths,
            "DJANGO_SETTINGS_MODULE": "tdcs.project.settings",
            "DATABASE_URL": self.url(name),
            "TDCS_HOME": str(home),
            "TDCS_PROVINCE": "dong-nai",
            "TDCS_TODAY": self.today,
            "TDCS_SECRET_KEY": "tests-only",
        }
        command = [sys.executable, str(HERE / self.child), *words]
        return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE)

    def run(self, name: str, *words: str) -> str:
        """The last line of a process that must end well."""
        with self.start(name, *words) as process:
            out = process.communicate()[0]
        assert process.returncode == 0, out
        return out.strip().splitlines()[-1] if out.strip() else ""

    def ends_as(self, name: str) -> dict[str, Any]:
        """Bytes of the snapshots, and what ledger and runs say."""
        root = self.folder / name / "snapshots"
        there = [*root.rglob("*.parquet"), *root.glob("*.json")]
        return {
            "files": {str(path.relative_to(root)): path.read_bytes() for path in there},
            "ledger": self.sql(name, _LEDGER_SQL),
            "runs": self.sql(name, _RUNS_SQL),
            "keys": self.sql(name, _KEYS_SQL),
        }


@contextmanager
def prepared(
    blocker: Any, folder: Path, child: str, today: str, laid: tuple[str, Path] | None = None
) -> Iterator[tuple[World, str]]:
    """A world and the name of its database: laid out by the child's ``prepare``, or like a database and its home."""
    with blocker.unblock():
        params = connection.get_connection_params()
        template = connection.settings_dict["NAME"]
        connections.close_all()
    names = ("host", "port", "user", "password")
    made = World({n: params[n] for n in names if params.get(n)}, folder, child, today)
    name = f"{template}_kill"
    if laid:
        made.copy(laid[0], name)
        shutil.copytree(laid[1], folder / name)
    else:
        made.copy(template, name)
        made.run(name, "prepare")
    yield made, name
    for one in (name, f"{name}_whole", f"{name}_cut"):
        made.drop(one)
