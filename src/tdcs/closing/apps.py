from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "tdcs.closing"
    verbose_name = "Khóa sổ ngày"
