from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "gongzhi.indicators"
    label = "indicators"
    verbose_name = "统计指标"

    def ready(self) -> None:
        from gongzhi.indicators import policies  # noqa: F401 (registered by being imported)
