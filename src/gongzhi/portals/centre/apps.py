from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "gongzhi.portals.centre"
    label = "centre"

    def ready(self) -> None:
        from gongzhi.portals.centre import events, live, policies  # noqa: F401  registers types, drawing, permissions
