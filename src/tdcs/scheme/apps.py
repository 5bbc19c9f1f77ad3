from django.apps import AppConfig


class SchemeConfig(AppConfig):
    name = "tdcs.scheme"
    verbose_name = "Đề án"
