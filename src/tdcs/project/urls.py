"""Every address of the site."""

from django.urls import include, path

from tdcs.plans import urls as plans
from tdcs.reporting import urls as reporting
from tdcs.web import views_errors

# Reports have kept their addresses and names under the plan.
_PLAN = [*plans.urlpatterns, *reporting.urlpatterns]

urlpatterns = [
    path("tai-khoan/", include("allauth.urls")),
    path("tai-khoan/", include("tdcs.access.urls")),
    path("ban-nhap/", include("tdcs.drafts.urls")),
    path("don-vi/", include("tdcs.web.urls_units")),
    path("thiet-lap/", include("tdcs.web.urls_setup")),
    path("nhat-ky/", include("tdcs.web.urls_trail")),
    path("van-ban/", include("tdcs.letters.urls")),
    path("ke-hoach/", include((_PLAN, "plans"))),
    path("phong-trao/", include("tdcs.outreach.urls")),
    path("ban-dai-dien/", include("tdcs.boards.urls")),
    path("chuong-trinh/", include("tdcs.programmes.urls")),
    path("ho/", include("tdcs.web.urls_households")),
    path("to/", include("tdcs.web.urls_groups")),
    path("vay/", include("tdcs.loans.urls")),
    path("phien/", include("tdcs.transaction_points.urls")),
    path("bien-lai/", include("tdcs.transaction_points.urls_receipts")),
    path("kiem-tra/", include("tdcs.oversight.urls")),
    path("chi-tieu/", include("tdcs.indicators.urls")),
    path("ke-hoach-tin-dung/", include("tdcs.credit_plan.urls")),
    path("du-bao/", include("tdcs.forecasting.urls")),
    path("von/", include("tdcs.capital.urls")),
    path("thu-nghiem-chinh-sach/", include("tdcs.policy_lab.urls")),
    path("de-an/", include("tdcs.scheme.urls")),
    path("rui-ro/", include("tdcs.problem_loans.urls")),
    path("so-cai/", include("tdcs.ledger.urls")),
    path("gui/", include("tdcs.sending.urls")),
    path("viec-dang-chay/", include("tdcs.jobs.urls")),
    path("sao-ke/", include("tdcs.imports.urls")),
    path("bieu/", include("tdcs.sheets.urls")),
    path("mau-word/", include("tdcs.word_templates.urls")),
    path("so-ngay/", include("tdcs.closing.urls")),
    path("", include("tdcs.web.urls")),
]
handler400 = views_errors.bad_request
handler403 = views_errors.permission_denied
handler404 = views_errors.page_not_found
handler500 = views_errors.server_error
