from django.apps import AppConfig


class WordTemplatesConfig(AppConfig):
    name = "tdcs.word_templates"
    verbose_name = "Mẫu Word của chi nhánh"

    def ready(self) -> None:
        from tdcs.word_templates.providers import register_jobs

        register_jobs()
