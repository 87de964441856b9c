from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "gongzhi.grants"
    label = "grants"
    verbose_name = "授权"

    def ready(self) -> None:
        from gongzhi.grants import events, policies  # noqa: F401
