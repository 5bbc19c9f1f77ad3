from django.apps import AppConfig


class PolicyLabConfig(AppConfig):
    name = "tdcs.policy_lab"
    verbose_name = "Thử nghiệm chính sách"
