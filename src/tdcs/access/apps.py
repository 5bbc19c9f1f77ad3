from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tdcs.access"
    verbose_name = "Người dùng và quyền"

    def ready(self) -> None:
        """Hand down what this room keeps on organisations."""
        from tdcs.access.answers import hand_down

        hand_down()
