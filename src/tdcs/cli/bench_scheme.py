"""`tdcs bench scheme`: a scheme's document from invented figures of a whole province, and from this installation's book."""

from __future__ import annotations

import time
from datetime import date
from typing import Any, Final

import click

from tdcs.scheme.rules.figures import (
    CommuneFigures,
    Content,
    ProgrammeFigures,
    ResultFigures,
    YearFigures,
)
from tdcs.scheme.rules.sections import SECTIONS

# Requirement: seconds for the document.
DOCUMENT_S: Final = 5.0
_COMMUNES: Final = 95
_PROGRAMMES: Final = 20
_YEARS: Final = 5
_RESULTS: Final = 19
_BILLION: Final = 10**9


@click.command("scheme")
@click.option("--communes", default=_COMMUNES, show_default=True)
@click.option("--book", is_flag=True, help="Also the figures of this installation's own book.")
def scheme(communes: int, book: bool) -> None:
    """Tables, charts and annexes of a scheme as .docx, every figure changed since the version before; best of three."""
    from tdcs.cli import setup
    from tdcs.documents.official import to_docx

    setup.django()
    best, size = min(_timed(communes, to_docx) for _ in range(3))
    found: dict[str, Any] = {
        "communes": communes,
        "docx_s": round(best, 2),
        "docx_kB": round(size / 1024),
        "bound_s": DOCUMENT_S,
    }
    if book:
        found |= _own()
    for name, value in found.items():
        click.echo(f"{name:20} {value}")


def _timed(communes: int, render: Any) -> tuple[float, int]:
    from tdcs.plans.composing.framing import Letterhead, Signing
    from tdcs.scheme.composing.document import Beside, composed
    from tdcs.scheme.rules.changes import changes

    before, now = invented(communes, 1), invented(communes, 2)
    head = Letterhead(
        "Chi nhánh tỉnh", "Ngân hàng Chính sách xã hội", "NHCS", "Tỉnh", (), "Giám đốc"
    )
    begun = time.perf_counter()
    beside = Beside("bản số 1", changes(before["figures"], now["figures"]))
    made = render(composed(head, Signing(year=2026), now, beside, "Ủy ban nhân dân tỉnh"))
    return time.perf_counter() - begun, len(made)


def invented(communes: int, step: int) -> Content:
    """The content of a scheme of so many communes; another ``step``, other figures."""
    days = [*(date(year, 12, 31).isoformat() for year in range(2021, 2026)), "2026-10-31"]
    words = "Lời văn của đề án do người viết, dài vài dòng để đoạn có hình dạng của nó. " * 6
    needed = [one.path for one in SECTIONS if one.needed]
    return Content(
        name="Đầu tư tín dụng bằng nguồn vốn ngân sách địa phương giai đoạn 2026 - 2030",
        figures={
            "base": days[-1],
            "first": 2026,
            "last": 2026 + _YEARS - 1,
            "scenario": {
                "key": "plan",
                "name": "Theo kế hoạch",
                "basis": "Kế hoạch",
                "assumed": {},
            },
            "commune_share": 30_000,
            "commune_share_given": False,
            "average_growth": 100_000,
            "days": days,
            "results": [_result(at, days, step) for at in range(_RESULTS)],
            "years": [_year(at, step) for at in range(_YEARS)],
            "programmes": [_programme(at, step) for at in range(_PROGRAMMES)],
            "communes": [_commune(at, step) for at in range(communes)],
            "duties": [
                {"unit": f"Sở số {at}", "count": 1, "leads": ["II.3.a"], "helps": ["II.1.a"]}
                for at in range(_PROGRAMMES)
            ],
        },
        texts={path: "\n".join([words] * 6) for path in needed},
        bases=["Căn cứ Nghị định số 1 ngày 01/01/2026"],
    )


def _result(at: int, days: list[str], step: int) -> ResultFigures:
    return {
        "code": f"c{at}" if at else "outstanding",
        "name": f"Chỉ tiêu số {at}",
        "unit": "ppm" if at else "dong",
        "values": [place * (1_000 if at else _BILLION) + step for place in range(1, len(days) + 1)],
    }


def _year(at: int, step: int) -> YearFigures:
    opening, closing = ((10_000 + 1_000 * place) * _BILLION + step for place in (at, at + 1))
    return {
        "year": 2026 + at,
        "opening": opening,
        "lent": 4_000 * _BILLION,
        "repaid": 4_000 * _BILLION - closing + opening,
        "closing": closing,
        "growth": 100_000 + step,
        "overdue": 20 * _BILLION + step,
        "overdue_share": 2_000 + step,
        "central": closing * 8 // 10,
        "province": closing - closing * 8 // 10 - 100 * _BILLION,
        "communes": 100 * _BILLION,
        "local_share": 200_000 + step,
        "central_added": 500 * _BILLION + step,
        "province_added": 300 * _BILLION + step,
        "communes_added": 10 * _BILLION + step,
        "local_of_growth": 300_000 + step,
        "beyond": False,
    }


def _programme(at: int, step: int) -> ProgrammeFigures:
    return {
        "code": f"CT{at:02}",
        "name": f"Chương trình cho vay số {at}",
        "base": 500 * _BILLION + step,
        "need": 1_000 + step,
        "lent": [200 * _BILLION + step] * _YEARS,
        "closing": [500 * _BILLION + step] * _YEARS,
    }


def _commune(at: int, step: int) -> CommuneFigures:
    return {
        "key": at + 1,
        "name": f"xã Số {at}",
        "base": 10 * _BILLION + step,
        "need": 30 + step,
        "waiting": step,
        "closing": [10 * _BILLION + step] * _YEARS,
        "budget": [_BILLION // 10 + step] * _YEARS,
    }


def _own() -> dict[str, Any]:
    """The same from this installation's book: figures first asked for and asked again, and the document."""
    from tdcs.core import clock
    from tdcs.documents.official import to_docx
    from tdcs.plans.composing.framing import Signing
    from tdcs.plans.composing.letterheads import branch, issuer_name, letterhead
    from tdcs.scheme.composing.document import composed
    from tdcs.scheme.queries.figures import Wanted, take_figures
    from tdcs.scheme.queries.schemes import offered_plans

    today = clock.today()
    plan = offered_plans(today)[0]
    wanted = Wanted(today.year, today.year + _YEARS - 1, "plan", None, plan)
    spent = []
    for _ in range(2):
        begun = time.perf_counter()
        figures = take_figures(wanted, today)
        spent.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    head = letterhead(branch(plan, today), today)
    content = Content(name="Đề án", figures=figures, texts={}, bases=[])
    to_docx(composed(head, Signing(year=today.year), content, None, issuer_name(plan, today)))
    own = {"own_docx_s": round(time.perf_counter() - begun, 2)}
    own |= {"own_figures_first_s": round(spent[0], 2), "own_figures_again_s": round(spent[1], 2)}
    return own | {"own_whole_s": round(spent[0] + own["own_docx_s"], 2)}
