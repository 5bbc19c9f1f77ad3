from django.apps import AppConfig


class LoansConfig(AppConfig):
    name = "tdcs.loans"
    verbose_name = "Khoản vay"
