from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "tdcs.programmes"
    verbose_name = "Chương trình tín dụng"
