"""Every address of the site."""

from django.conf import settings
from django.urls import include, path

from tdcs.web import views_errors

urlpatterns = [
    path("tai-khoan/", include("allauth.urls")),
    path("tai-khoan/", include("tdcs.access.urls")),
    path("don-vi/", include("tdcs.organisations.urls")),
    path("ke-hoach/", include("tdcs.plans.urls")),
    path("", include("tdcs.web.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("tdcs.demo.urls")))

handler400 = views_errors.bad_request
handler403 = views_errors.permission_denied
handler404 = views_errors.page_not_found
handler500 = views_errors.server_error
