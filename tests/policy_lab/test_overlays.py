"""A draft as it is typed: what is refused, all faults at once, and what the law is with the draft in it."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from policy_world import draft

from tdcs.core import law
from tdcs.policy_lab.errors import OverlayFaulty, OverlayNotRead, OverlayTooLarge
from tdcs.policy_lab.rules.overlay import DRAFT, laid_over
from tdcs.policy_lab.rules.reading import MOST_BYTES, read
from tdcs.programmes.rules import programmes, terms_on

DAY = date(2026, 11, 20)


def codes(text: bytes) -> list[tuple[str, str]]:
    """(code, where) of what the draft is refused for."""
    with pytest.raises(OverlayFaulty) as refused:
        laid_over(read(text), DAY)
    told = refused.value.as_json()
    for fault in refused.value.faults:
        assert fault.vi in told["message"]
        assert fault.en in told["message_en"]
    return [(fault.code, fault.where) for fault in refused.value.faults]


def test_a_draft_is_the_law_inside_the_block_alone() -> None:
    laid = laid_over(read(draft("figure: HN.rate, from: 2027-01-01, ppm: 52400, reach: both")), DAY)
    day, before = date(2027, 1, 1), date(2026, 12, 31)
    elsewhere: list[int] = []

    def asked() -> None:
        elsewhere.append(terms_on("HN", day).rate_ppm)

    with law.tried(laid.files):
        assert terms_on("HN", day).rate_ppm == 52_400
        assert terms_on("HN", before).rate_ppm == 62_400
        assert terms_on("HCN", day).rate_ppm == 52_400 * 120 // 100
        assert dict(terms_on("HN", day).values)["rate"].document == DRAFT
        thread = threading.Thread(target=asked)
        thread.start()
        thread.join()
    assert elsewhere == [62_400], "another request stays under the law in force"
    assert terms_on("HN", day).rate_ppm == 62_400
    assert laid.before["HN.rate"].amount == 62_400
    assert "2553" in laid.before["HN.rate"].basis


def test_a_draft_that_ends_gives_back_what_was() -> None:
    text = draft("figure: HN.rate, from: 2027-01-01, to: 2028-01-01, ppm: 52400, reach: both")
    with law.tried(laid_over(read(text), DAY).files):
        rates = [terms_on("HN", date(year, 12, 31)).rate_ppm for year in (2026, 2027, 2028)]
    assert rates == [62_400, 52_400, 62_400]


def test_a_line_keeps_its_other_values() -> None:
    text = draft("figure: lines.national.rural.poor, from: 2026-06-01, value: 1700000")
    lines = laid_over(read(text), DAY).files["parameters/poverty_lines.yaml"]["lines"]
    told = [
        (line["starts_on"].isoformat(), line["rural"]["poor"], line["urban"]["poor"])
        for line in lines
        if line["standard"] == "national"
    ]
    assert told == [
        ("2022-01-01", 1_500_000, 2_000_000),
        ("2026-01-01", 1_500_000, 2_000_000),
        ("2026-06-01", 1_700_000, 2_000_000),
        ("2027-01-01", 2_200_000, 2_800_000),
    ]


def test_every_fault_is_named_at_once() -> None:
    text = """
name: Dự thảo
basis: Tờ trình
when: 2027-01-01
changes:
- {figure: HN.rat, from: 2027-01-01, ppm: 1, basis: a}
- {figure: HN.rate, from: 2027-01-01, ppm: -1, basis: a}
- {figure: HCN.maximum, from: 2027-01-01, months: 12, basis: a}
- {figure: GQVL.maximum, from: 2027-01-01, value: 1.5, basis: a}
- {figure: NSVSMT.maximum, from: 2027-01-01, value: 30000000}
- {figure: HMTN.term, from: 2027-01-01, months: 60, colour: red, basis: a}
- {from: 2027-01-01, value: 1, basis: a}
""".encode()
    with pytest.raises(OverlayFaulty) as refused:
        read(text)
    told = [(fault.code, fault.where) for fault in refused.value.faults]
    assert told == [
        ("unknown_key", "overlay"),
        ("wrong_kind", "GQVL.maximum"),
        ("no_basis", "NSVSMT.maximum"),
        ("unknown_key", "HMTN.term"),
        ("missing", "changes[7]"),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("figure: HN.rat, ppm: 1", "unknown_value"),
        ("figure: approval_working_days, value: 1", "not_tried"),
        ("figure: STEM.rate, from: 2020-01-01, ppm: 1000", "not_in_force"),
        ("figure: HN.rate, ppm: -1", "impossible"),
        ("figure: HN.rate, ppm: 400001", "impossible"),
        ("figure: HN.maximum, value: 0", "impossible"),
        ("figure: HN.rate, value: 5", "wrong_kind"),
        ("figure: HN.maximum, ppm: 5", "wrong_kind"),
        ("figure: HN.kinds, value: 5", "wrong_kind"),
        ("figure: HN.kinds, kinds: []", "wrong_kind"),
        ("figure: HN.kinds, kinds: [rich]", "unknown_kind"),
        ("figure: HN.maximum, value: 5000000, unit: USD", "wrong_unit"),
        ("figure: HN.maximum, value: 5000000, reach: both", "unknown_key"),
        ("figure: HN.rate, ppm: 52400, reach: all", "wrong_kind"),
        ("figure: GQVL.rate, from: 2027-01-01, multiple: 1001", "impossible"),
        ("figure: missed_instalment_overdue, value: 2", "impossible"),
        ("figure: lines.national.rural.poor, value: 2250001", "contradicts"),
        ("figure: lines.national.deprivations, value: 13", "impossible"),
    ],
)
def test_what_cannot_be_is_refused_by_name(change: str, code: str) -> None:
    assert [found for found, _ in codes(draft(change))] == [code]


def test_a_multiple_that_does_not_come_out_whole_is_the_laws_own_fault() -> None:
    """127% of 62,401 is no whole number of parts per million: the law's own check says so."""
    found = codes(draft("figure: HN.rate, from: 2027-01-01, ppm: 62401, reach: both"))
    assert {code for code, _ in found} == {"contradicts"}


