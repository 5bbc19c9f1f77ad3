from django.apps import AppConfig


class EntrustmentConfig(AppConfig):
    name = "tdcs.entrustment"
    verbose_name = "Ủy thác"
