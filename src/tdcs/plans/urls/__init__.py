"""Addresses of the plan, split as the pages are."""

from tdcs.plans.urls import documents, proposals, work

urlpatterns = [*documents.urlpatterns, *work.urlpatterns, *proposals.urlpatterns]
