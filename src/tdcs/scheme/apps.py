from django.apps import AppConfig


class SchemeConfig(AppConfig):
    name = "tdcs.scheme"
    verbose_name = "Đề án"

    def ready(self) -> None:
        """Say which records serve the plan's tasks."""
        from tdcs.plans.ports import evidence
        from tdcs.scheme.queries.evidence import kinds

        evidence.register("scheme", kinds)
