from django.apps import AppConfig


class LoansConfig(AppConfig):
    name = "tdcs.loans"
    verbose_name = "Khoản vay"

    def ready(self) -> None:
        """Register what loans know of households and groups."""
        from tdcs.loans import (
            providers_capital,
            providers_ending,
            providers_groups,
            providers_households,
        )
        from tdcs.loans.services import sheet_undoing, undoing

        providers_households.register()
        providers_groups.register()
        providers_ending.register()
        providers_capital.register()
        undoing.register()
        sheet_undoing.register()
