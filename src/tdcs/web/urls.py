from django.urls import path

from tdcs.web import views, views_columns, views_search, views_styles

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("tien-do/", views.progress, name="progress"),
    path("tim/", views_search.search, name="search"),
    path("tim/goi-y/", views_search.suggest, name="suggest"),
    path("thong-bao/", views.notices, name="notices"),
    path("giao-dien/", views_styles.styles, name="styles"),
    path("cot/<str:table>/", views_columns.choose, name="columns"),
    path("suc-khoe/", views.health, name="health"),
]
