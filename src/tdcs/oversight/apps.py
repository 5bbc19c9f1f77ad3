from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "tdcs.oversight"
    verbose_name = "Kiểm tra, giám sát"

    def ready(self) -> None:
        """Say which records serve the plan's tasks, and what boards ask of findings."""
        from tdcs.boards.ports import faults_found
        from tdcs.oversight.queries.evidence import kinds
        from tdcs.oversight.queries.for_reviews import faults_of_unit
        from tdcs.plans.ports import evidence

        evidence.register("oversight", kinds)
        faults_found.register(faults_of_unit)
