"""Addresses of what leaves."""

from django.urls import path

from tdcs.sending.views import schedules

app_name = "sending"

urlpatterns = [
    path("bao-cao/", schedules.list_page, name="schedules"),
    path("bao-cao/moi/", schedules.new_page, name="schedule_new"),
    path("bao-cao/<int:pk>/", schedules.schedule_page, name="schedule"),
    path("bao-cao/<int:pk>/lam/", schedules.act, name="schedule_act"),
]
