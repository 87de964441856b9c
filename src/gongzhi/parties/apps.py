from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "gongzhi.parties"
    label = "parties"
    verbose_name = "人员与组织"

    def ready(self) -> None:
        from gongzhi.access import checks  # noqa: F401
        from gongzhi.parties import events, policies  # noqa: F401
