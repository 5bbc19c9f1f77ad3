"""Heirs who take over the debts of a borrower who died: asked for, listed, decided, undone, printed."""

from django.urls import URLPattern, path

from tdcs.loans.views import inheriting

urlpatterns: list[URLPattern] = [
    path("thua-ke/", inheriting.list_page, name="heirs"),
    path("thua-ke/<int:pk>/", inheriting.heir_page, name="heir"),
    path("thua-ke/<int:pk>/hoan-tac/", inheriting.undo_page, name="undo_heir"),
    path("thua-ke/<int:pk>/van-ban/<str:fmt>/", inheriting.agreement, name="heir_agreement"),
    path("thua-ke/ho/<int:pk>/", inheriting.ask_page, name="ask_heir"),
]
