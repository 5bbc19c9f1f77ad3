from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "tdcs.sheets"
    verbose_name = "Biểu chuẩn"

    def ready(self) -> None:
        """The job that makes a large sheet beside the pages."""
        from tdcs.sheets.providers import register_jobs

        register_jobs()
