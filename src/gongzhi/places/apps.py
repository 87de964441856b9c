from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "gongzhi.places"
    label = "places"
    verbose_name = "区域"

    def ready(self) -> None:
        from gongzhi.places import events, policies  # noqa: F401
