"""A rate set as percent of the poor-household rate is a whole number of parts per million, or the check says so."""

from __future__ import annotations

from copy import deepcopy

from tdcs.programmes.rules.lawbook import findings, read_book


def test_a_multiple_that_does_not_come_out_whole_is_found() -> None:
    book = deepcopy(read_book())
    book["programmes"]["HN"]["rate"][-1]["ppm"] = 66050  # 127%: 83,883.5
    told = [(one.where, one.words) for one in findings(book) if one.kind == "not_whole"]
    assert ("GQVL rate 2026-01-01", "127% của 66050 phần triệu không tròn số") in told
    assert not [where for where, _ in told if where.startswith("HCN")]  # 120%: 79,260


def test_only_the_base_of_the_same_days_counts() -> None:
    book = deepcopy(read_book())
    book["programmes"]["HN"]["rate"][0]["ppm"] = 78050  # until 2014: 125% of it was never lent
    told = [one.where for one in findings(book) if one.kind == "not_whole"]
    assert told == []
