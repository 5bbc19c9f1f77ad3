"""Reports of units, the consolidated report, reporting years; their names stand in the plan's namespace."""

from django.urls import path

from tdcs.reporting.views import by_form, closing, consolidated, periodic, report, reports

urlpatterns = [
    path("bao-cao/", reports.reports_page, name="reports"),
    path("bao-cao/lap/", reports.open_report, name="open_report"),
    path("bao-cao/tiep-nhan/", reports.accept_reports, name="accept_reports"),
    path("bao-cao/<int:pk>/", report.report_page, name="report"),
    path("bao-cao/<int:pk>/lam/", report.report_act, name="report_act"),
    path("bao-cao/<int:pk>/xet/", report.report_review, name="report_review"),
    path("bao-cao/<int:pk>/xem/", report.report_preview, name="report_preview"),
    path("bao-cao/<int:pk>/phieu/", by_form.form_page, name="report_form"),
    path("bao-cao/<int:pk>/phieu/tai/", by_form.form_file, name="report_form_file"),
    path("bao-cao/<int:pk>/phieu/tai/<str:fmt>/", by_form.form_file, name="report_form_as"),
    path("bao-cao/<int:pk>/<str:fmt>/", report.report_file, name="report_file"),
    path("bao-cao/muc/<int:pk>/", report.save_section, name="save_section"),
    path("dinh-ky/", periodic.list_page, name="periodic"),
    path("dinh-ky/<str:code>/", periodic.preview, name="periodic_preview"),
    path("dinh-ky/<str:code>/<str:fmt>/", periodic.file, name="periodic_file"),
    path("tong-hop/", consolidated.consolidations_page, name="consolidations"),
    path("tong-hop/muc/<int:pk>/", consolidated.save_consolidated, name="save_consolidated"),
    path("tong-hop/<int:year>/", consolidated.consolidated_page, name="consolidated"),
    path("tong-hop/<int:year>/lam/", consolidated.consolidate, name="consolidate"),
    path(
        "tong-hop/<int:year>/xem/", consolidated.consolidated_preview, name="consolidated_preview"
    ),
    path(
        "tong-hop/<int:year>/<str:fmt>/", consolidated.consolidated_file, name="consolidated_file"
    ),
    path("nam/<int:year>/khoa/", closing.close_year_page, name="close_year"),
    path("nam/", closing.years_page, name="years"),
    path("nam/doi/", closing.change_year, name="change_year"),
]
