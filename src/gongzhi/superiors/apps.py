from django.apps import AppConfig


class SuperiorsConfig(AppConfig):
    name = "gongzhi.superiors"
    label = "superiors"
    verbose_name = "上级平台"

    def ready(self) -> None:
        from gongzhi.superiors import events, policies, reactions  # noqa: F401 (registered by being imported)
