"""Forms of lending as files."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
