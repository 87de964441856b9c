from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "gongzhi.lab"
    label = "lab"
    verbose_name = "推演"

    def ready(self) -> None:
        from gongzhi.lab import events, policies  # noqa: F401 (registered by import)
