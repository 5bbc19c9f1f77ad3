from django.apps import AppConfig


class CapitalConfig(AppConfig):
    name = "tdcs.capital"
    verbose_name = "Nguồn vốn"

    def ready(self) -> None:
        """Hand down what this room keeps on organisations."""
        from tdcs.capital.answers import hand_down

        hand_down()
