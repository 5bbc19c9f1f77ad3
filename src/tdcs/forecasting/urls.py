"""Addresses of projections."""

from django.urls import path

from tdcs.forecasting.views.scenarios import end, keep, overview

app_name = "forecasting"

urlpatterns = [
    path("", overview, name="overview"),
    path("luu/", keep, name="keep"),
    path("<int:key>/bo/", end, name="end"),
]
