from django.apps import AppConfig


class SendingConfig(AppConfig):
    name = "tdcs.sending"
    verbose_name = "Gửi đi"
