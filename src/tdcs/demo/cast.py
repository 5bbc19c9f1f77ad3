"""Where the fixed cast works: as the demonstration's data says of a province, else a commune and an office chosen by rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db.models import Count

from tdcs.core import clock, law
from tdcs.organisations import packaged
from tdcs.organisations.models import Kind, Level, Organisation, ServedArea
from tdcs.organisations.queries import profile_of

_FILE: Final = Path(__file__).parent / "data" / "demo.yaml"
# An office that serves fewer communes gives a thin desk.
_COMMUNES: Final = 3


@dataclass(frozen=True, slots=True)
class Cast:
    """``home``: what the codes of the province's bodies end with; ``commune`` and ``office``: where the cast works;
    ``commune_user``, ``office_user``: who speaks for them; ``remote``: provinces (codes) whose groups count as remote."""

    home: str
    commune: str
    office: str
    commune_user: str
    office_user: str
    remote: tuple[str, ...]

    @property
    def committee(self) -> str:
        """The code of the commune's People's Committee."""
        return f"ubnd@{self.commune}"

    def body(self, kind: str) -> str:
        """The code of a body of the province: "ubnd" → "ubnd@p75"."""
        return f"{kind}@{self.home}"

    def commune_name(self) -> str:
        """ "xã La Ngà"."""
        return _short(self.committee).removeprefix("UBND ")

    def office_name(self) -> str:
        """ "PGD Định Quán"."""
        return _short(self.office).replace("PGD NHCSXH", "PGD")


def data() -> dict[str, Any]:
    """What the demonstration knows beside its calibration."""
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def cast() -> Cast:
    """The cast of the installation's province."""
    return _cast(law.province())


def users_of(slug: str) -> dict[str, str]:
    """User names of who speaks for the cast's commune and office."""
    known = data()
    words: dict[str, str] = known["users"] | known["places"].get(slug, {}).get("users", {})
    return words


@cache
def _cast(slug: str) -> Cast:
    province = packaged.find(slug, clock.today())
    listed = packaged.listed()
    joined = tuple(one for one in listed.parts_of(province.code) if one != province.home)
    known = data()["places"].get(slug)
    office, commune = (known["office"], known["commune"]) if known else _chosen()
    words = users_of(slug)
    return Cast(province.home, commune, office, words["commune"], words["office"], joined)


def _chosen() -> tuple[str, str]:
    """The first office of today that serves enough communes, and the first commune of it."""
    ties = ServedArea.objects.filter(
        ends_on=None, office__kind=Kind.TRANSACTION_OFFICE, office__ends_on=None
    )
    counted = ties.values("office__code").annotate(count=Count("pk")).order_by("office__code")
    rows = list(counted.values_list("office__code", "count"))
    most = max(count for _, count in rows)
    code = next(code for code, count in rows if count >= min(_COMMUNES, most))
    served = ties.filter(office__code=code, area__level=Level.COMMUNE)
    # Groups stand where communes of before went on: an area that was made of none has no point.
    served = served.filter(area__inheritances__predecessor__level=Level.COMMUNE)
    first = served.order_by("area__code").values_list("area__code", flat=True)[0]
    return code, first


def _short(code: str) -> str:
    unit = Organisation.objects.get(code=code)
    return profile_of(unit, clock.today()).short_name
