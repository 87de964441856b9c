from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "gongzhi.sampling"
    label = "sampling"
    verbose_name = "质检抽样"

    def ready(self) -> None:
        from gongzhi.sampling import events, policies  # noqa: F401 (registered by import)
