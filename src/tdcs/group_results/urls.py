from django.urls import path

from tdcs.group_results.views import earnings, rating

# Included with the addresses of groups (tdcs.web.urls_groups), under their names.
urlpatterns = [
    path("xep-loai/", rating.ratings_page, name="ratings"),
    path("xep-loai/cham/", rating.rate, name="rate"),
    path("hoa-hong/", earnings.earnings_page, name="earnings"),
]
