"""Addresses of indicators."""

from django.urls import path

from tdcs.indicators.views.gap import gap
from tdcs.indicators.views.loans import loans
from tdcs.indicators.views.overview import home_figures, overview
from tdcs.indicators.views.table import table
from tdcs.indicators.views.why import why

app_name = "indicators"

urlpatterns = [
    path("", overview, name="overview"),
    path("trang-dau/", home_figures, name="home_figures"),
    path("bang/", table, name="table"),
    path("khoan-vay/", loans, name="loans"),
    path("khoang-cach/<slug:code>/", gap, name="gap"),
    path("vi-sao/<slug:code>/", why, name="why"),
]
