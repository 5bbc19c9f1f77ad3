"""An auditor's engagement of the demonstration: the cast's office this year, a sample, a query answered and one that waits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.demo.cast import cast
from tdcs.organisations.models import Organisation
from tdcs.oversight.services import auditing
from tdcs.oversight.services.auditing import EngagementDraft, QueryDraft
from tdcs.oversight.services.findings import Proof
from tdcs.oversight.services.programmes import SampleAsked

# The account of the auditor, whose role lasts as long as the engagement.
AUDITOR: Final = "demo-kiemtoanvien"
_SEED: Final = 2026
_SIZE: Final = 20


def make(*, on: date) -> None:
    """Opened a week ago by the branch for three weeks."""
    office = Organisation.objects.get(code=cast().office)
    planner = User.objects.get(username="demo-kehoach")
    head = User.objects.get(username="demo-kiemsoat")
    auditor = User(username=AUDITOR, full_name="Tạ Minh Châu – kiểm toán viên nhà nước")
    auditor.set_unusable_password()
    auditor.save()
    day = on - timedelta(7)
    draft = EngagementDraft(
        title="Kiểm toán nguồn vốn ngân sách ủy thác",
        audit_body="Kiểm toán nhà nước khu vực",
        auditor=auditor,
        units=[office],
        period=(date(on.year, 1, 1), on),
        days=(day, on + timedelta(14)),
    )
    with clock.fixed_today(day):
        row = auditing.open_engagement(draft=draft, by=planner, on=day, key="demo-engagement")
    with clock.fixed_today(day):
        # Asked anew: the role was given after the person was read.
        auditor = User.objects.get(pk=auditor.pk)
        asked = SampleAsked("Khoản vay từ vốn ủy thác", _SEED, _SIZE)
        sample = auditing.draw_audit_sample(
            engagement=row, asked=asked, by=auditor, on=day, key="demo-audit-sample"
        )
        loan = int(sample.lines[0][0]) if sample.lines else 0
        first = QueryDraft(
            office.pk, "Cung cấp giấy đề nghị vay vốn của khoản vay này.", day + timedelta(5), loan
        )
        answered = auditing.ask(
            engagement=row, draft=first, by=auditor, on=day, key="demo-audit-query-1"
        )
        second = QueryDraft(
            office.pk, "Giải trình chênh lệch lãi dự thu quý III.", on + timedelta(5)
        )
        auditing.ask(engagement=row, draft=second, by=auditor, on=day, key="demo-audit-query-2")
    with clock.fixed_today(day + timedelta(2)):
        proof = Proof("Hồ sơ gốc lưu tại phòng giao dịch, kính mời đoàn xem tại chỗ.")
        auditing.answer(query=answered, proof=proof, by=head, on=day + timedelta(2))
