from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "tdcs.indicators"
    verbose_name = "Chỉ tiêu"
