from django.apps import AppConfig


class CapitalConfig(AppConfig):
    name = "tdcs.capital"
    verbose_name = "Nguồn vốn"
