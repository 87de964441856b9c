from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "gongzhi.indicators"
    label = "indicators"
    verbose_name = "统计指标"
