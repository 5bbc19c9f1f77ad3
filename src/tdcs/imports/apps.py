from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "tdcs.imports"
    verbose_name = "Nhập sao kê"

    def ready(self) -> None:
        from tdcs.imports.providers import register_jobs

        register_jobs()
