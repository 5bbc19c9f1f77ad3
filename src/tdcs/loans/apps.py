from django.apps import AppConfig


class LoansConfig(AppConfig):
    name = "tdcs.loans"
    verbose_name = "Khoản vay"

    def ready(self) -> None:
        """Hand down to households what loans know of them."""
        from tdcs.loans.answers_households import hand_down

        hand_down()
