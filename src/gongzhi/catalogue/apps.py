from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gongzhi.catalogue"
    label = "catalogue"
    verbose_name = "目录"

    def ready(self) -> None:
        from gongzhi.catalogue import events, policies  # noqa: F401 (registers events and rights)
