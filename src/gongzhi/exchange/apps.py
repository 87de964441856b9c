from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "gongzhi.exchange"
    label = "exchange"
    verbose_name = "数据交换"

    def ready(self) -> None:
        from gongzhi.exchange import events, policies, reactions  # noqa: F401 (registered by being imported)
