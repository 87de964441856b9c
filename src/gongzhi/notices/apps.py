from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "gongzhi.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from gongzhi.notices import events, policies  # noqa: F401 (registered by being imported)
