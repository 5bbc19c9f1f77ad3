"""Heirs who take over the debts of a borrower who died: asked for, listed, decided, undone, printed."""

from django.urls import URLPattern, path

from tdcs.loans.views import heirs

urlpatterns: list[URLPattern] = [
    path("thua-ke/", heirs.list_page, name="heirs"),
    path("thua-ke/<int:pk>/", heirs.heir_page, name="heir"),
    path("thua-ke/<int:pk>/hoan-tac/", heirs.undo_page, name="undo_heir"),
    path("thua-ke/<int:pk>/van-ban/<str:fmt>/", heirs.agreement, name="heir_agreement"),
    path("thua-ke/ho/<int:pk>/", heirs.ask_page, name="ask_heir"),
]
