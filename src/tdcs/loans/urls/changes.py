"""Changes of a loan: asked for, listed, decided; the reversal of an event."""

from django.urls import URLPattern, path

from tdcs.loans.views import changes, reversing

urlpatterns: list[URLPattern] = [
    path("de-nghi/", changes.list_page, name="requests"),
    path("de-nghi/<int:pk>/", changes.request_page, name="request"),
    path("khoan-vay/<int:pk>/de-nghi/<str:kind>/", changes.ask_page, name="ask"),
    path("dien-bien/<int:pk>/dao/", reversing.reverse_page, name="reverse"),
]
