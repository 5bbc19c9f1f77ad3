"""Addresses of groups: the room's own, and the page that shows what several rooms know of one group."""

from django.urls import path

from tdcs.entrustment.urls import urlpatterns as own
from tdcs.group_results.urls import urlpatterns as results
from tdcs.web import views_group, views_group_list

app_name = "entrustment"

urlpatterns = [
    path("", views_group_list.list_page, name="list"),
    *own,
    *results,
    path("<int:pk>/", views_group.group_page, name="group"),
]
