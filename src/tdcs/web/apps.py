from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tdcs.web"

    def ready(self) -> None:
        """The job that sets a province up is known from the start."""
        from tdcs.jobs.kinds import register
        from tdcs.web.setting_up import KIND

        register(KIND)
