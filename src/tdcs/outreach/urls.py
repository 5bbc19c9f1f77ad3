"""Addresses of the movement."""

from django.urls import path

from tdcs.outreach.views import classes, commending, registers

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
    path("khen-thuong/", commending.list_page, name="commendations"),
    path("khen-thuong/de-xuat/", commending.propose, name="nominate"),
    path("khen-thuong/quyet-dinh/", commending.decide, name="commend"),
    path("khen-thuong/danh-sach/<str:fmt>/", commending.paper, name="commendation_list"),
    path("lop/", classes.list_page, name="classes"),
    path("lop/moi/", classes.add_page, name="add_class"),
    path("lop/diem-danh/", classes.check_in_page, name="check_in"),
    path("lop/<int:pk>/", classes.class_page, name="class"),
    path("lop/<int:pk>/lam/", classes.act, name="class_act"),
    path("lop/<int:pk>/diem-danh/", classes.sheet_file, name="class_sheet"),
    path("lop/buoi/<int:pk>/qr.svg", classes.picture, name="qr"),
    path("lop/buoi/<int:pk>/", classes.session_page, name="class_session"),
]
