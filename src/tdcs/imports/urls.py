"""Addresses of imports."""

from django.urls import path

from tdcs.imports.views import audits, ending, imports, monitoring

app_name = "imports"

urlpatterns = [
    path("", imports.overview, name="overview"),
    path("doi-chieu/", audits.audit_page, name="audit"),
    path("theo-doi/", monitoring.monitoring_page, name="monitoring"),
    path("nhan/", imports.upload, name="upload"),
    path("<int:pk>/", imports.import_page, name="import"),
    path("<int:pk>/ghi-nhan/", ending.commit_import, name="commit"),
    path("<int:pk>/hoan-tac/", ending.undo_import, name="undo"),
    path("<int:pk>/bo/", ending.drop_import, name="drop"),
    path("tep/<int:pk>/dong-sai/", imports.faults, name="faults"),
]
