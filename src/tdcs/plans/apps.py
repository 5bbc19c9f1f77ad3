from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tdcs.plans"
    verbose_name = "Kế hoạch"

    def ready(self) -> None:
        """Register what the plan knows of tasks done in time, and for lending the bell."""
        from tdcs.plans.providers import register

        register()
