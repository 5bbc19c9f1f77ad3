"""Reports of units, consolidation, units' own plans, amendment proposals."""

from django.urls import path

from tdcs.plans.views import proposals, reports

urlpatterns = [
    path("bao-cao/", reports.reports_page, name="reports"),
    path("bao-cao/lap/", reports.open_report, name="open_report"),
    path("bao-cao/<int:pk>/", reports.report_page, name="report"),
    path("bao-cao/<int:pk>/lam/", reports.report_act, name="report_act"),
    path("bao-cao/<int:pk>/xet/", reports.report_review, name="report_review"),
    path("bao-cao/<int:pk>/<str:fmt>/", reports.report_file, name="report_file"),
    path("bao-cao/muc/<int:pk>/", reports.save_section, name="save_section"),
    path("tong-hop/", reports.consolidations_page, name="consolidations"),
    path("tong-hop/<int:year>/", reports.consolidated_page, name="consolidated"),
    path("tong-hop/<int:year>/lam/", reports.consolidate, name="consolidate"),
    path("tong-hop/<int:year>/<str:fmt>/", reports.consolidated_file, name="consolidated_file"),
    path("ke-hoach-don-vi/", proposals.unit_plans_page, name="unit_plans"),
    path("ke-hoach-don-vi/lap/", proposals.open_unit_plan, name="open_unit_plan"),
    path("ke-hoach-don-vi/<int:pk>/", proposals.unit_plan_page, name="unit_plan"),
    path("ke-hoach-don-vi/<int:pk>/<str:fmt>/", proposals.unit_plan_file, name="unit_plan_file"),
    path("kien-nghi/", proposals.proposals_page, name="proposals"),
    path("kien-nghi/gui/", proposals.propose, name="propose"),
    path("kien-nghi/xet/", proposals.decide, name="decide"),
    path("kien-nghi/to-trinh/<str:fmt>/", proposals.submission_file, name="submission_file"),
]
