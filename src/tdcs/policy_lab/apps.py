from django.apps import AppConfig


class PolicyLabConfig(AppConfig):
    name = "tdcs.policy_lab"
    verbose_name = "Thử nghiệm chính sách"

    def ready(self) -> None:
        from tdcs.jobs import kinds
        from tdcs.policy_lab.services import KIND

        kinds.register(KIND)
