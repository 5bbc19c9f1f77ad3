"""Addresses of warnings, dossiers and rounds."""

from django.urls import path

from tdcs.problem_loans.views import warnings

app_name = "problem_loans"

urlpatterns = [
    path("canh-bao/", warnings.list_page, name="warnings"),
    path("canh-bao/tinh-lai/", warnings.compute, name="raise_warnings"),
    path("canh-bao/<int:pk>/", warnings.warning_page, name="warning"),
    path("canh-bao/<int:pk>/ghi/", warnings.note_warning, name="note_warning"),
]
