"""Loans: the list, one loan."""

from django.urls import URLPattern, path

from tdcs.loans.views import loan

urlpatterns: list[URLPattern] = [
    path("khoan-vay/<int:pk>/", loan.loan_page, name="loan"),
]
