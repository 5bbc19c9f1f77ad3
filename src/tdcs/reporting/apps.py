from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "tdcs.reporting"
    verbose_name = "Báo cáo kế hoạch"
