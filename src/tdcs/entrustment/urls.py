from django.urls import URLPattern

app_name = "entrustment"

urlpatterns: list[URLPattern] = []
