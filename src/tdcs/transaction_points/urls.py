"""Addresses of sessions and points."""

from django.urls import path

from tdcs.transaction_points.views import (
    app,
    cases,
    devices,
    holding,
    leader_receipts,
    papers,
    points,
    results,
    schedule,
    transfers,
)

app_name = "points"

urlpatterns = [
    path("", schedule.calendar_page, name="calendar"),
    path("ket-qua/", results.results_page, name="results"),
    path("lap-lich/", schedule.plan, name="plan"),
    path("<int:pk>/", schedule.session_page, name="session"),
    path("<int:pk>/doi-ngay/", schedule.move, name="move"),
    path("<int:pk>/to-giao-dich/", schedule.team, name="team"),
    path("<int:pk>/buoc/<str:verb>/", holding.step, name="step"),
    path("<int:pk>/tien-mat/", holding.cash, name="cash"),
    path("<int:pk>/so-lieu/", holding.summary_page, name="summary"),
    path("<int:pk>/thong-bao/<str:fmt>/", papers.notice, name="notice"),
    path("<int:pk>/niem-yet/<str:fmt>/", papers.posting, name="posting"),
    path("<int:pk>/bien-ban/<str:fmt>/", papers.session_minutes, name="minutes"),
    path("<int:pk>/den-han/", papers.due_lists, name="due_lists"),
    path("<int:pk>/den-han/<int:group>/<str:fmt>/", papers.group_due_list, name="due_list"),
    path("<int:pk>/goi/", devices.pack, name="pack"),
    path("<int:pk>/khoa-duyet/", devices.member_key, name="member_key"),
    path("<int:pk>/nhat-ky/", devices.log_piece, name="log"),
    path("<int:pk>/ung-dung/", app.of_session, name="app_of_session"),
    path("ung-dung/", app.page, name="app"),
    path("ung-dung/sw.js", app.worker, name="app_worker"),
    path("ung-dung/toi/", app.me, name="app_me"),
    path("ung-dung/thiet-bi/", app.register, name="app_register"),
    path("thiet-bi/", devices.devices_page, name="devices"),
    path("thiet-bi/dang-ky/", devices.register, name="register_device"),
    path("thiet-bi/<int:pk>/thu-hoi/", devices.revoke, name="revoke_device"),
    path("goi/<int:pk>/thu-hoi/", devices.revoke_pack, name="revoke_pack"),
    path("vuong-mac/", cases.list_page, name="cases"),
    path("vuong-mac/<int:pk>/", cases.case_page, name="case"),
    path("vuong-mac/<int:pk>/hach-toan/", cases.post_again, name="post_case"),
    path("vuong-mac/<int:pk>/xu-ly/", cases.resolve, name="resolve"),
    path("bien-lai-to-truong/", leader_receipts.list_page, name="leader_receipts"),
    path("bien-lai-to-truong/mau/", leader_receipts.template, name="leader_receipt_template"),
    path("<int:pk>/bien-lai-to-truong/nap/", leader_receipts.read, name="read_leader_receipts"),
    path(
        "<int:pk>/bien-lai-to-truong/<int:household>/", leader_receipts.note, name="note_difference"
    ),
    path("chuyen-khoan/", transfers.list_page, name="credits"),
    path("chuyen-khoan/mau/", transfers.template, name="credit_template"),
    path("chuyen-khoan/nap/", transfers.read, name="read_credits"),
    path("chuyen-khoan/tai-khoan/", transfers.account, name="transfer_account"),
    path("chuyen-khoan/<int:pk>/", transfers.handle, name="handle_credit"),
    path("<int:pk>/vietqr/<int:loan>/", transfers.code, name="vietqr"),
    path("diem/", points.list_page, name="list"),
    path("diem/<str:code>/", points.point_page, name="point"),
    path("diem/<str:code>/doi/", points.change, name="change_point"),
    path("diem/<str:code>/xep-to/", points.place, name="place_groups"),
]
