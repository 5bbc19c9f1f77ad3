"""Addresses of the movement."""

from django.urls import path

from tdcs.outreach.views import registers

app_name = "outreach"

urlpatterns = [
    path("", registers.overview, name="overview"),
    path("so/<slug:code>/", registers.register_page, name="register"),
    path("so/<slug:code>/ghi/", registers.add_page, name="add"),
    path("so/<slug:code>/nhap/", registers.import_page, name="import"),
    path("so/<slug:code>/mau/", registers.template_file, name="template"),
    path("dong/<int:pk>/", registers.record_page, name="record"),
    path("dong/<int:pk>/tep/", registers.record_file, name="record_file"),
    path("dong/<int:pk>/sua/", registers.change_page, name="change"),
    path("dong/<int:pk>/go/", registers.withdraw, name="withdraw"),
]
