"""Import, review, publication, versions, the plan's own pages."""

from django.urls import path

from tdcs.plans.views import documents

urlpatterns = [
    path("", documents.plan_page, name="plan"),
    path("nhap/", documents.import_page, name="import"),
    path("ban/<int:pk>/ra-soat/", documents.review_page, name="review"),
    path("ban/<int:pk>/cong-bo/", documents.publish_page, name="publish"),
    path("ban/<int:pk>/khac/", documents.difference_page, name="difference"),
    path("nhiem-vu/<int:pk>/", documents.task_page, name="task"),
    path("nhiem-vu/<int:pk>/sua/", documents.review_task, name="review_task"),
    path("nhiem-vu/<int:pk>/kich-hoat/", documents.activate, name="activate"),
    path("nam/", documents.years_page, name="years"),
    path("nam/doi/", documents.change_year, name="change_year"),
]
