"""Addresses of the loans room, a list for each group of pages."""

from django.urls import URLPattern

from tdcs.loans.urls import applications, changes, collecting, forms, loans, moving

app_name = "loans"

urlpatterns: list[URLPattern] = [
    *applications.urlpatterns,
    *loans.urlpatterns,
    *collecting.urlpatterns,
    *changes.urlpatterns,
    *moving.urlpatterns,
    *forms.urlpatterns,
]
