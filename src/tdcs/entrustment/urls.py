# The whole set of addresses is tdcs.web.urls_groups.
from django.urls import path

from tdcs.entrustment.views import admitting, changes, lists, savings

urlpatterns = [
    path("moi/", lists.found_page, name="found"),
    path("theo-xa-moi/", lists.follow, name="follow"),
    path("<int:pk>/sua/", changes.change, name="change"),
    path("<int:pk>/ket-nap/", admitting.admit_page, name="admit"),
    path("<int:pk>/to-vien/<int:member>/ra/", changes.leave, name="leave"),
    path("<int:pk>/to-vien/<int:member>/chuyen/", changes.move, name="move"),
    path("<int:pk>/sap-nhap/", changes.merge, name="merge"),
    path("<int:pk>/giai-the/", changes.dissolve, name="dissolve"),
    path("<int:pk>/ban-quan-ly/", changes.appoint, name="appoint"),
    path("<int:pk>/hop-dong/", changes.contract, name="contract"),
    path("<int:pk>/tai-khoan/", changes.account_of_group, name="group_account"),
    path("<int:pk>/tien-gui/", savings.open_page, name="open_account"),
    path("tien-gui/<int:pk>/", savings.account_page, name="account"),
    path("tien-gui/<int:pk>/thu-chi/", savings.pay, name="pay"),
    path("tien-gui/<int:pk>/dao/<int:event>/", savings.reverse_event, name="reverse_event"),
    path("tien-gui/<int:pk>/dong/", savings.close, name="close_account"),
]
