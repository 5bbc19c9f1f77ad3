from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "tdcs.programmes"
    verbose_name = "Chương trình tín dụng"

    def ready(self) -> None:
        """Hand down to households who qualifies for what."""
        from tdcs.programmes.answers import hand_down

        hand_down()
