from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "tdcs.jobs"
    verbose_name = "Việc chạy nền"

    def ready(self) -> None:
        """The kind of job that every room uses: a page's own export."""
        from tdcs.jobs import exports, kinds

        kinds.register(exports.KIND)
