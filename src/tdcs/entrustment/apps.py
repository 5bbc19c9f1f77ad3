from django.apps import AppConfig


class EntrustmentConfig(AppConfig):
    name = "tdcs.entrustment"
    verbose_name = "Ủy thác"

    def ready(self) -> None:
        """Hand down to households what groups know of them."""
        from tdcs.entrustment import answers, answers_ending
        from tdcs.entrustment.services import undoing

        answers.hand_down()
        answers_ending.hand_down()
        undoing.hand_down()
