"""A schedule as it is typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.sending.models import FileFormat, ReportKind, Rhythm
from tdcs.sending.services.schedules import ScheduleDraft


class ScheduleForm(forms.Form):
    """Which report, as what, how often, to whom."""

    kind = forms.ChoiceField(
        label=_("Báo cáo"),
        choices=[
            (ReportKind.PROGRESS, _("Tiến độ kế hoạch")),
            (ReportKind.TARGETS, _("Chỉ tiêu và số liệu")),
            (ReportKind.OVERDUE, _("Đơn vị có việc quá hạn")),
        ],
    )
    fmt = forms.ChoiceField(
        label=_("Dạng tệp"), choices=[(FileFormat.XLSX, "Excel (.xlsx)"), (FileFormat.PDF, "PDF")]
    )
    rhythm = forms.ChoiceField(
        label=_("Nhịp gửi"),
        choices=[(Rhythm.WEEKLY, _("Hằng tuần")), (Rhythm.MONTHLY, _("Hằng tháng"))],
    )
    day = forms.IntegerField(
        label=_("Ngày gửi"),
        min_value=1,
        max_value=31,
        help_text=_("Hằng tuần: thứ hai là 1, chủ nhật là 7. Hằng tháng: ngày trong tháng."),
    )
    recipients = forms.CharField(
        label=_("Người nhận"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Mỗi dòng một người: tên đăng nhập, hoặc Họ tên <thư điện tử>."),
    )

    def draft(self) -> ScheduleDraft:
        """What the service takes."""
        given = dict(self.cleaned_data)
        return ScheduleDraft(**{**given, "recipients": tuple(given["recipients"].splitlines())})
