"""What is wrong with a draft, each fault under a name of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: ``code`` for machines, ``where`` it stands, a clause in both languages."""

    code: str
    where: str
    vi: str
    en: str


def unknown_key(where: str, key: str) -> Fault:
    """A key that no draft has."""
    vi, en = f"{where}: không có mục “{key}”", f"{where}: there is no key “{key}”"
    return Fault("unknown_key", where, vi, en)


def missing(where: str, key: str) -> Fault:
    """A key that every draft has."""
    return Fault("missing", where, f"{where}: thiếu “{key}”", f"{where}: “{key}” is missing")


def no_basis(where: str) -> Fault:
    """A value without the text that would set it."""
    vi = f"{where}: không nêu căn cứ (basis)"
    return Fault("no_basis", where, vi, f"{where}: no basis is given")


def unknown_value(where: str) -> Fault:
    """A name that the law does not know."""
    vi = f"{where}: trong luật không có giá trị này"
    return Fault("unknown_value", where, vi, f"{where}: the law has no such value")


def not_tried(where: str) -> Fault:
    """A value of the law that moves no figure of a comparison."""
    vi = f"{where}: giá trị này không làm đổi số nào của phép so sánh"
    return Fault("not_tried", where, vi, f"{where}: no figure of the comparison depends on this")


def not_in_force(where: str, day: object) -> Fault:
    """A day on which the law sets no such value."""
    vi = f"{where}: luật không đặt giá trị này vào ngày {day}"
    return Fault("not_in_force", where, vi, f"{where}: the law sets no such value on {day}")


def ended(where: str, end: object, day: object) -> Fault:
    """A value that no longer holds when all of the draft does: another takes its place by then."""
    vi = f"{where}: chỉ có hiệu lực đến trước {end}, mà so sánh theo luật ngày {day}"
    en = f"{where}: it holds to before {end} only, and the law of {day} is compared"
    return Fault("ended", where, vi, en)


def wrong_kind(where: str, wanted: str, wanted_en: str = "") -> Fault:
    """A value of another kind than the law's; ``wanted_en`` only where the words differ."""
    vi = f"{where}: phải ghi bằng {wanted}"
    return Fault("wrong_kind", where, vi, f"{where}: write it as {wanted_en or wanted}")


def wrong_unit(where: str, found: object, unit: str) -> Fault:
    """A unit other than the law's."""
    vi = f"{where}: đơn vị “{found}” không phải “{unit}”"
    return Fault("wrong_unit", where, vi, f"{where}: the unit is “{unit}”, not “{found}”")


def impossible(where: str, found: object, least: int, most: int) -> Fault:
    """A figure out of what can be."""
    vi = f"{where}: {found} không nằm trong khoảng {least} đến {most}"
    return Fault("impossible", where, vi, f"{where}: {found} is not between {least} and {most}")


def wrong_days(where: str) -> Fault:
    """Days that are no period."""
    vi = f"{where}: “from”, “to” phải là ngày, “to” sau “from”"
    return Fault("wrong_days", where, vi, f"{where}: “from” and “to” are days, “to” after “from”")


def twice(where: str) -> Fault:
    """The same value set twice from one day."""
    vi = f"{where}: đặt hai lần"
    return Fault("twice", where, vi, f"{where}: set twice")


def unknown_kind(where: str, kind: object) -> Fault:
    """A kind of eligibility that the law does not have."""
    vi = f"{where}: không có diện thụ hưởng “{kind}”"
    return Fault("unknown_kind", where, vi, f"{where}: there is no kind of eligibility “{kind}”")


def contradicts(where: str, words: str) -> Fault:
    """The law as drafted contradicts itself, as the law's own check says."""
    return Fault("contradicts", where, f"{where}: {words}", f"{where}: {words}")
