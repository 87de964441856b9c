from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "gongzhi.exchange"
    label = "exchange"
