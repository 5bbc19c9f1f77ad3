"""Addresses of households: the room's own, and the page that shows what several rooms know of one household."""

from django.urls import path

from tdcs.demand.urls import urlpatterns as demand
from tdcs.households.urls import urlpatterns as own
from tdcs.web import views_household

app_name = "households"

urlpatterns = [
    *own,
    *demand,
    path("<int:pk>/", views_household.household_page, name="household"),
    path("<int:pk>/hien/<int:person>/", views_household.unmask, name="unmask"),
]
