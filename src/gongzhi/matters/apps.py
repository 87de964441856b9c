from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "gongzhi.matters"
    label = "matters"
    verbose_name = "诉求"

    def ready(self) -> None:
        from gongzhi.matters import effects, events, guards, policies, queues, reactions, sight  # noqa: F401 (registered by import)
        from gongzhi.matters.actions import handing_over  # noqa: F401 (registered by import)
