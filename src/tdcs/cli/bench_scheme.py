"""`tdcs bench scheme`: a scheme's document from invented figures of a whole province, and from this installation's book."""

from __future__ import annotations

import time
from datetime import date
from typing import Any, Final

import click

# Requirement: seconds for the document.
DOCUMENT_S: Final = 5.0
_COMMUNES: Final = 95
_PROGRAMMES: Final = 20
_YEARS: Final = 5


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


def invented(communes: int, step: int) -> Any:
    """The content of a scheme of so many communes; another ``step``, other figures."""
    from tdcs.scheme.rules.figures import (
        CommuneFigures,
        Content,
        ProgrammeFigures,
        ResultFigures,
        YearFigures,
    )

    tn = 10**12
    codes = [f"CT{at:02}" for at in range(_PROGRAMMES)]
    whole = [(10 + at) * tn + step for at in range(_YEARS + 1)]
    years: list[YearFigures] = [
        {
            "year": 2026 + at,
            "opening": whole[at],
            "lent": 4 * tn,
            "repaid": 4 * tn - (whole[at + 1] - whole[at]),
            "closing": whole[at + 1],
            "growth": 100_000 + step,
            "overdue": tn // 500 + step,
            "overdue_share": 2_000 + step,
            "central": whole[at + 1] * 8 // 10,
            "province": whole[at + 1] - whole[at + 1] * 8 // 10 - tn // 10,
            "communes": tn // 10,
            "local_share": 200_000 + step,
            "central_added": tn // 2 + step,
            "province_added": tn // 3 + step,
            "communes_added": tn // 100 + step,
            "local_of_growth": 300_000 + step,
            "beyond": False,
        }
        for at in range(_YEARS)
    ]
    programmes: list[ProgrammeFigures] = [
        {
            "code": code,
            "name": f"Chương trình cho vay số {at}",
            "base": tn // 2 + step,
            "need": 1_000 + step,
            "lent": [tn // 5 + step] * _YEARS,
            "closing": [tn // 2 + step] * _YEARS,
        }
        for at, code in enumerate(codes)
    ]
    places: list[CommuneFigures] = [
        {
            "key": at + 1,
            "name": f"xã Số {at}",
            "base": tn // 100 + step,
            "need": 30 + step,
            "waiting": step,
            "closing": [tn // 100 + step] * _YEARS,
            "budget": [tn // 10_000 + step] * _YEARS,
        }
        for at in range(communes)
    ]
    days = [*(date(year, 12, 31).isoformat() for year in range(2021, 2026)), "2026-10-31"]
    results: list[ResultFigures] = [
        {
            "code": "outstanding" if at == 0 else f"c{at}",
            "name": f"Chỉ tiêu số {at}",
            "unit": "ppm" if at else "dong",
            "values": [
                place * 1_000 * (1 if at else tn // 1_000) + step for place in range(len(days))
            ],
        }
        for at in range(19)
    ]
    words = "Lời văn của đề án do người viết, dài vài dòng để đoạn có hình dạng của nó. " * 6
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
            "results": results,
            "years": years,
            "programmes": programmes,
            "communes": places,
            "duties": [
                {"unit": f"Sở số {at}", "count": 1, "leads": ["II.3.a"], "helps": ["II.1.a"]}
                for at in range(20)
            ],
        },
        texts={
            path: "\n".join([words] * 6)
            for path in ("necessity", "limits", "objectives", "solutions", "duties")
        },
        bases=["Căn cứ Nghị định số 1 ngày 01/01/2026"],
    )


def _own() -> dict[str, Any]:
    """The same from this installation's book: figures first asked for and asked again, and the document."""
    from tdcs.core import clock
    from tdcs.documents.official import to_docx
    from tdcs.plans.composing.framing import Signing
    from tdcs.plans.composing.letterheads import branch, issuer_name, letterhead
    from tdcs.scheme.composing.document import composed
    from tdcs.scheme.queries.figures import Wanted, take_figures
    from tdcs.scheme.queries.schemes import offered_plans
    from tdcs.scheme.rules.figures import Content

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
