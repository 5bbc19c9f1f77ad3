from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "tdcs.imports"
    verbose_name = "Nhập sao kê"
