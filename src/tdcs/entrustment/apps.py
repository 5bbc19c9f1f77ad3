from django.apps import AppConfig


class EntrustmentConfig(AppConfig):
    name = "tdcs.entrustment"
    verbose_name = "Ủy thác"

    def ready(self) -> None:
        """Register what groups know of households."""
        from tdcs.entrustment import providers, providers_ending
        from tdcs.entrustment.services import undoing

        providers.register()
        providers_ending.register()
        undoing.register()
