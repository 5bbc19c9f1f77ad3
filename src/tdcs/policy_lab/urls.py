"""Addresses of the policy laboratory."""

from django.urls import path

from tdcs.policy_lab.views.comparisons import end, memo, overview, show
from tdcs.policy_lab.views.drafting import draft, overlay_file

app_name = "policy_lab"

urlpatterns = [
    path("", overview, name="overview"),
    path("du-thao/", draft, name="draft"),
    path("<int:key>/", show, name="show"),
    path("<int:key>/du-thao.yaml", overlay_file, name="overlay"),
    path("<int:key>/bao-cao.<str:fmt>", memo, name="memo"),
    path("<int:key>/bo/", end, name="end"),
]
