from django.urls import path

from tdcs.closing.views import closes, decree_letters, decrees

app_name = "closing"

urlpatterns = [
    path("", closes.list_page, name="list"),
    path("khoa/", closes.close, name="close"),
    path("<int:pk>/", closes.run_page, name="run"),
    path("quyet-dinh/", decrees.list_page, name="decrees"),
    path("quyet-dinh/<str:document>/", decrees.decree_page, name="decree"),
    path("quyet-dinh/<str:document>/de-nghi/", decrees.ask, name="decree-ask"),
    path("quyet-dinh/<str:document>/xac-nhan/", decrees.decide, name="decree-decide"),
    path("quyet-dinh/<str:document>/lam-tiep/", decrees.resume, name="decree-resume"),
    path("quyet-dinh/<str:document>/thu/", decree_letters.letters_page, name="decree-letters"),
    path(
        "quyet-dinh/<str:document>/thu/<int:pk>/<str:fmt>/",
        decree_letters.letter,
        name="decree-letter",
    ),
    path(
        "quyet-dinh/<str:document>/thong-bao/<str:fmt>/",
        decree_letters.notice,
        name="decree-notice",
    ),
]
