from django.apps import AppConfig


class CapitalConfig(AppConfig):
    name = "tdcs.capital"
    verbose_name = "Nguồn vốn"

    def ready(self) -> None:
        """Register what this room keeps on organisations."""
        from tdcs.capital.providers import register

        register()
