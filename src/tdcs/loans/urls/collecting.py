"""Collecting: groups by session day, a group's sheet, one borrower; their results."""

from django.urls import URLPattern, path

from tdcs.loans.views import collecting, sheet_reversing, sheets

urlpatterns: list[URLPattern] = [
    path("thu-no/", sheets.list_page, name="sheets"),
    path("thu-no/to/<int:pk>/", sheets.sheet_page, name="sheet"),
    path("thu-no/to/<int:pk>/ket-qua/<int:entry>/", sheets.done_page, name="sheet_done"),
    path(
        "thu-no/but-toan/<int:entry>/dao/", sheet_reversing.reverse_sheet_page, name="reverse_sheet"
    ),
    path("thu-no/khoan-vay/<int:pk>/", collecting.collect_page, name="collect"),
    path(
        "thu-no/khoan-vay/<int:pk>/ket-qua/<int:entry>/",
        collecting.collected_page,
        name="collected",
    ),
]
