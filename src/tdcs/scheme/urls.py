"""Addresses of schemes."""

from django.urls import path

from tdcs.scheme.views import scheme, schemes, version

app_name = "scheme"

urlpatterns = [
    path("", schemes.schemes_page, name="list"),
    path("moi/", schemes.found_page, name="found"),
    path("<int:pk>/", scheme.scheme_page, name="scheme"),
    path("<int:pk>/sua/", schemes.change_page, name="change"),
    path("<int:pk>/lap/", scheme.compose, name="compose"),
    path("phan/<int:pk>/", scheme.save_text, name="save_text"),
    path("ban/<int:pk>/", version.version_page, name="version"),
    path("ban/<int:pk>/trinh/", version.submit, name="submit"),
    path("ban/<int:pk>/duyet/", version.decide, name="decide"),
    path("ban/<int:pk>/<str:fmt>/", version.version_file, name="file"),
]
