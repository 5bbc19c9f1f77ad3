from django.urls import path

from tdcs.programmes import views

app_name = "programmes"

urlpatterns = [
    path("", views.list_page, name="list"),
    path("<str:code>/", views.programme_page, name="programme"),
]
