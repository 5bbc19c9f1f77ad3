from django.apps import AppConfig


class TransactionPointsConfig(AppConfig):
    name = "tdcs.transaction_points"
    verbose_name = "Điểm giao dịch"
