"""Addresses of what leaves."""

from django.urls import path

from tdcs.sending.views import messages, schedules

app_name = "sending"

urlpatterns = [
    path("bao-cao/", schedules.list_page, name="schedules"),
    path("bao-cao/moi/", schedules.new_page, name="schedule_new"),
    path("bao-cao/<int:pk>/", schedules.schedule_page, name="schedule"),
    path("tin-nhan/", messages.messages_page, name="messages"),
    path("tin-nhan/gui/", messages.send_messages, name="send_messages"),
    path("tin-nhan/bao-nhan/", messages.callback, name="callback"),
    path("tin-nhan/<int:pk>/", messages.batch_page, name="batch"),
    path("tin-nhan/<int:pk>/xac-nhan/", messages.confirm, name="confirm"),
    path("tin-nhan/ho/<int:household>/", messages.consents_page, name="consents"),
    path("bao-cao/<int:pk>/lam/", schedules.act, name="schedule_act"),
]
