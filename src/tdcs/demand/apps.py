from django.apps import AppConfig


class DemandConfig(AppConfig):
    name = "tdcs.demand"
    verbose_name = "Nhu cầu vay"
