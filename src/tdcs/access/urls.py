from django.urls import path

from tdcs.access import views, views_handover

app_name = "access"

urlpatterns = [
    path("doi-vai/", views.switch, name="switch"),
    path("ngon-ngu/", views.language, name="language"),
    path("cua-toi/", views.profile, name="profile"),
    path("nguoi-dung/", views.people, name="people"),
    path("ban-giao/", views_handover.handovers, name="handovers"),
    path("lam-thay/", views_handover.act, name="act_for"),
    path("quyen/", views.permissions, name="permissions"),
]
