from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "tdcs.organisations"
    verbose_name = "Đơn vị"
