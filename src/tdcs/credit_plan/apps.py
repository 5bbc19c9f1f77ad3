from django.apps import AppConfig


class CreditPlanConfig(AppConfig):
    name = "tdcs.credit_plan"
    verbose_name = "Kế hoạch tín dụng năm"
