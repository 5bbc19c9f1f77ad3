from django.apps import AppConfig


class ForecastingConfig(AppConfig):
    name = "tdcs.forecasting"
    verbose_name = "Dự báo"
