"""What units owe: inbox, matrix, calendar, assigned tasks, reminders."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
