from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tdcs.ledger"
    verbose_name = "Sổ cái"
