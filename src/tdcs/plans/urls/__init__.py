"""Addresses of the plan, split as the pages are."""

from tdcs.plans.urls import documents, reports, work

app_name = "plans"

urlpatterns = [*documents.urlpatterns, *work.urlpatterns, *reports.urlpatterns]
