"""Reports of units, consolidation, closing a year, units' own plans, amendment proposals."""

from django.urls import path

from tdcs.plans.views import closing, consolidated, proposals, report, reports

urlpatterns = [
    path("bao-cao/", reports.reports_page, name="reports"),
    path("bao-cao/lap/", reports.open_report, name="open_report"),
    path("bao-cao/tiep-nhan/", reports.accept_reports, name="accept_reports"),
    path("bao-cao/<int:pk>/", report.report_page, name="report"),
    path("bao-cao/<int:pk>/lam/", report.report_act, name="report_act"),
    path("bao-cao/<int:pk>/xet/", report.report_review, name="report_review"),
    path("bao-cao/<int:pk>/xem/", report.report_preview, name="report_preview"),
    path("bao-cao/<int:pk>/<str:fmt>/", report.report_file, name="report_file"),
    path("bao-cao/muc/<int:pk>/", report.save_section, name="save_section"),
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
    path("ke-hoach-don-vi/", proposals.unit_plans_page, name="unit_plans"),
    path("ke-hoach-don-vi/lap/", proposals.open_unit_plan, name="open_unit_plan"),
    path("ke-hoach-don-vi/<int:pk>/", proposals.unit_plan_page, name="unit_plan"),
    path("ke-hoach-don-vi/<int:pk>/ban-ky/", proposals.unit_plan_scan, name="unit_plan_scan"),
    path("ke-hoach-don-vi/<int:pk>/<str:fmt>/", proposals.unit_plan_file, name="unit_plan_file"),
    path("kien-nghi/", proposals.proposals_page, name="proposals"),
    path("kien-nghi/gui/", proposals.propose, name="propose"),
    path("kien-nghi/xet/", proposals.decide, name="decide"),
    path("kien-nghi/to-trinh/<str:fmt>/", proposals.submission_file, name="submission_file"),
]
