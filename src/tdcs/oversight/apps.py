from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "tdcs.oversight"
    verbose_name = "Kiểm tra, giám sát"

    def ready(self) -> None:
        """Say which records serve the plan's tasks."""
        from tdcs.oversight.queries.evidence import kinds
        from tdcs.plans.ports import evidence

        evidence.register("oversight", kinds)
