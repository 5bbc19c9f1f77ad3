"""Addresses of inspections, findings and programmes."""

from django.urls import path

from tdcs.oversight.views import coverage, findings, inspections, papers, programmes, reconciling

app_name = "oversight"

urlpatterns = [
    path("", coverage.overview, name="overview"),
    path("can-kiem-tra/", coverage.open_list, name="open"),
    path("chuong-trinh/", programmes.list_page, name="programmes"),
    path("chuong-trinh/mo/", programmes.open_new, name="open_programme"),
    path("chuong-trinh/<int:pk>/", programmes.programme_page, name="programme"),
    path("chuong-trinh/<int:pk>/them/", programmes.add, name="plan"),
    path("chuong-trinh/<int:pk>/trinh/", programmes.submit_one, name="submit"),
    path("chuong-trinh/<int:pk>/duyet/", programmes.decide, name="decide"),
    path("chuong-trinh/<int:pk>/mau/", programmes.sample, name="sample"),
    path("chuong-trinh/<int:pk>/01-KH/<str:fmt>/", papers.programme, name="programme_paper"),
    path("chuong-trinh/<int:pk>/04-BC-TH/<str:fmt>/", papers.summary, name="summary_paper"),
    path("mau/<int:pk>/", programmes.sample_page, name="sample_page"),
    path("dot/", inspections.list_page, name="inspections"),
    path("dot/lap/", inspections.prepare, name="prepare"),
    path("dot/<int:pk>/", inspections.inspection_page, name="inspection"),
    path("dot/<int:pk>/bat-dau/", inspections.start_one, name="start"),
    path("dot/<int:pk>/tra-loi/", inspections.record_answers, name="answers"),
    path("dot/<int:pk>/ket-thuc/", inspections.finish_one, name="finish"),
    path("dot/<int:pk>/huy/", inspections.cancel_one, name="cancel"),
    path("dot/<int:pk>/anh/", inspections.photo, name="photo"),
    path("dot/<int:pk>/ton-tai/", findings.raise_one, name="raise"),
    path("dot/<int:pk>/ho/<int:loan>/", inspections.visit_page, name="visit"),
    path("dot/<int:pk>/danh-sach/<str:fmt>/", papers.borrowers, name="list_paper"),
    path("dot/<int:pk>/bien-ban/<str:fmt>/", papers.inspection_minutes, name="minutes"),
    path("anh/<int:pk>/", papers.photo_file, name="photo_file"),
    path("doi-chieu/", reconciling.list_page, name="campaigns"),
    path("doi-chieu/mo/", reconciling.open_new, name="open_campaign"),
    path("doi-chieu/<int:pk>/", reconciling.campaign_page, name="campaign"),
    path("doi-chieu/<int:pk>/tep/", reconciling.take_file, name="take_results"),
    path("doi-chieu/<int:pk>/ket-thuc/", reconciling.close_one, name="close_campaign"),
    path("doi-chieu/<int:pk>/15-TD/<str:fmt>/", reconciling.sign_list, name="sign_list"),
    path("doi-chieu/khoan/<int:pk>/", reconciling.line_page, name="line"),
    path("doi-chieu/khoan/<int:pk>/ghi/", reconciling.record_one, name="record_result"),
    path("doi-chieu/khoan/<int:pk>/xac-minh/", reconciling.examine, name="examine_case"),
    path("doi-chieu/khoan/<int:pk>/ket-luan/", reconciling.decide, name="decide_case"),
    path("ton-tai/", findings.list_page, name="findings"),
    path("ton-tai/<int:pk>/", findings.finding_page, name="finding"),
    path("ton-tai/<int:pk>/bao/", findings.answer_one, name="answer_finding"),
    path("ton-tai/<int:pk>/khep/", findings.close_one, name="close_finding"),
    path("ton-tai/<int:pk>/mo-lai/", findings.reopen_one, name="reopen_finding"),
    path("minh-chung/<int:pk>/", papers.proof_file, name="proof_file"),
]
