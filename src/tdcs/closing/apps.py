from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "tdcs.closing"
    verbose_name = "Khóa sổ ngày"

    def ready(self) -> None:
        """Register what is done when a session is handed in after its day was closed."""
        from tdcs.closing.services import late_sessions, reported
        from tdcs.closing.services.closing import last_kept
        from tdcs.imports import ports as imports
        from tdcs.jobs import kinds
        from tdcs.transaction_points import ports

        kinds.register(late_sessions.KIND)
        ports.booked_late.register(late_sessions.booked_late)
        imports.days_reported.register(reported.write_reported_days)
        imports.last_closed.register(last_kept)
