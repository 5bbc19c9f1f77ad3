"""Forms of lending as files."""

from django.urls import URLPattern, path

from tdcs.loans.views import forms

urlpatterns: list[URLPattern] = [
    path(
        "mau/ho-so/<int:pk>/<str:form>/<str:fmt>/", forms.application_form, name="application_form"
    ),
    path("mau/khoan-vay/<int:pk>/<str:form>/<str:fmt>/", forms.loan_form, name="loan_form"),
    path("mau/to/<int:pk>/13-TD/<str:fmt>/", forms.group_sheet, name="group_sheet"),
    path("mau/yeu-cau/<int:pk>/<str:form>/<str:fmt>/", forms.request_form, name="request_form"),
]
