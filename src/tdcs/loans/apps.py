from django.apps import AppConfig


class LoansConfig(AppConfig):
    name = "tdcs.loans"
    verbose_name = "Khoản vay"

    def ready(self) -> None:
        """Hand down to households and groups what loans know of them."""
        from tdcs.loans import answers_ending, answers_groups, answers_households
        from tdcs.loans.services import sheet_undoing, undoing

        answers_households.hand_down()
        answers_groups.hand_down()
        answers_ending.hand_down()
        undoing.hand_down()
        sheet_undoing.hand_down()
