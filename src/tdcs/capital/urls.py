"""Addresses of capital."""

from django.urls import path

from tdcs.capital.views import budgets, owning, register, sources

app_name = "capital"

urlpatterns = [
    path("", sources.overview, name="overview"),
    path("nguon/<int:pk>/", sources.source_page, name="source"),
    path("nguon/<int:pk>/quyet-dinh/", sources.add_contract, name="add_contract"),
    path("nguon/<int:pk>/nhan/", sources.take_in, name="receive"),
    path("nguon/<int:pk>/hoan-tra/", owning.pay_back, name="pay_back"),
    path("nguon/<int:pk>/ban-giao/", owning.succeed, name="succeed"),
    path("nguon/<int:pk>/bo/", owning.remove, name="remove"),
    path("nguon/<int:pk>/phan-bo-lai/", sources.share, name="share"),
    path("quyet-dinh/<int:pk>/dot/", sources.add_tranche, name="add_tranche"),
    path("dot/<int:pk>/thoi/", sources.cancel, name="cancel_tranche"),
    path("khoan-nhan/<int:pk>/dao/", sources.reverse, name="reverse"),
    path("ngan-sach/", budgets.budgets_page, name="budgets"),
    path("ngan-sach/du-toan/", budgets.add_estimate, name="add_estimate"),
    path("ngan-sach/du-toan/<int:pk>/nghi-quyet/", budgets.resolve, name="resolve"),
    path("ngan-sach/du-toan/<int:pk>/rut/", budgets.withdraw, name="withdraw_estimate"),
    path("ngan-sach/dot/<int:pk>/lenh-chi/", budgets.order, name="order"),
    path("ngan-sach/xac-nhan/", budgets.draw, name="draw_confirmation"),
    path("ngan-sach/xac-nhan/<int:pk>/ngan-hang/", budgets.sign_bank, name="sign_bank"),
    path("ngan-sach/xac-nhan/<int:pk>/ben-uy-thac/", budgets.sign_budget, name="sign_budget"),
    path("ngan-sach/xac-nhan/<int:pk>/<str:fmt>/", budgets.confirmation_file, name="confirmation"),
    path("dang-ky/", register.register_page, name="register"),
    path("dang-ky/them/", register.add_fund, name="add_fund"),
    path("dang-ky/<int:pk>/buoc/", register.step_fund, name="step_fund"),
    path("dang-ky/<int:pk>/nhan/", register.move_fund, name="move_fund"),
    path("van-dong/", register.campaigns_page, name="campaigns"),
    path("van-dong/them/", register.add_campaign, name="add_campaign"),
    path("van-dong/<int:pk>/dang-ky/", register.add_pledge, name="add_pledge"),
    path("van-dong/khoan/<int:pk>/nhan/", register.receive_pledge, name="receive_pledge"),
]
