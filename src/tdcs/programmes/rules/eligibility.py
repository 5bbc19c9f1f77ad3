"""Who may borrow under a programme on a day, with the reason when not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, TypedDict

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.core.engine import few, nw
from tdcs.core.errors import NoParametersOnDay
from tdcs.core.frames import Frame, rows_of
from tdcs.programmes.rules.lawbook import cite
from tdcs.programmes.rules.terms import programme, programmes, terms_on

# code → what is said; {kinds} and {name} are filled by programme
REASONS: Final = {
    "": "",
    "unknown_programme": "không có chương trình này",
    "not_in_force": "chương trình không cho vay vào ngày này",
    "wrong_kind": "hộ không thuộc diện: {kinds}",
    "also_missing": "hộ thiếu điều kiện: {also}",
    "excluded_kind": "hộ thuộc diện đã có chương trình riêng: {not_kinds}",
    "other_debt": "hộ đang còn nợ chương trình cho vay sản xuất khác: {not_debts}",
}


class Judged(TypedDict):
    """How a case is judged: ``code`` is a key of REASONS, ``reason`` "" when eligible."""

    programme: str
    eligible: bool
    code: str
    reason: str
    basis: str


@basis("ND-78-2002")
def eligible(
    cases: Frame,
    spells: Frame,
    debts: Frame | None = None,
) -> Frame:
    """Judge many cases at once.

    cases: case (a key, once each), programme, on (Date); spells: case, kind, starts_on, ends_on (Date, null: open);
    debts: case, owed (a programme that the household owes on that day), where the caller knows them.
    Out: cases with eligible (Boolean), code (a key of REASONS), reason (Vietnamese, "" when eligible), basis.
    """
    col = nw.col
    held = cases.join(spells, on="case", how="left").with_columns(
        holds=(
            (col("starts_on") <= col("on"))
            & (col("ends_on").is_null() | (col("ends_on") > col("on")))
        ).fill_null(False)
    )
    doors = _doors(held)
    met = held.join(doors, on=["programme", "kind"], how="left")

    def any_of(role: str) -> nw.Expr:
        return ((col("role") == role).fill_null(False) & col("holds")).max()

    met = met.group_by("case", "programme").agg(
        opens=any_of("opens"), also=any_of("also"), closes=any_of("closes")
    )
    out = (
        cases.join(met, on=["case", "programme"], how="left")
        .join(_facts(cases), on=["programme", "on"], how="left")
        .join(_owing(cases, debts), on="case", how="left")
    )
    code = (
        nw.when(~col("known"))
        .then(nw.lit("unknown_programme"))
        .otherwise(
            nw.when(~col("in_force"))
            .then(nw.lit("not_in_force"))
            .otherwise(
                nw.when(col("closes"))
                .then(nw.lit("excluded_kind"))
                .otherwise(
                    nw.when(~col("opens"))
                    .then(nw.lit("wrong_kind"))
                    .otherwise(
                        nw.when(col("wants_also") & ~col("also"))
                        .then(nw.lit("also_missing"))
                        .otherwise(
                            nw.when(col("owing").fill_null(False))
                            .then(nw.lit("other_debt"))
                            .otherwise(nw.lit(""))
                        )
                    )
                )
            )
        )
    )
    out = out.with_columns(code=code).with_columns(eligible=col("code") == "")
    words = _words(sorted(set(out["programme"].to_list())))
    out = out.join(words, on=["programme", "code"], how="left")
    return out.select(*cases.columns, "eligible", "code", "reason", "basis")


@basis("ND-78-2002")
def eligible_household(
    code: str,
    on: date,
    spells: Iterable[tuple[str, date, date | None, str]],
    debts: Iterable[str] = (),
) -> tuple[bool, str, str]:
    """One household: (eligible, reason, basis); spells: kind, starts_on, ends_on, standard; debts: programmes owed."""
    row = judge_household(code, on, spells, debts)
    return row["eligible"], row["reason"], row["basis"]


@basis("ND-78-2002")
def judge_household(
    code: str,
    on: date,
    spells: Iterable[tuple[str, date, date | None, str]],
    debts: Iterable[str] = (),
) -> Judged:
    """One household as ``eligible`` judges it: eligible, code, reason, basis."""
    return judge_under([code], on, spells, debts)[code]


@basis("ND-78-2002")
def judge_under(
    codes: Sequence[str],
    on: date,
    spells: Iterable[tuple[str, date, date | None, str]],
    debts: Iterable[str] = (),
) -> dict[str, Judged]:
    """One household under each of some programmes, in their order; ``spells`` and ``debts`` as for ``eligible_household``."""
    held = [(at, *spell) for spell in spells for at in range(len(codes))]
    owed = [(at, debt) for debt in debts for at in range(len(codes))]
    # A household's cases are few: as lists they take a sixteenth of the time.
    with few():
        cases = nw.DataFrame.from_dict(
            {"case": list(range(len(codes))), "programme": list(codes), "on": [on] * len(codes)},
            {"case": nw.Int64(), "programme": nw.String(), "on": nw.Date()},
            backend="polars",
        )
        frame = nw.DataFrame.from_dict(
            {
                "case": [row[0] for row in held],
                "kind": [row[1] for row in held],
                "starts_on": [row[2] for row in held],
                "ends_on": [row[3] for row in held],
            },
            {"case": nw.Int64(), "kind": nw.String(), "starts_on": nw.Date(), "ends_on": nw.Date()},
            backend="polars",
        )
        owes = nw.DataFrame.from_dict(
            {"case": [row[0] for row in owed], "owed": [row[1] for row in owed]},
            {"case": nw.Int64(), "owed": nw.String()},
            backend="polars",
        )
        found = {row["programme"]: row for row in rows_of(eligible(cases, frame, owes), Judged)}
    return {code: found[code] for code in codes}


def _owing(cases: Frame, debts: Frame | None) -> Frame:
    """case, owing: the cases whose household owes a programme that shuts theirs out."""
    backend = nw.get_native_namespace(cases)
    pairs = [(code, owed) for code, one in programmes().items() for owed in sorted(one.not_debts)]
    data = {"programme": [pair[0] for pair in pairs], "owed": [pair[1] for pair in pairs]}
    shut = nw.DataFrame.from_dict(
        data, {"programme": nw.String(), "owed": nw.String()}, backend=backend
    )
    if debts is None:
        return cases.head(0).select("case").with_columns(owing=nw.lit(True))
    found = cases.select("case", "programme").join(debts, on="case", how="inner")
    found = found.join(shut, on=["programme", "owed"], how="inner")
    return found.select("case").unique().with_columns(owing=nw.lit(True))


def _doors(held: Frame) -> Frame:
    """programme, kind, role: which kinds open or close the door."""
    rows = [
        (code, kind, role)
        for code, one in programmes().items()
        for role, kinds in (("opens", one.kinds), ("also", one.also), ("closes", one.not_kinds))
        for kind in kinds
    ]
    data = {
        name: [row[at] for row in rows] for at, name in enumerate(("programme", "kind", "role"))
    }
    schema = {"programme": nw.String(), "kind": nw.String(), "role": nw.String()}
    return nw.DataFrame.from_dict(data, schema, backend=nw.get_native_namespace(held))


def _facts(cases: Frame) -> Frame:
    """programme, on, known, in_force, wants_also, basis."""
    pairs = cases.select("programme", "on").unique().rows()
    data: dict[str, list[object]] = {
        "programme": [],
        "on": [],
        "known": [],
        "in_force": [],
        "wants_also": [],
        "basis": [],
    }
    for code, on in pairs:
        known = code in programmes()
        values = (
            code,
            on,
            known,
            known and _in_force(code, on),
            known and bool(programme(code).also),
            _basis(code, on),
        )
        for name, value in zip(data, values, strict=True):
            data[name].append(value)
    schema = {
        "programme": nw.String(),
        "on": nw.Date(),
        "known": nw.Boolean(),
        "in_force": nw.Boolean(),
        "wants_also": nw.Boolean(),
        "basis": nw.String(),
    }
    return nw.DataFrame.from_dict(data, schema, backend=nw.get_native_namespace(cases))


def _basis(code: str, on: date) -> str:
    """The text that makes the programme's rate on the day; before it or after its end, the nearest."""
    one = programmes().get(code)
    if one is None:
        return "law/parameters/programmes.yaml"
    rate = one.figures["rate"]
    nearest = rate.values[0] if on < rate.values[0].starts_on else rate.values[-1]
    return cite(rate.find(on) or nearest)


def _in_force(code: str, on: date) -> bool:
    try:
        terms_on(code, on)
    except NoParametersOnDay:
        return False
    return True


def _words(codes: list[str]) -> Frame:
    """programme, code, reason."""
    names = {
        kind: row["name"].lower()
        for kind, row in law.load("parameters/eligibility.yaml")["kinds"].items()
    }
    rows = []
    for code in codes:
        one = programmes().get(code)

        def named(kinds: Iterable[str]) -> str:
            return "; ".join(names.get(kind, kind) for kind in kinds)

        for reason, words in REASONS.items():
            said = words.format(
                kinds=named(one.kinds) if one else "",
                also=named(one.also) if one else "",
                not_kinds=named(one.not_kinds) if one else "",
                not_debts=", ".join(one.not_debts) if one else "",
            )
            rows.append((code, reason, said))
    columns = ("programme", "code", "reason")
    data = {name: [row[at] for row in rows] for at, name in enumerate(columns)}
    return nw.DataFrame.from_dict(data, dict.fromkeys(columns, nw.String()), backend="polars")
