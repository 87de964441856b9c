from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "gongzhi.incidents"
    label = "incidents"
    verbose_name = "突发事件"

    def ready(self) -> None:
        from gongzhi.incidents import events, policies, reactions  # noqa: F401 (registered by import)
