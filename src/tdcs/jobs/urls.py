from django.urls import path

from tdcs.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.list_page, name="list"),
    path("<int:pk>/", views.job_page, name="job"),
    path("<int:pk>/tai-ve/", views.fetch, name="fetch"),
]
