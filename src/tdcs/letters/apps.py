from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "tdcs.letters"
    verbose_name = "Sổ văn bản"
