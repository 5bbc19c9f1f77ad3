"""Addresses of standard sheets."""

from django.urls import path

from tdcs.sheets.views import sheets

app_name = "sheets"

urlpatterns = [
    path("", sheets.list_page, name="list"),
    path("<slug:code>/", sheets.sheet_page, name="sheet"),
    path("<slug:code>/lap/", sheets.make_sheet, name="make"),
]
