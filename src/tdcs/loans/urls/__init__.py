"""Addresses of the loans room, a list for each group of pages."""

from django.urls import URLPattern

from tdcs.loans.urls import (
    applications,
    changes,
    collecting,
    forms,
    inheriting,
    loans,
    meetings,
    moving,
)

app_name = "loans"

urlpatterns: list[URLPattern] = [
    *applications.urlpatterns,
    *meetings.urlpatterns,
    *loans.urlpatterns,
    *collecting.urlpatterns,
    *changes.urlpatterns,
    *moving.urlpatterns,
    *inheriting.urlpatterns,
    *forms.urlpatterns,
]
