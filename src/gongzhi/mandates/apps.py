from django.apps import AppConfig


class MandatesConfig(AppConfig):
    name = "gongzhi.mandates"
    label = "mandates"
    verbose_name = "责任清单"

    def ready(self) -> None:
        from gongzhi.mandates import events, policies  # noqa: F401 (registers events and rights)
