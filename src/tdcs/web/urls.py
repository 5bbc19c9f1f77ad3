from django.urls import path

from tdcs.web import views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("tim/", views.search, name="search"),
    path("thong-bao/", views.notices, name="notices"),
    path("suc-khoe/", views.health, name="health"),
]
