from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tdcs.plans"
    verbose_name = "Kế hoạch"
