"""Related models are left alone while an empty database gets its tables, and rendered as Django does in any other."""

from __future__ import annotations

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from tdcs.cli.setup import migrate_schema


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("applied", "alone"), [({}, True), ({("loans", "0001_initial"): 1}, False)]
)
def test_only_an_empty_database_is_laid_out_the_short_way(
    applied: dict[tuple[str, str], int], alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ProjectState._find_reload_model
    found: list[bool] = []

    def command(name: str, **_: object) -> None:
        assert name == "migrate"
        found.append(ProjectState._find_reload_model is not plain)

    monkeypatch.setattr("django.core.management.call_command", command)
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _self: applied)
    migrate_schema()
    assert found == [alone]
    assert ProjectState._find_reload_model is plain
