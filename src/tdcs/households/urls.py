# The whole set of addresses is tdcs.web.urls_households.
from django.urls import path

from tdcs.households.views import changes, lists, merging, reviews, scans

urlpatterns = [
    path("", lists.list_page, name="list"),
    path("moi/", lists.register_page, name="register"),
    path("<int:pk>/thanh-vien/", changes.add_member, name="add_member"),
    path("<int:pk>/nguoi/<int:person>/", changes.correct_person, name="correct_person"),
    path("<int:pk>/thanh-vien/<int:member>/roi/", changes.end_membership, name="end_membership"),
    path("<int:pk>/chu-ho/", changes.change_head, name="change_head"),
    path("<int:pk>/chuyen/", changes.move, name="move"),
    path("<int:pk>/tach/", changes.split, name="split"),
    path("<int:pk>/ket-thuc/", changes.end_household, name="end"),
    path("<int:pk>/gop/", merging.merge_page, name="merge"),
    path("<int:pk>/gop/<int:merge>/hoan-tac/", merging.undo_page, name="undo_merge"),
    path("<int:pk>/dien/", changes.grant, name="grant"),
    path("<int:pk>/dien/<int:spell>/ket-thuc/", changes.end_spell, name="end_spell"),
    path("<int:pk>/giay-to/", scans.add_scan, name="add_scan"),
    path("<int:pk>/giay-to/<int:scan>/", scans.read_scan, name="read_scan"),
    path("<int:pk>/giay-to/<int:scan>/go/", scans.take_scan_back, name="take_scan_back"),
    path("ra-soat/", reviews.reviews_page, name="reviews"),
    path("ra-soat/mo/", reviews.open_page, name="open_review"),
    path("ra-soat/<int:pk>/", reviews.review_page, name="review"),
    path("ra-soat/<int:pk>/nhap/", reviews.import_page, name="import"),
    path("ra-soat/<int:pk>/ho/", reviews.line_page, name="line"),
    path("ra-soat/<int:pk>/lam/", reviews.act, name="act_review"),
    path("ra-soat/<int:pk>/duyet/", reviews.approve_page, name="approve"),
    path("ra-soat/<int:pk>/tai/<str:fmt>/", reviews.export, name="export_review"),
]
