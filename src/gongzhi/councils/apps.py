from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "gongzhi.councils"
    label = "councils"
    verbose_name = "会商"

    def ready(self) -> None:
        from gongzhi.councils import events, policies  # noqa: F401 (registered by import)
