"""A file that changed on disk is named by verify, not handed out, and noted in the trail."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tdcs.audit.models import AuditLine
from tdcs.organisations.models import Organisation
from tdcs.plans.checks import files_are_as_received
from tdcs.plans.models import Evidence, Obligation, Plan, UnitPlan
from tdcs.plans.services import evidence, unit_plans

TODAY = date(2026, 11, 23)
LA_NGA = "ubnd@n26227"
PDF = b"%PDF-1.4 bien ban"


@pytest.fixture
def proof(plan: Plan, cast: Any, settings: Any, tmp_path: Path) -> Evidence:
    """A file that La Ngà sent in."""
    settings.MEDIA_ROOT = tmp_path
    row = Obligation.objects.filter(plan=plan, holder__code=LA_NGA, year=2026).first()
    assert row is not None
    return evidence.add_file(
        obligation=row,
        title="Biên bản",
        filename="bien-ban.pdf",
        content=PDF,
        by=cast.la_nga,
        on=TODAY,
    )


def _address(proof: Evidence) -> str:
    return f"/ke-hoach/viec/{proof.obligation_id}/minh-chung/{proof.pk}/"


@pytest.mark.django_db
def test_what_is_as_received_is_handed_out(proof: Evidence, cast: Any, signed_in: Any) -> None:
    answer = signed_in(cast.la_nga).get(_address(proof))
    assert b"".join(answer.streaming_content) == PDF
    assert list(files_are_as_received()) == []
    assert AuditLine.objects.latest("id").data["sha256"] == proof.sha256


@pytest.mark.django_db
@pytest.mark.parametrize("deed", ["overwritten", "deleted"])
def test_a_forged_or_deleted_proof_is_withheld_and_named(
    proof: Evidence, cast: Any, signed_in: Any, deed: str
) -> None:
    path = Path(proof.file.path)
    if deed == "deleted":
        path.unlink()
    else:
        path.write_bytes(b"%PDF-1.4 BIEN-BAN-KHAC")
    answer = signed_in(cast.la_nga).get(_address(proof))
    assert answer.status_code == 409
    assert "Biên bản" in answer.content.decode()
    assert b"BIEN-BAN-KHAC" not in answer.content
    line = AuditLine.objects.filter(action="plans.file_changed").get()
    assert (line.actor, line.data["sha256"]) == (cast.la_nga, proof.sha256)
    [finding] = files_are_as_received()
    assert "Biên bản" in finding
    assert ("không còn trên đĩa" if deed == "deleted" else "đã khác lúc nhận") in finding


@pytest.mark.django_db
def test_a_forged_signed_plan_is_withheld_and_named(
    plan: Plan, cast: Any, signed_in: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    unit = Organisation.objects.get(code=LA_NGA)
    made = UnitPlan.objects.create(plan=plan, organisation=unit, year=2026)
    made = unit_plans.attach(
        unit_plan=made, filename="ky.pdf", content=PDF, by=cast.la_nga, on=TODAY
    )
    address = reverse("plans:unit_plan_scan", args=[made.pk])
    assert list(files_are_as_received()) == []
    Path(made.file.path).write_bytes(PDF + b" them")
    answer = signed_in(cast.la_nga).get(address)
    assert answer.status_code == 409
    [finding] = files_are_as_received()
    assert "bản đã ký" in finding
    assert AuditLine.objects.filter(action="plans.file_changed").count() == 1
