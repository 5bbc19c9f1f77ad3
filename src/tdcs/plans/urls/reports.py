"""Reports of units, consolidation, units' own plans, amendment proposals."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
