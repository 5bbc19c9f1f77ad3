"""Why a loan's figures are what they are: the formula, what went into it, and the dated text behind each part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from tdcs.core.basis import bases_of
from tdcs.core.columns import day_number
from tdcs.core.dated import Value
from tdcs.core.errors import NoParametersOnDay
from tdcs.documents.numbers import whole
from tdcs.loans.models import Loan
from tdcs.loans.queries.loan_timeline import LoanTimeline
from tdcs.loans.rules import balance, limits, running, schedule, sessions, timeline
from tdcs.loans.rules.accrual import accrue
from tdcs.programmes.rules import cite_basis, programmes, terms_on
from tdcs.programmes.rules.shared import shared
from tdcs.programmes.rules.showing import LABELS, FigureRow, figure_row, percent, shared_label

_EXTENSION: Final = ("extension_short_months", "extension_long_percent")
_FREEZE: Final = ("freeze_months_below_80", "freeze_months_from_80", "freeze_least_loss_percent")
_MISSED: Final = "missed_instalment_overdue"


class DatedFigure(FigureRow):
    """A value of the law with its first day."""

    starts_on: date


@dataclass(frozen=True, slots=True)
class Why:
    """``inputs``: (label, amount in dong or words); ``bases``: dated values as programmes show them, with ``starts_on``;
    ``rules``: the rules that made the figure, whose basis stands above them."""

    formula: str
    inputs: tuple[tuple[str, int | str], ...]
    bases: tuple[DatedFigure, ...]
    rules: tuple[Callable[..., object], ...] = ()

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The inputs in words."""
        return [
            (label, f"{whole(value)} đồng" if isinstance(value, int) else str(value))
            for label, value in self.inputs
        ]

    @property
    def of_law(self) -> str:
        """The dated values and the rules, as a key of what is said of them."""
        return repr((self.bases, [f"{rule.__module__}.{rule.__qualname__}" for rule in self.rules]))

    @property
    def by_rules(self) -> list[str]:
        """The articles behind the rules, each once: "Điều 5, 14/2017/TT-NHNN"."""
        cited = (cite_basis(basis) for rule in self.rules for basis in bases_of(rule))
        return list(dict.fromkeys(cited))


def explain(story: LoanTimeline) -> dict[str, Why]:
    """A reason for every figure of the page, by the figure's name."""
    return {**_of_principal(story), **_of_interest(story), **_of_contract(story)}


def _of_principal(story: LoanTimeline) -> dict[str, Why]:
    loan, now = story.loan, story.now
    missed = _shared((_MISSED,), loan.disbursed_on)
    parts = (
        (_("Đã giải ngân"), now.lent),
        (_("Gốc đã trả"), now.paid),
        (_("Gốc đã xóa"), now.written_off),
    )
    of_time = ((_("Dư nợ"), now.balance), (_("Quá hạn"), now.overdue), (_("Khoanh"), now.frozen))
    return {
        "balance": Why(_("Dư nợ = đã giải ngân − gốc đã trả − gốc đã xóa"), parts, ()),
        "in_time": Why(_("Trong hạn = dư nợ − quá hạn − khoanh"), of_time, missed),
        "overdue": Why(
            _overdue_formula(loan),
            _overdue_inputs(story),
            missed,
            (balance.judged, sessions.held_on),
        ),
        "frozen": Why(
            _("Khi khoanh nợ, toàn bộ dư nợ được khoanh, không tính lãi, không quá hạn"),
            ((_("Dư nợ"), now.balance),),
            _shared(_FREEZE, story.on),
            (timeline.freezes,),
        ),
    }


def _of_interest(story: LoanTimeline) -> dict[str, Why]:
    loan, now, on = story.loan, story.now, story.on
    bases = (*_figures(loan, ("rate",)), *_shared(("overdue_percent", "day_basis"), on))
    return {
        "accrued": Why(
            _interest_formula(story),
            (
                (_("Lãi suất hiện hành"), percent(now.rate_ppm)),
                (_("Lãi suất nợ quá hạn"), _overdue_rate(story)),
            ),
            bases,
            (accrue,),
        ),
        "due": Why(
            _(
                "Lãi phải thu = lãi dồn tích đến hết ngày − lãi đã thu; trong ngày chỉ thu được đến lãi của ngày hôm trước"
            ),
            (
                (_("Lãi dồn tích"), now.accrued),
                (_("Lãi đã thu"), now.collected),
                (_("Thu được trong ngày"), story.may_collect),
            ),
            bases,
            (timeline.payment_refusals,),
        ),
    }


