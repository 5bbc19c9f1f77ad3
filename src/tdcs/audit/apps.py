from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "tdcs.audit"
    verbose_name = "Nhật ký"

    def ready(self) -> None:
        from tdcs.audit import services, versions
        from tdcs.core import trail

        trail.sink.register(services.write_line)
        post_migrate.connect(versions.watch, sender=self)