def test_the_edge_of_what_can_be_is_allowed() -> None:
    for change in (
        "figure: HN.maximum, value: 1",
        "figure: NSVSMT.rate, ppm: 0",
        "figure: NSVSMT.rate, ppm: 400000",
        "figure: lines.national.rural.poor, value: 2250000",
    ):
        assert laid_over(read(draft(change)), DAY).files


@pytest.mark.parametrize(
    "text",
    [
        b"a: &x [1, 2]\nb: *x\n",
        b"a: &a [x]\n",
        b"[" * 20 + b"]" * 20,
        b"a: [" + b"1," * 6000 + b"]",
        b"name: x\nname: y\n",
        b"name: [unclosed",
        b"- just\n- a list\n",
        b"\xff\xfe\x00",
        b"a: !!python/object/apply:os.system [ls]\n",
        b"from: 2027-13-45\n",
        b"a: 1\n---\nb: 2\n",
        b"",
    ],
)
def test_what_is_no_plain_yaml_is_not_read(text: bytes) -> None:
    with pytest.raises(OverlayNotRead) as refused:
        read(text)
    assert refused.value.sentence("vi") != refused.value.sentence("en")


def test_a_large_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(OverlayTooLarge):
        read(b"#" * (MOST_BYTES + 1))
    with pytest.raises(OverlayNotRead):
        read(b"#" * MOST_BYTES)


def test_a_value_that_another_follows_by_then_is_named() -> None:
    """The line of 2026 ends with the year; a draft of it compared by the law of 2027 would say nothing."""
    line = "figure: lines.national.rural.poor, from: 2026-06-01, value: 1700000"
    later = "figure: HN.maximum, from: 2027-01-01, value: 150000000"
    assert codes(draft(line, later)) == [("ended", "lines.national.rural.poor")]
    eve = "figure: HN.maximum, from: 2026-12-31, value: 150000000"
    assert laid_over(read(draft(line, eve)), DAY).files
    beyond = "figure: lines.national.rural.poor, from: 2026-06-01, to: 2027-01-02, value: 1700000"
    assert codes(draft(beyond)) == [("wrong_days", "lines.national.rural.poor")]


def test_steps_of_one_value_follow_one_another() -> None:
    text = draft(
        "figure: HN.maximum, from: 2027-01-01, value: 150000000",
        "figure: HN.maximum, from: 2028-01-01, value: 200000000",
    )
    with law.tried(laid_over(read(text), DAY).files):
        told = [terms_on("HN", date(year, 6, 1)).maximum for year in (2026, 2027, 2028)]
    assert told == [100_000_000, 150_000_000, 200_000_000]


@pytest.mark.parametrize(
    "days",
    [
        "from: 2027-01-01, to: 2027-01-01",
        "to: 2027-01-01",
        "from: soon",
        "from: 2027-01-01T00:00:00",
    ],
)
def test_days_that_are_no_period(days: str) -> None:
    assert codes(draft(f"figure: HN.rate, {days}, ppm: 52400")) == [("wrong_days", "HN.rate")]


def test_one_value_is_set_once_a_day() -> None:
    twice = draft("figure: HN.rate, ppm: 52400", "figure: HN.rate, ppm: 52800")
    assert codes(twice) == [("twice", "HN.rate")]


def test_the_law_in_force_is_never_touched() -> None:
    before = programmes()["HN"].figures["rate"].values
    laid_over(read(draft("figure: HN.rate, ppm: 52400, reach: both")), DAY)
    assert programmes()["HN"].figures["rate"].values is before
