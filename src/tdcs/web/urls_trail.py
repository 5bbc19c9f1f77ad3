from django.urls import path

from tdcs.web import views_trail

app_name = "audit"

urlpatterns = [path("", views_trail.lines, name="lines")]
