"""Addresses of yearly credit plans."""

from django.urls import path

from tdcs.credit_plan.views import adjusting, allotments, execution, needs, papers, plans, targets

app_name = "credit_plan"

urlpatterns = [
    path("", plans.plans_page, name="list"),
    path("mo/", plans.open_page, name="open"),
    path("<int:year>/", plans.plan_page, name="plan"),
    path("<int:year>/trinh/", plans.submit, name="submit"),
    path("<int:year>/duyet/", plans.decide, name="decide"),
    path("<int:year>/vong/", plans.branch_turn, name="branch_turn"),
    path("<int:year>/y-kien/", plans.office_turn, name="office_turn"),
    path("<int:year>/nhu-cau/", needs.needs_page, name="needs"),
    path("<int:year>/nhu-cau/sua/", needs.correct, name="correct"),
    path("<int:year>/chi-tieu/", targets.targets_page, name="targets"),
    path("<int:year>/chi-tieu/ghi/", targets.put, name="put_target"),
    path("<int:year>/chi-tieu/von/", targets.put_money, name="put_money"),
    path("<int:year>/chi-tieu/chia/", targets.spread, name="spread"),
    path("<int:year>/phan-bo/", allotments.allotments_page, name="allotments"),
    path("<int:year>/phan-bo/ghi/", allotments.put, name="put_amounts"),
    path("<int:year>/phan-bo/de-nghi/", allotments.ask, name="ask"),
    path("<int:year>/thuc-hien/", execution.execution_page, name="execution"),
    path("<int:year>/dieu-chinh/", adjusting.moves_page, name="moves"),
    path("<int:year>/dieu-chinh/nhan/", adjusting.accept, name="accept_moves"),
    path("<int:year>/dieu-chinh/de-nghi/", adjusting.propose, name="propose"),
    path("<int:year>/dieu-chinh/duyet/", adjusting.decide, name="decide_adjustment"),
    path("<int:year>/van-ban/<slug:kind>/<str:fmt>/", papers.paper, name="paper"),
]
