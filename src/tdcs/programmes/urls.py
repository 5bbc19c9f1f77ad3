from django.urls import path

from tdcs.programmes import views, views_library

app_name = "programmes"

urlpatterns = [
    path("", views.list_page, name="list"),
    path("van-ban/", views_library.library_page, name="library"),
    path("van-ban/<slug:code>/", views_library.document_page, name="document"),
    path("<str:code>/", views.programme_page, name="programme"),
]
