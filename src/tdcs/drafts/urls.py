"""Addresses of one's own drafts."""

from django.urls import path

from tdcs.drafts import views

app_name = "drafts"
urlpatterns = [
    path("giu/", views.keep, name="keep"),
    path("bo/", views.throw_away, name="throw_away"),
]
