from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "gongzhi.portals.centre"
    label = "centre"

    def ready(self) -> None:
        from gongzhi.portals.centre import events  # noqa: F401  registers the event types
