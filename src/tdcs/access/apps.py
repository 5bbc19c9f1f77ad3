from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tdcs.access"
    verbose_name = "Người dùng và quyền"
