from django.urls import path

from tdcs.group_results.views import cases, earnings, quality, rating

# Included with the addresses of groups (tdcs.web.urls_groups), under their names.
urlpatterns = [
    path("xep-loai/", rating.ratings_page, name="ratings"),
    path("xep-loai/cham/", rating.rate, name="rate"),
    path("hoa-hong/", earnings.earnings_page, name="earnings"),
    path("chat-luong/", quality.list_page, name="quality"),
    path("kien-toan/", cases.list_page, name="cases"),
    path("kien-toan/<int:pk>/", cases.case_page, name="case"),
    path("kien-toan/<int:pk>/y-kien/", cases.opine, name="case_opine"),
    path("kien-toan/<int:pk>/hop/", cases.vote, name="case_vote"),
    path("kien-toan/<int:pk>/quyet-dinh/", cases.decide, name="case_decide"),
    path("kien-toan/<int:pk>/ban-giao/", cases.hand_over, name="case_hand_over"),
    path("kien-toan/<int:pk>/dung/", cases.drop, name="case_drop"),
    path("kien-toan/<int:pk>/hop/<int:vote>/<str:fmt>/", cases.vote_paper, name="vote_paper"),
    path("kien-toan/<int:pk>/ban-giao/<str:fmt>/", cases.handover_paper, name="handover_paper"),
    path("<int:pk>/kien-toan/", cases.propose, name="propose"),
]
