"""Applications: the list, asking for a loan, one application and its steps."""

from django.urls import URLPattern, path

from tdcs.loans.views import application, application_forms, applications

urlpatterns: list[URLPattern] = [
    path("ho-so/", applications.list_page, name="applications"),
    path("ho-so/nhieu/", applications.bulk, name="applications_bulk"),
    path("ho-so/moi/", application_forms.apply_page, name="apply"),
    path("ho-so/moi/quy-dinh/", application_forms.apply_hint, name="apply_hint"),
    path("ho-so/<int:pk>/", application.application_page, name="application"),
]
