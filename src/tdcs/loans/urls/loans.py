"""Loans: the list, its totals, one loan."""

from django.urls import URLPattern, path

from tdcs.loans.views import loan, loans, recovering

urlpatterns: list[URLPattern] = [
    path("khoan-vay/", loans.list_page, name="loans"),
    path("khoan-vay/cong/", loans.totals, name="loans_totals"),
    path("khoan-vay/<int:pk>/", loan.loan_page, name="loan"),
    path("khoan-vay/<int:pk>/thu-no-da-xoa/", recovering.recover_debt, name="recover"),
    path(
        "khoan-vay/thu-no-da-xoa/<int:pk>/dao/",
        recovering.take_back_recovery,
        name="take_back_recovery",
    ),
]
