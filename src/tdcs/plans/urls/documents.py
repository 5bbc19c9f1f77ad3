"""Import, review, publication, versions, the plan's own pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
