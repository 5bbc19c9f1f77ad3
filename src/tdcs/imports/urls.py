"""Addresses of imports."""

from django.urls import path

from tdcs.imports.views import (
    audits,
    cutting_over,
    ending,
    imports,
    mappings,
    monitoring,
    reconciling,
)

app_name = "imports"

urlpatterns = [
    path("", imports.overview, name="overview"),
    path("doi-chieu/", audits.audit_page, name="audit"),
    path("theo-doi/", monitoring.monitoring_page, name="monitoring"),
    path("chuyen-ghi-so/", cutting_over.cut_overs, name="cut_overs"),
    path("chuyen-ghi-so/bat-dau/", cutting_over.start, name="start_cut_over"),
    path("chuyen-ghi-so/<int:pk>/", cutting_over.cut_over_page, name="cut_over"),
    path("chuyen-ghi-so/<int:pk>/ky/", cutting_over.sign, name="sign_cut_over"),
    path("chuyen-ghi-so/<int:pk>/hoan-tac/", cutting_over.undo, name="undo_cut_over"),
    path("chuyen-ghi-so/<int:pk>/bien-ban/", cutting_over.minutes, name="cut_over_minutes"),
    path("doi-chieu-bao-cao/", reconciling.reports_page, name="reports"),
    path("nhan/", imports.upload, name="upload"),
    path("<int:pk>/", imports.import_page, name="import"),
    path("<int:pk>/ghi-nhan/", ending.commit_import, name="commit"),
    path("<int:pk>/hoan-tac/", ending.undo_import, name="undo"),
    path("<int:pk>/bo/", ending.drop_import, name="drop"),
    path("tep/<int:pk>/cot/", mappings.columns_page, name="columns"),
    path("tep/<int:pk>/cot/ghi/", mappings.map_file, name="map"),
    path("tep/<int:pk>/ghi-them/", mappings.say, name="say"),
    path("cach-doc/", mappings.mappings_page, name="mappings"),
    path("cach-doc/<int:pk>/xoa/", mappings.forget, name="forget"),
    path("tep/<int:pk>/dong-sai/", imports.faults, name="faults"),
]
