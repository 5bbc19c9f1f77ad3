"""Addresses of warnings, dossiers and rounds."""

from django.urls import path

from tdcs.problem_loans.views import dossiers, rounds, warnings

app_name = "problem_loans"

urlpatterns = [
    path("canh-bao/", warnings.list_page, name="warnings"),
    path("canh-bao/tinh-lai/", warnings.compute, name="raise_warnings"),
    path("canh-bao/<int:pk>/", warnings.warning_page, name="warning"),
    path("canh-bao/<int:pk>/ghi/", warnings.note_warning, name="note_warning"),
    path("ho/", dossiers.list_page, name="dossiers"),
    path("ho/mo/<int:household>/", dossiers.open_page, name="open_dossier"),
    path("ho/<int:pk>/", dossiers.dossier_page, name="dossier"),
    path("ho/<int:pk>/lam-viec/", dossiers.contact, name="contact"),
    path("ho/<int:pk>/bien-ban/<int:contact>/<str:fmt>/", dossiers.minutes, name="minutes"),
    path("ho/<int:pk>/buoc/<str:verb>/", dossiers.act, name="act_dossier"),
    path("khoanh-no/", dossiers.freezes, name="freezes"),
    path("dot/", rounds.list_page, name="rounds"),
    path("dot/mo/", rounds.open_round, name="open_round"),
    path("dot/<int:pk>/", rounds.round_page, name="round"),
    path("dot/<int:pk>/mon-no/", rounds.add_case, name="add_case"),
    path("dot/<int:pk>/mon-no/<int:case>/bo/", rounds.remove_case, name="remove_case"),
    path("dot/<int:pk>/trinh/", rounds.submit, name="submit_round"),
    path("dot/<int:pk>/quyet-dinh/", rounds.decide, name="decide_round"),
    path("dot/<int:pk>/danh-sach/<str:fmt>/", rounds.round_paper, name="round_paper"),
]