def _of_contract(story: LoanTimeline) -> dict[str, Why]:
    loan = story.loan
    term = _("%(n)d tháng") % {"n": loan.term_months}
    return {
        "final": Why(
            _final_formula(story),
            (
                (_("Ngày giải ngân"), f"{loan.disbursed_on:%d/%m/%Y}"),
                (_("Thời hạn hợp đồng"), term),
            ),
            (*_figures(loan, ("term",)), *_shared(_EXTENSION, story.on)),
            (limits.extension_of,),
        ),
        "rate": Why(
            _(
                "Lãi suất của chương trình vào ngày giải ngân, ghi trong hợp đồng; quyết định đổi lãi suất của khoản đang "
                "vay thì theo quyết định từ ngày có hiệu lực"
            ),
            (
                (_("Lãi suất hợp đồng"), percent(loan.rate_ppm)),
                (_("Lãi suất hiện hành"), percent(story.now.rate_ppm)),
            ),
            _figures(loan, ("rate",)),
            (running.reached,),
        ),
        "principal": Why(
            _("Số tiền theo hợp đồng, không quá mức vay tối đa của chương trình"),
            ((_("Hợp đồng"), loan.principal),),
            _figures(loan, ("maximum", "monthly")),
        ),
        "session": Why(
            _(
                "Ngày giao dịch xã gần nhất không sau ngày đến hạn; qua ngày đó mà chưa trả thì kỳ hạn bị bỏ lỡ"
            ),
            ((_("Ngày giao dịch hằng tháng"), str(loan.session_day or "–")),),
            _shared((_MISSED,), loan.disbursed_on),
            (schedule.with_trigger, sessions.held_on),
        ),
    }


def law_unchanged(loan: Loan) -> bool | None:
    """Whether the law's file still says what it said when the loan was made; None where it says nothing of that day."""
    try:
        terms = terms_on(loan.programme, loan.disbursed_on, loan.target_group)
    except NoParametersOnDay:
        return None
    return terms.law_hash == loan.law_hash


def _overdue_formula(loan: Loan) -> str:
    if loan.by_instalment:
        return _(
            "Quá hạn = gốc các kỳ đã qua ngày giao dịch xã − gốc đã trả, không quá dư nợ; bằng 0 khi đang khoanh nợ"
        )
    return _(
        "Kỳ lỡ hạn dồn vào kỳ sau; toàn bộ dư nợ quá hạn từ ngày sau ngày giao dịch xã của hạn cuối; "
        "bằng 0 khi đang khoanh nợ"
    )


def _overdue_inputs(story: LoanTimeline) -> tuple[tuple[str, int | str], ...]:
    now = story.now
    gone = [part for part in story.parts if part.session_on < story.on]
    since = f"{now.overdue_since:%d/%m/%Y}" if now.overdue_since else "–"
    return (
        (_("Gốc các kỳ đã qua"), sum(part.principal for part in gone)),
        (_("Gốc đã trả, đã xóa"), now.paid + now.written_off),
        (_("Quá hạn từ ngày"), since),
    )


def _interest_formula(story: LoanTimeline) -> str:
    """With the percent and the days of the year that the law has for the loan."""
    now, words = story.now, {}
    words["days"] = str(limits.figure("day_basis", day_number(story.loan.disbursed_on)))
    words["percent"] = f"{now.overdue_percent}%"
    if now.overdue_base_ppm == now.rate_ppm:
        return (
            _(
                "Lãi một ngày = (trong hạn + %(percent)s × quá hạn) × lãi suất năm ÷ %(days)s; ngày giải ngân có tính, "
                "phần gốc trả ngày nào thì ngày đó thôi tính; cộng tất cả rồi làm tròn một lần đến đồng"
            )
            % words
        )
    words["percent"] = _overdue_rate(story)
    return (
        _(
            "Lãi một ngày = (trong hạn × lãi suất năm + quá hạn × %(percent)s) ÷ %(days)s; ngày giải ngân có tính, "
            "phần gốc trả ngày nào thì ngày đó thôi tính; cộng tất cả rồi làm tròn một lần đến đồng"
        )
        % words
    )


def _overdue_rate(story: LoanTimeline) -> str:
    return percent(story.now.overdue_base_ppm * story.now.overdue_percent // 100)


def _final_formula(story: LoanTimeline) -> str:
    """With the months by which the law of the day lets this loan be extended."""
    months = limits.extension_months_of(story.loan.term_months, story.on)
    return _("Hạn cuối = ngày giải ngân + thời hạn; gia hạn thêm không quá %(n)d tháng") % {
        "n": months
    }


def _figures(loan: Loan, names: Iterable[str]) -> tuple[DatedFigure, ...]:
    """The programme's figures on the day of the loan."""
    try:
        values = dict(terms_on(loan.programme, loan.disbursed_on, loan.target_group).values)
    except NoParametersOnDay:
        return ()
    group = programmes()[loan.programme].groups.get(loan.target_group, ("",))[0]
    return tuple(_row(LABELS[name], values[name], group) for name in names if name in values)


def _shared(names: Iterable[str], on: date) -> tuple[DatedFigure, ...]:
    found = ((name, shared(name).find(on)) for name in names)
    rows = [(name, _row(shared_label(name), value)) for name, value in found if value is not None]
    return tuple(_in_words(row) if name == _MISSED else row for name, row in rows)


def _in_words(row: DatedFigure) -> DatedFigure:
    """A yes or no that the law's file keeps as 1 or 0."""
    said = _("chuyển quá hạn ngày hôm sau") if row["value"] else _("dồn vào kỳ sau")
    return {**row, "label": _("Kỳ không trả đúng hạn"), "words": said}


def _row(label: str, value: Value, group: str = "") -> DatedFigure:
    return {**figure_row(label, group, value), "starts_on": value.starts_on}
