from django.urls import path

from tdcs.web import views_setup

app_name = "setup"

urlpatterns = [
    path("", views_setup.first_run, name="first_run"),
    path("tao/", views_setup.create, name="create"),
    path("phong-giao-dich/", views_setup.offices, name="offices"),
    path("phong-giao-dich/mau/", views_setup.template, name="template"),
    path("phong-giao-dich/luu/", views_setup.save, name="save_offices"),
]
