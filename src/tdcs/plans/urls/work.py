"""What units owe: inbox, matrix, calendar, assigned tasks, reminders."""

from django.urls import path

from tdcs.plans.views import (
    coverage,
    feed,
    work_calendar,
    work_directives,
    work_evidence,
    work_inbox,
    work_matrix,
    work_one,
    work_reminders,
)

urlpatterns = [
    path("viec/", work_inbox.inbox_page, name="inbox"),
    path("viec/duyet/", work_inbox.accept_many, name="accept_many"),
    path("viec/don-vi/<int:pk>/", work_inbox.unit_page, name="unit_work"),
    path("do-phu/", coverage.coverage_page, name="coverage"),
    path("do-phu/<int:pk>/xac-nhan/", coverage.confirm_all, name="confirm_proposals"),
    path("nhiem-vu/<int:pk>/ho-so/", coverage.task_records, name="task_records"),
    path("nhiem-vu/<int:pk>/ho-so/xac-nhan/", coverage.confirm, name="confirm_kinds"),
    path("viec/nhiem-vu/<int:pk>/", work_matrix.task_units, name="task_units"),
    path("viec/nhiem-vu-chung/<int:pk>/", work_matrix.duty_units, name="duty_units"),
    path("viec/<int:pk>/", work_one.obligation_page, name="obligation"),
    path("viec/<int:pk>/lam/", work_one.act, name="act"),
    path("viec/<int:pk>/xet/", work_one.review, name="review_result"),
    path("viec/<int:pk>/y-kien/", work_one.comment, name="comment"),
    path("viec/<int:pk>/minh-chung/", work_evidence.add_evidence, name="add_evidence"),
    path("viec/<int:pk>/minh-chung/<int:key>/", work_evidence.evidence_file, name="evidence_file"),
    path(
        "viec/<int:pk>/minh-chung/<int:key>/go/",
        work_evidence.remove_evidence,
        name="remove_evidence",
    ),
    path("ma-tran/", work_matrix.matrix_page, name="matrix"),
    path("lich/cua-toi/", feed.feed_page, name="feed"),
    path("lich/<str:token>.ics", feed.feed_file, name="feed_file"),
    path("lich/", work_calendar.calendar_page, name="calendar"),
    path("viec-giao/", work_directives.directives_page, name="directives"),
    path("viec-giao/moi/", work_directives.assign_page, name="assign"),
    path("viec-giao/moi/den/", work_directives.reach, name="assign_reach"),
    path("viec-giao/<int:pk>/", work_directives.directive_page, name="directive"),
    path("viec-giao/<int:pk>/thoi/", work_directives.withdraw, name="withdraw"),
    path("nhac-viec/", work_reminders.reminders_page, name="reminders"),
    path("nhac-viec/den-ai/", work_reminders.deliveries_page, name="deliveries"),
    path("nhac-viec/gui/", work_reminders.remind, name="remind"),
    path("cong-van/zip/<str:fmt>/", work_reminders.letters_zip, name="letters_zip"),
    path("cong-van/<int:pk>/<str:fmt>/", work_reminders.letter_file, name="letter"),
]
