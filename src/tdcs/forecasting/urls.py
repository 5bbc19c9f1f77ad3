"""Addresses of projections."""

from django.urls import path

from tdcs.forecasting.views.allotments import allotments
from tdcs.forecasting.views.scenarios import end, keep, overview

app_name = "forecasting"

urlpatterns = [
    path("", overview, name="overview"),
    path("bo-tri/", allotments, name="allotments"),
    path("luu/", keep, name="keep"),
    path("<int:key>/bo/", end, name="end"),
]
