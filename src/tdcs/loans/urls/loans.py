"""Loans: the list, its totals, one loan."""

from django.urls import URLPattern, path

from tdcs.loans.views import crediting, loan, loans

urlpatterns: list[URLPattern] = [
    path("khoan-vay/", loans.list_page, name="loans"),
    path("khoan-vay/cong/", loans.totals, name="loans_totals"),
    path("khoan-vay/<int:pk>/", loan.loan_page, name="loan"),
    path("khoan-vay/<int:pk>/tra-lai-lai/", crediting.refund, name="refund"),
]
