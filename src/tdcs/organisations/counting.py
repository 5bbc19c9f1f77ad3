"""Several counts in one question: what waits for a person is counted in many places at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def counts_of(*several: QuerySet[Any, Any]) -> tuple[int, ...]:
    """How many rows each has."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in several:
        try:
            named, given = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({named}) AS t)")  # noqa: S608  put together by Django
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return tuple(cursor.fetchone())
