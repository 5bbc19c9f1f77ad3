"""Import, review, publication, versions, the plan's own pages."""

from django.urls import path

from tdcs.plans.views import (
    documents,
    documents_plans,
    documents_publish,
    documents_review,
    documents_source,
)

urlpatterns = [
    path("", documents_plans.plan_page, name="plan"),
    path("cac-ke-hoach/", documents_plans.plans_page, name="plans"),
    path("van-ban/<int:pk>/", documents_plans.one_plan_page, name="one_plan"),
    path("van-ban/<int:pk>/doi/", documents_plans.change_plan, name="change_plan"),
    path("nhap/", documents.import_page, name="import"),
    path("nhap/tim-don-vi/", documents_review.find_units, name="find_units"),
    path("ban/<int:pk>/", documents.version_page, name="version"),
    path("ban/<int:pk>/ra-soat/", documents_review.review_page, name="review"),
    path("ban/<int:pk>/trang/<int:page>/", documents_source.picture, name="picture"),
    path("ban/<int:pk>/phan-dau/", documents_source.review_header, name="review_header"),
    path("ban/<int:pk>/tu-ngu/", documents_source.teach, name="teach"),
    path("ban/<int:pk>/them/", documents_review.add_task, name="add_task"),
    path("ban/<int:pk>/bo/", documents_review.discard, name="discard"),
    path("ban/<int:pk>/cong-bo/", documents_publish.publish_page, name="publish"),
    path("ban/<int:pk>/thu-hoi/", documents_plans.withdraw_page, name="withdraw_publication"),
    path("ban/<int:pk>/khac/", documents.difference_page, name="difference"),
    path("nhiem-vu/<int:pk>/", documents.task_page, name="task"),
    path("nhiem-vu/<int:pk>/sua/", documents_review.review_task, name="review_task"),
    path("nhiem-vu/<int:pk>/kich-hoat/", documents.activate, name="activate"),
    path("nhiem-vu-chung/<int:pk>/sua/", documents_review.review_duty, name="review_duty"),
]
