from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "tdcs.households"
    verbose_name = "Hộ"
