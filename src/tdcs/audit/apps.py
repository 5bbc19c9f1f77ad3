from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tdcs.audit"
    verbose_name = "Nhật ký"

    def ready(self) -> None:
        from tdcs.audit import services
        from tdcs.core import trail

        trail.sink.register(services.write_line)
