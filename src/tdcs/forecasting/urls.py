"""Addresses of projections."""

from django.urls import path

from tdcs.forecasting.views.allotments import allotments
from tdcs.forecasting.views.scenarios import end, keep, overview
from tdcs.forecasting.views.uncertainty import uncertainty

app_name = "forecasting"

urlpatterns = [
    path("", overview, name="overview"),
    path("bo-tri/", allotments, name="allotments"),
    path("bien-do/", uncertainty, name="uncertainty"),
    path("luu/", keep, name="keep"),
    path("<int:key>/bo/", end, name="end"),
]
