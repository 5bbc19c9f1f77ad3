"""Appraisal meetings of a group."""

from django.urls import URLPattern, path

from tdcs.loans.views import meetings

urlpatterns: list[URLPattern] = [
    path("binh-xet/to/<int:pk>/", meetings.list_page, name="meetings"),
    path("binh-xet/to/<int:pk>/moi/", meetings.hold_page, name="hold_meeting"),
    path("binh-xet/<int:pk>/", meetings.meeting_page, name="meeting"),
    path("binh-xet/<int:pk>/bien-ban/<str:fmt>/", meetings.minutes, name="meeting_minutes"),
    path("binh-xet/<int:pk>/huy/", meetings.undo, name="undo_meeting"),
]
