from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tdcs.plans"
    verbose_name = "Kế hoạch"

    def ready(self) -> None:
        """Hand down to the indicators what the plan knows of tasks done in time."""
        from tdcs.plans.answers import hand_down

        hand_down()
