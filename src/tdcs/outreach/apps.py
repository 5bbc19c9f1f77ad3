from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "tdcs.outreach"
    verbose_name = "Phong trào"

    def ready(self) -> None:
        """Say which records serve the plan's tasks."""
        from tdcs.outreach.queries.evidence import kinds
        from tdcs.plans.ports import evidence

        evidence.register("outreach", kinds)
