"""Loans: the list, its totals, one loan."""

from django.urls import URLPattern, path

from tdcs.loans.views import crediting, loan, loans, recovering, scans

urlpatterns: list[URLPattern] = [
    path("khoan-vay/", loans.list_page, name="loans"),
    path("khoan-vay/cong/", loans.totals, name="loans_totals"),
    path("khoan-vay/<int:pk>/", loan.loan_page, name="loan"),
    path("khoan-vay/<int:pk>/tra-lai-lai/", crediting.refund, name="refund"),
    path("khoan-vay/<int:pk>/thu-no-da-xoa/", recovering.recover_debt, name="recover"),
    path(
        "khoan-vay/thu-no-da-xoa/<int:pk>/dao/",
        recovering.take_back_recovery,
        name="take_back_recovery",
    ),
    path("khoan-vay/<int:pk>/giay-to/", scans.add_scan, name="add_scan"),
    path("khoan-vay/<int:pk>/giay-to/<int:scan>/", scans.read_scan, name="read_scan"),
    path("khoan-vay/<int:pk>/giay-to/<int:scan>/go/", scans.take_scan_back, name="take_scan_back"),
]
