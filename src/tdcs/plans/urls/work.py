"""What units owe: inbox, matrix, calendar, assigned tasks, reminders."""

from django.urls import path

from tdcs.plans.views import inbox, overview

urlpatterns = [
    path("viec/", inbox.inbox_page, name="inbox"),
    path("viec/duyet/", inbox.accept_many, name="accept_many"),
    path("viec/<int:pk>/", inbox.obligation_page, name="obligation"),
    path("viec/<int:pk>/lam/", inbox.act, name="act"),
    path("viec/<int:pk>/xet/", inbox.review, name="review_result"),
    path("viec/<int:pk>/y-kien/", inbox.comment, name="comment"),
    path("viec/<int:pk>/minh-chung/", inbox.add_evidence, name="add_evidence"),
    path("viec/<int:pk>/minh-chung/<int:key>/", inbox.evidence_file, name="evidence_file"),
    path("viec/<int:pk>/minh-chung/<int:key>/go/", inbox.remove_evidence, name="remove_evidence"),
    path("ma-tran/", overview.matrix_page, name="matrix"),
    path("lich/", overview.calendar_page, name="calendar"),
    path("viec-giao/", overview.directives_page, name="directives"),
    path("viec-giao/moi/", overview.assign_page, name="assign"),
    path("viec-giao/<int:pk>/", overview.directive_page, name="directive"),
    path("viec-giao/<int:pk>/thoi/", overview.withdraw, name="withdraw"),
    path("nhac-viec/", overview.reminders_page, name="reminders"),
    path("nhac-viec/gui/", overview.remind, name="remind"),
    path("cong-van/<int:pk>/<str:fmt>/", overview.letter_file, name="letter"),
]
