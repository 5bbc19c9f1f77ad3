"""Borrowers who are to be kept elsewhere: asked for, listed, decided."""

from django.urls import URLPattern, path

from tdcs.loans.views import moving

urlpatterns: list[URLPattern] = [
    path("chuyen-noi/", moving.list_page, name="moves"),
    path("chuyen-noi/<int:pk>/", moving.move_page, name="move"),
    path("chuyen-noi/ho/<int:pk>/", moving.ask_page, name="ask_move"),
]
