from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tdcs.access"
    verbose_name = "Người dùng và quyền"

    def ready(self) -> None:
        """Register what this room keeps on organisations."""
        from tdcs.access.providers import register

        register()
