"""What a report says of its credit figures: each target with its verdict, its gap and why. Knows no Django."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tdcs.documents import numbers
from tdcs.reporting.rules.figures import Figures, Row

CREDIT: Final = "TIN-DUNG"
CREDIT_TITLE: Final = "Kết quả thực hiện các chỉ tiêu tín dụng"
# How many units or programmes a sentence names.
NAMED: Final = 5
# Lists whose amounts add up to the whole, and what adds up.
PARTS: Final = {
    "programmes": "chương trình",
    "offices": "phòng giao dịch",
    "communes": "xã, phường",
}
ADDED: Final = ("outstanding", "overdue", "frozen", "disbursed_year", "collected_year")


def day_of(credit: Figures) -> date | None:
    """The closed day of the figures; None when there was none."""
    return date.fromisoformat(credit["day"]) if credit.get("day") else None


def said(value: int | None, unit: str) -> str:
    """A figure in a sentence: "9,53%", "13.219,1 tỷ đồng", "1.234"; words for what is not known."""
    if value is None:
        return "chưa đủ số liệu để tính"
    if unit == "ppm":
        return numbers.ppm(value)
    return numbers.money(value) if unit == "dong" else numbers.whole(value)


def bound_words(row: Row) -> str:
    """ "khoảng 30% (được coi là đạt từ 27%, dung sai 3,00 điểm %)", "từ 10%", "dưới 1%", "100%"."""
    bound = numbers.bound(row["target"])
    if row.get("tolerance"):
        least = numbers.bound(row["target"] - row["tolerance"])
        return f"khoảng {bound} (được coi là đạt từ {least}, dung sai {numbers.points(row['tolerance'])})"
    if not row["at_least"]:
        return f"dưới {bound}"
    return bound if row["target"] == 1_000_000 else f"từ {bound}"


def bound_short(row: Row) -> str:
    """ "khoảng 30%", "từ 10%", "dưới 1%", "100%"."""
    return bound_words(row).partition(" (")[0]


def gap_words(row: Row) -> str:
    """ "+1,52", "−3,05" in percentage points: what there is less what was promised; "" where nothing is known."""
    if row["value"] is None:
        return ""
    apart = row["value"] - row["target"]
    sign = "+" if apart > 0 else "−" if apart < 0 else ""
    return sign + numbers.points(abs(apart)).removesuffix(" điểm %")


def judged(row: Row) -> str:
    """ "Đạt", "Chưa đạt", "Chưa đánh giá được"."""
    return {True: "Đạt", False: "Chưa đạt", None: "Chưa đánh giá được"}[row["met"]]


def basis_words(basis: str) -> str:
    """ "mục II.3.a Kế hoạch số 232/KH-UBND" for "II.3.a, 232/KH-UBND"."""
    place, comma, plan = basis.partition(", ")
    if comma and "/KH" in plan and " " not in place:
        return f"mục {place} Kế hoạch số {plan}"
    return basis


def verdict(row: Row) -> str:
    """ "đạt, vượt 1,20 điểm %", "chưa đạt, thiếu 0,97 điểm %"; what keeps within "khoảng" says so."""
    if row["met"] is None:
        return f"chưa đánh giá được, vì {_unknown(row)}"
    gap, points = row["gap"], numbers.points(row["gap"])
    if row["met"]:
        if gap < 0:
            return (
                f"đạt mức khoảng {numbers.bound(row['target'])} (thấp hơn {points}, trong dung sai)"
            )
        side = "vượt" if row["at_least"] else "thấp hơn mức trần"
        return f"đạt, {side} {points}" if gap else "đạt"
    if not row["at_least"]:
        return f"chưa đạt, cao hơn mức cho phép {points}" if gap else "chưa đạt, bằng mức trần"
    return f"chưa đạt, thiếu {points}"


def _unknown(row: Row) -> str:
    """Why a target has no value, in words: nothing is not nought."""
    unsaid = not row["reason"] or row["reason"].startswith("Chưa đủ số liệu")
    if row["code"] == "access" and row["denominator"] is None and unsaid:
        return "trong năm chưa có đợt khảo sát nhu cầu vay vốn nào được tổng hợp"
    if row["denominator"] is not None and row["denominator"] <= 0:
        return {
            "access": "trong năm không ghi nhận nhu cầu đủ điều kiện nào qua khảo sát",
            "local_share_growth": "dư nợ không tăng so với 31/12 năm trước",
        }.get(row["code"], "không có mẫu số để tính")
    return _lower_first(row["reason"].rstrip(".")) or "chưa đủ số liệu để tính"


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def target_words(row: Row) -> str:
    """One target in one sentence."""
    words = f"{row['name']}: {verdict(row)}; chỉ tiêu {bound_words(row)}"
    if row["value"] is not None:
        value = said(row["value"], row["unit"])
        words = f"{row['name']}: {value}; chỉ tiêu {bound_words(row)}: {verdict(row)}"
    if row["before"] is not None:
        words += f"; cùng kỳ năm trước {said(row['before'], row['unit'])}"
    else:
        words += "; cùng kỳ năm trước chưa có số liệu"
    return f"{words} ({basis_words(row['basis'])})."


def words(credit: Figures) -> str:
    """The section that the branch edits: how many targets are kept, each of them, why; the book in short."""
    day = day_of(credit)
    if day is None:
        asked = numbers.date_short(date.fromisoformat(credit["asked_on"]))
        return (
            f"Chưa có ngày nào trong năm được khóa sổ tính đến ngày {asked}, nên báo cáo chưa có số liệu tín dụng; "
            "không suy ra rằng các số liệu bằng không."
        )
    lines = [_counted(credit, day)]
    for row in credit["targets"]:
        lines += [f"- {target_words(row)}", *(f"+ {one}" for one in _why(row, credit))]
    lines += _book(credit, day)
    return "\n".join(lines)


def _counted(credit: Figures, day: date) -> str:
    """How many targets are kept; what each of them is stands in the lines below."""
    rows = credit["targets"]
    kept = sum(row["met"] is True for row in rows)
    said_ = f"Số liệu ngày {numbers.date_short(day)}: đạt {kept}/{len(rows)} chỉ tiêu của Kế hoạch"
    if credit.get("part"):
        said_ += " (chỉ tiêu chung của tỉnh, so trên phần dư nợ của đơn vị)"
    missed = [_lower_first(row["name"]) for row in rows if row["met"] is False]
    unknown = sum(row["met"] is None for row in rows)
    said_ += f"; chưa đạt: {', '.join(missed)}" if missed else ""
    return said_ + (f"; chưa đánh giá được {unknown} chỉ tiêu." if unknown else ".")


def summary(credit: Figures) -> str:
    """The first sentence of a report: which targets were reached and by how much not; "" where no day is closed."""
    day = day_of(credit)
    if day is None:
        return ""
    rows = credit["targets"]
    kept = [row for row in rows if row["met"] is True]
    missed = [row for row in rows if row["met"] is False]
    open_rows = [row for row in rows if row["met"] is None]
    who = "đơn vị" if credit.get("part") else "toàn tỉnh"
    said_ = (
        f"Đến ngày {numbers.date_short(day)}, {who} đạt {len(kept)}/{len(rows)} chỉ tiêu tín dụng của"
        " Kế hoạch"
    )
    named = [f"{_lower_first(row['name'])} {said(row['value'], row['unit'])}" for row in kept]
    said_ += f": {', '.join(named)}" if named else ""
    if missed:
        named = [
            f"{_lower_first(row['name'])} {said(row['value'], row['unit'])}, {_short_of(row)}"
            for row in missed
        ]
        said_ += f". Chưa đạt {len(missed)} chỉ tiêu: {'; '.join(named)}"
    if open_rows:
        named = [f"{_lower_first(row['name'])}, vì {_unknown(row)}" for row in open_rows]
        said_ += f". Chưa đánh giá được {len(open_rows)} chỉ tiêu: {'; '.join(named)}"
    return f"{said_}."


def _short_of(row: Row) -> str:
    """ "thiếu 3,05 điểm % so với mức 100%", "cao hơn mức 1% cho phép 0,20 điểm %"."""
    points, bound = numbers.points(row["gap"]), numbers.bound(row["target"])
    if row["at_least"]:
        return f"thiếu {points} so với mức {bound}"
    return f"cao hơn mức {bound} cho phép {points}"


def _why(row: Row, credit: Figures) -> list[str]:
    """What the figures say of the reason; nothing that they do not say."""
    found = {
        "growth_ytd": _growth,
        "local_share_growth": _local,
        "overdue_rate": _overdue,
        "access": _access,
    }.get(row["code"])
    return found(row, credit) if found and row["value"] is not None else []


def _growth(row: Row, credit: Figures) -> list[str]:
    changes = [one for one in credit["programmes"] if one.get("growth_ytd_amount")]
    up = _most([one for one in changes if one["growth_ytd_amount"] > 0], "growth_ytd_amount")
    down = _most([one for one in changes if one["growth_ytd_amount"] < 0], "growth_ytd_amount", -1)
    moved = "tăng" if row["numerator"] >= 0 else "giảm"
    lines = [f"Dư nợ {moved} {numbers.money(abs(row['numerator']))} so với 31/12 năm trước."]
    if up:
        lines.append(f"Chương trình tăng nhiều nhất: {_amounts(up, 'growth_ytd_amount')}.")
    if down:
        lines.append(f"Chương trình giảm: {_amounts(down, 'growth_ytd_amount')}.")
    slow = [one for one in credit["offices"] if one.get("growth_ytd") is not None]
    if slow and not row["met"]:
        lines.append(f"Tăng chậm nhất: {_ratios(_most(slow, 'growth_ytd', -1), 'growth_ytd')}.")
    if not row["met"]:
        lines.append(_missing(row, "dư nợ"))
    return lines


def _local(row: Row, credit: Figures) -> list[str]:
    del credit
    local, growth = numbers.money(abs(row["numerator"])), numbers.money(row["denominator"])
    moved = "tăng" if row["numerator"] >= 0 else "giảm"
    lines = [f"Vốn ngân sách địa phương {moved} {local}, tổng dư nợ tăng {growth}."]
    if row["gap"] < 0:
        lines.append(_missing(row, "dư nợ vốn ngân sách địa phương"))
    return lines


def _missing(row: Row, what: str) -> str:
    """How much more would have made the plan's own figure, with all else as it is; rounded up to the dong."""
    need = -(-row["target"] * row["denominator"] // 1_000_000) - row["numerator"]
    return (
        f"Để bằng mức {numbers.bound(row['target'])}, {what} phải tăng thêm {numbers.money(need)}."
    )


def _overdue(row: Row, credit: Figures) -> list[str]:
    rows = [one for one in credit["communes"] or credit["programmes"] if one.get("overdue")]
    lines = [f"Nợ quá hạn {numbers.money(row['numerator'])}."]
    if rows:
        top = _most(rows, "overdue")
        part = sum(one["overdue"] for one in top)
        share = numbers.share(part, row["numerator"])
        lines.append(f"Nhiều nhất, chiếm {share}: {_amounts(top, 'overdue')}.")
    return lines


def _access(row: Row, credit: Figures) -> list[str]:
    waiting = (row["denominator"] or 0) - (row["numerator"] or 0)
    lines = [
        f"{numbers.whole(row['numerator'] or 0)}/{numbers.whole(row['denominator'] or 0)} nhu cầu đủ điều kiện "
        f"đã được vay; còn {numbers.whole(waiting)} nhu cầu chưa được vay."
    ]
    top = _most([one for one in credit["communes"] if one.get("need_waiting")], "need_waiting")
    if top:
        named = "; ".join(f"{one['name']} ({numbers.whole(one['need_waiting'])})" for one in top)
        lines.append(f"Còn nhiều nhất: {named}.")
    return lines


def _most(rows: Sequence[Row], code: str, sign: int = 1) -> list[Row]:
    return sorted(rows, key=lambda one: (-sign * one[code], one["name"]))[:NAMED]


def _amounts(rows: Sequence[Row], code: str) -> str:
    return "; ".join(f"{one['name']} ({numbers.money(abs(one[code]))})" for one in rows)


def _ratios(rows: Sequence[Row], code: str) -> str:
    return "; ".join(f"{one['name']} ({numbers.ppm(one[code])})" for one in rows)


def _book(credit: Figures, day: date) -> list[str]:
    """The size and quality of the book, lending, groups: a line each."""
    rows = {row["code"]: row for row in credit["figures"]}

    def one(code: str) -> str:
        row = rows[code]
        return f"{_lower_first(row['name'])} {said(row['value'], row['unit'])}"

    sentences = (
        ("outstanding", "outstanding_local", "local_share", "borrowers"),
        ("disbursed_year", "collected_year", "overdue", "frozen"),
        ("groups", "groups_good", "session_share"),
    )
    lines = []
    for codes in sentences:
        known = [one(code) for code in codes if code in rows and rows[code]["value"] is not None]
        if known:
            lines.append(f"- Đến ngày {numbers.date_short(day)}: {', '.join(known)}.")
    return lines


def credit_mismatches(credit: Figures) -> list[str]:
    """Each amount whose parts do not give it, as words."""
    if not credit.get("day"):
        return []
    totals = {row["code"]: row["value"] for row in credit["figures"]}
    found = []
    for name, said_ in PARTS.items():
        rows = credit[name]
        for code in ADDED if rows else ():
            parts = sum(row.get(code) or 0 for row in rows)
            if totals.get(code) is not None and parts != totals[code]:
                found.append(f"tín dụng theo {said_}, “{code}”: {parts} ≠ {totals[code]}")
    return found
