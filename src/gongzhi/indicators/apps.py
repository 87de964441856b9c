from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "gongzhi.indicators"
    label = "indicators"
