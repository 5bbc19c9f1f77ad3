"""Units' own plans, amendment proposals."""

from django.urls import path

from tdcs.plans.views import proposals, unit_tasks

urlpatterns = [
    path("ke-hoach-don-vi/", proposals.unit_plans_page, name="unit_plans"),
    path("ke-hoach-don-vi/lap/", proposals.open_unit_plan, name="open_unit_plan"),
    path("ke-hoach-don-vi/<int:pk>/", proposals.unit_plan_page, name="unit_plan"),
    path("ke-hoach-don-vi/viec/<int:pk>/", unit_tasks.update_unit_task, name="unit_task"),
    path("ke-hoach-don-vi/<int:pk>/ban-ky/", proposals.unit_plan_scan, name="unit_plan_scan"),
    path("ke-hoach-don-vi/<int:pk>/<str:fmt>/", proposals.unit_plan_file, name="unit_plan_file"),
    path("kien-nghi/", proposals.proposals_page, name="proposals"),
    path("kien-nghi/gui/", proposals.propose, name="propose"),
    path("kien-nghi/xet/", proposals.decide, name="decide"),
    path("kien-nghi/to-trinh/<str:fmt>/", proposals.submission_file, name="submission_file"),
]
