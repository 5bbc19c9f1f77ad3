"""The demonstration's scheme: one version issued on the figures of September, and the book that went on since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.forecasting.errors import NoMonthClosed, TooFewMonths
from tdcs.forecasting.queries.opening import base_of
from tdcs.plans.composing.framing import Signing
from tdcs.plans.models import Plan
from tdcs.scheme.errors import MonthsNotClosed, YearNotClosed
from tdcs.scheme.models import Scheme
from tdcs.scheme.queries.figures import scenario_of
from tdcs.scheme.queries.schemes import usual_bases
from tdcs.scheme.services import SchemeDraft, compose, found_scheme, issue, save_text, submit

_YEARS: Final = 5
_SCENARIO: Final = "plan"
_TEXTS: Final = {
    "necessity": (
        "Tín dụng chính sách xã hội là công cụ quan trọng để giảm nghèo bền vững, tạo việc làm và bảo đảm an sinh xã hội. "
        "Nhu cầu vay của hộ nghèo, hộ cận nghèo, hộ mới thoát nghèo, người lao động và học sinh, sinh viên trên địa bàn còn lớn, "
        "trong khi nguồn vốn ngân sách địa phương ủy thác chưa theo kịp.\n"
        "Việc xây dựng đề án nhằm chủ động bố trí vốn từng năm, gắn trách nhiệm của từng cấp ngân sách với kết quả cụ thể."
    ),
    "results": (
        "Dư nợ tăng đều qua các năm, chất lượng tín dụng được giữ vững; vốn ngân sách địa phương chiếm tỷ trọng ngày càng cao."
    ),
    "limits": (
        "- Ngân sách một số xã chưa bố trí vốn ủy thác hoặc bố trí muộn trong năm;\n"
        "- Nhu cầu của hộ mới thoát nghèo và người lao động chưa được đáp ứng đầy đủ;\n"
        "- Nguyên nhân chính: dự toán được lập khi chưa có số liệu nhu cầu theo xã."
    ),
    "objectives": (
        "Bảo đảm người nghèo và đối tượng chính sách khác có nhu cầu, đủ điều kiện được tiếp cận vốn; dư nợ tăng trưởng ổn định, "
        "vốn địa phương góp phần xứng đáng vào mức tăng hằng năm."
    ),
    "needs": "Nhu cầu được tổng hợp từ khảo sát của các tổ, đối chiếu với thực tế cho vay từng chương trình.",
    "capital": "Nguồn vốn gồm vốn trung ương, vốn ngân sách cấp tỉnh và vốn ngân sách cấp xã ủy thác.",
    "solutions": (
        "- Bố trí vốn ủy thác trong dự toán ngân sách hằng năm ngay từ đầu năm;\n"
        "- Rà soát đối tượng, khảo sát nhu cầu theo từng xã làm căn cứ phân bổ vốn;\n"
        "- Nâng cao chất lượng hoạt động của điểm giao dịch xã và tổ tiết kiệm và vay vốn;\n"
        "- Tăng cường kiểm tra, giám sát, thu hồi nợ đến hạn để quay vòng vốn."
    ),
    "duties": (
        "Sở Tài chính tham mưu bố trí vốn; Chi nhánh Ngân hàng Chính sách xã hội giải ngân, theo dõi, tổng hợp; "
        "Ủy ban nhân dân cấp xã bố trí ngân sách, chỉ đạo rà soát đối tượng. Nhiệm vụ từng đơn vị theo bảng dưới đây."
    ),
    "effects": "Đề án giúp ngân sách các cấp biết trước số vốn phải bố trí từng năm và người dân được vay kịp thời.",
}


def make(plan: Plan, *, on: date, by: User) -> Scheme | None:
    """Issued before the last month-end on the figures of the one before it; the newest close is the change since.

    None on a day on which the book is too young to be projected.
    """
    try:
        with transaction.atomic():
            return _made(plan, on=on, by=by)
    except (NoMonthClosed, TooFewMonths, YearNotClosed, MonthsNotClosed):
        return None


def _made(plan: Plan, *, on: date, by: User) -> Scheme:
    day = base_of(on) - timedelta(days=10)
    last = scenario_of(_SCENARIO).assumed.until
    first = last - _YEARS + 1
    with clock.fixed_today(day):
        draft = SchemeDraft(
            name=(
                "Đầu tư tín dụng đối với hộ nghèo, hộ cận nghèo và các đối tượng chính sách khác bằng nguồn vốn ngân sách "
                f"địa phương giai đoạn {first} - {last}"
            ),
            first_year=first,
            last_year=last,
            plan=plan,
            scenario=_SCENARIO,
            bases=usual_bases(),
        )
        made = found_scheme(draft=draft, by=by, on=day)
        for text in made.texts.all():
            words = _TEXTS[text.path]
            save_text(text=text, words=words, revision=text.revision, by=by, on=day)
        version = submit(version=compose(scheme=made, by=by, on=day), by=by, on=day)
        leader = User.objects.get(username="demo-lanhdao")
        signing = Signing(
            number="28", issued_on=day, signer="Nguyễn Thị Mẫu", signer_title="Giám đốc"
        )
        issue(version=version, signing=signing, by=leader, on=day)
    return made
