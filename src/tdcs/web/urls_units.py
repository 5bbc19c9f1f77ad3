from django.urls import path

from tdcs.web import views_units

app_name = "organisations"

urlpatterns = [
    path("", views_units.tree, name="tree"),
    path("thay-doi/", views_units.changes, name="changes"),
    path("<int:pk>/", views_units.unit, name="unit"),
    path("<int:pk>/cham-dut/", views_units.end_unit, name="end_unit"),
    path("<int:pk>/doi-ten/", views_units.rename_unit, name="rename_unit"),
    path("<int:pk>/them/", views_units.add_unit, name="add_unit"),
]
