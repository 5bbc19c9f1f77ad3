from django.urls import path

from tdcs.closing.views import closes

app_name = "closing"

urlpatterns = [
    path("", closes.list_page, name="list"),
    path("khoa/", closes.close, name="close"),
    path("<int:pk>/", closes.run_page, name="run"),
]
