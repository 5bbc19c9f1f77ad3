from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "tdcs.drafts"
    verbose_name = "Bản nháp"

    def ready(self) -> None:
        """A successor gets the drafts of the person whose work is handed over."""
        from tdcs.access.ports import moved_with_work
        from tdcs.drafts.services import hand_over

        moved_with_work.register("drafts", hand_over)
