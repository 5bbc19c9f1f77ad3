from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "tdcs.boards"
    verbose_name = "Ban đại diện"

    def ready(self) -> None:
        """Say which records serve the plan's tasks."""
        from tdcs.boards.queries.evidence import kinds
        from tdcs.plans.ports import evidence

        evidence.register("boards", kinds)
