"""Addresses of the register of letters."""

from django.urls import path

from tdcs.letters.views import register

app_name = "letters"

urlpatterns = [
    path("", register.list_page, name="list"),
    path("vao-so/", register.enter_page, name="enter"),
    path("<int:pk>/", register.letter_page, name="letter"),
    path("<int:pk>/lam/", register.act, name="act"),
]
