from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tdcs.access"
    verbose_name = "Người dùng và quyền"

    def ready(self) -> None:
        """Register what this room keeps on organisations; have limits of sign-ins counted by all workers together."""
        from allauth.core.internal import ratelimit
        from django.core.cache import caches
        from django.utils.connection import ConnectionProxy

        from tdcs.access.providers import register

        register()
        # allauth knows the default cache only, which here lies in each worker's own memory.
        ratelimit.cache = ConnectionProxy(caches, "limits")
