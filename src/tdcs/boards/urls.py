"""Addresses of boards, heads, reviews."""

from django.urls import path

from tdcs.boards.views import boards, meetings, reviews

app_name = "boards"

urlpatterns = [
    path("", boards.list_page, name="list"),
    path("<int:pk>/", boards.board_page, name="board"),
    path("<int:pk>/ghe/", boards.seat, name="seat"),
    path("<int:pk>/hop/", meetings.plan_page, name="plan_meeting"),
    path("<int:pk>/thu-lao/", boards.remuneration, name="remuneration"),
    path("hop/", meetings.list_page, name="meetings"),
    path("hop/<int:pk>/", meetings.meeting_page, name="meeting"),
    path("hop/<int:pk>/chuan-bi/", meetings.prepare, name="prepare"),
    path("hop/<int:pk>/bieu-quyet/", meetings.decide, name="decide"),
    path("hop/<int:pk>/<slug:kind>/<str:fmt>/", meetings.paper, name="paper"),
    path("nguoi-dung-dau/", reviews.heads_page, name="heads"),
    path("nguoi-dung-dau/<int:pk>/", reviews.head_page, name="head"),
    path("nguoi-dung-dau/<int:pk>/ghi/", boards.holder_page, name="holder"),
    path("kiem-diem/", reviews.reviews_page, name="reviews"),
    path("kiem-diem/lap/", reviews.open_review, name="open_review"),
    path("kiem-diem/<int:pk>/", reviews.review_page, name="review"),
    path("kiem-diem/<int:pk>/luu/", reviews.save_review, name="save_review"),
    path("kiem-diem/<int:pk>/<str:fmt>/", reviews.review_file, name="review_file"),
    path("giao-ban/", reviews.sheets_page, name="sheets"),
    path("giao-ban/phien/<int:pk>/", reviews.draw_sheet, name="draw_sheet"),
    path("giao-ban/<int:pk>/", reviews.sheet_page, name="sheet"),
    path("giao-ban/<int:pk>/<str:fmt>/", reviews.sheet_file, name="sheet_file"),
]
