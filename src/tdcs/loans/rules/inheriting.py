"""From which day an heir may owe what a dead member of the household owed."""

from __future__ import annotations

from datetime import date

from tdcs.core.basis import basis


@basis("BLDS-2015", "Điều 615")
def wrong_days(*, died_on: date, agreed_on: date, since: date, on: date) -> list[str]:
    """What is wrong with the days: the heir agrees after the death and owes from the agreement on, never from a day to come.

    Died on 2/3, agreed on 10/3: from 10/3 on, at the earliest.
    """
    found = []
    if agreed_on < died_on:
        found.append(f"ngày ký nhận nợ {agreed_on:%d/%m/%Y} trước ngày mất {died_on:%d/%m/%Y}")
    if since < agreed_on:
        found.append(f"ngày nhận nợ {since:%d/%m/%Y} trước ngày ký nhận nợ {agreed_on:%d/%m/%Y}")
    if since > on:
        found.append(f"ngày {since:%d/%m/%Y} chưa đến")
    return found
