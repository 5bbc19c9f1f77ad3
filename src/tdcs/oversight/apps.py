from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "tdcs.oversight"
    verbose_name = "Kiểm tra, giám sát"
