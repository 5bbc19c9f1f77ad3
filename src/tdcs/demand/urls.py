from django.urls import path

from tdcs.demand.views import surveys

# Included with the addresses of households (tdcs.web.urls_households), under their names.
urlpatterns = [
    path("nhu-cau/", surveys.surveys_page, name="surveys"),
    path("nhu-cau/mo/", surveys.open_page, name="open_survey"),
    path("nhu-cau/<int:pk>/", surveys.survey_page, name="survey"),
    path("nhu-cau/<int:pk>/ghi/", surveys.need_page, name="need"),
    path("nhu-cau/<int:pk>/lam/", surveys.act, name="act_survey"),
    path("tiep-can/", surveys.access_page, name="access"),
]
