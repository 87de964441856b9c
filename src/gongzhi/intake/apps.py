from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "gongzhi.intake"
    label = "intake"
    verbose_name = "接收"

    def ready(self) -> None:
        from gongzhi.intake import events, policies  # noqa: F401 (registered by being imported)
