from django.urls import path

from tdcs.audit import views

app_name = "audit"

urlpatterns = [path("", views.lines, name="lines")]
