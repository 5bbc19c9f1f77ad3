"""The address that receipts of sessions carry; open to all."""

from django.urls import path

from tdcs.transaction_points.views import receipts

app_name = "receipts"

urlpatterns = [path("kiem-tra/", receipts.check_page, name="check")]
