from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "tdcs.indicators"
    verbose_name = "Chỉ tiêu"

    def ready(self) -> None:
        """Hand down to the close what is made of closed days."""
        from tdcs.closing import above
        from tdcs.indicators.services import prepare_closed

        above.install(after=prepare_closed)
