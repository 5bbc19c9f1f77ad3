from django.apps import AppConfig


class CapitalConfig(AppConfig):
    name = "tdcs.capital"
    verbose_name = "Nguồn vốn"

    def ready(self) -> None:
        """Register what this room keeps on organisations, and how its receipts are undone."""
        from tdcs.capital import providers
        from tdcs.capital.services import undoing

        providers.register()
        undoing.register()
